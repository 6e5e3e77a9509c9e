"""Teams subscribe to alerts: by e-mail, SMS or webhook we send; a queue of their own is bound to the alerts (NO-4)."""

from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from services.notify.domain.recipients import Subscription
from services.notify.domain.vocabulary import AMQP, WEBHOOK
from services.notify.gateways.team_queue import bind_team, unbind_team
from services.notify.gateways.webhook import WebhookGateway, secret_of
from services.notify.storage import subscriptions
from shared.base.database import UnitOfWork
from shared.kernel.errors import NotFound

Answer = dict[str, Any]


class Ways:
    """What a way needs beside its row; may call the world, so nothing here is done in a transaction."""

    def __init__(self, amqp_uri: str, webhook: WebhookGateway, secret: str) -> None:
        self._amqp_uri = amqp_uri
        self._webhook = webhook
        self._secret = secret

    def open(self, request: Answer) -> None:
        """Before it is kept: a queue is bound, a URL looked at; raises Invalid or Unavailable."""
        via = request["via"]
        if via["channel"] == AMQP:
            bind_team(self._amqp_uri, request["team"], request["pattern"])
        elif via["channel"] == WEBHOOK:
            self.look_at(via["address"], "via.address")

    def look_at(self, url: str, field: str) -> None:
        """Before it is kept: it must not lead into a network of ours; raises Invalid at the field (NO-8)."""
        self._webhook.check(url, field)

    def close(self, subscription: Answer) -> None:
        """After it is gone: its binding is taken away; the queue and what lies in it stay the team's."""
        if subscription["via"]["channel"] == AMQP:
            unbind_team(self._amqp_uri, subscription["team"], subscription["pattern"])

    def told(self, subscription: Answer) -> Answer:
        """The subscription as its team gets it, with the secret by which it knows our webhooks."""
        if subscription["via"]["channel"] != WEBHOOK:
            return subscription
        return {**subscription, "secret": secret_of(subscription["via"]["address"], self._secret)}


def subscribe(ways: Ways, uow: UnitOfWork, request: Answer) -> Answer:
    """Keep a team's subscription; the same again changes only its least severity."""
    wanted = Subscription(
        subscription_id=str(uuid4()),
        team=request["team"],
        pattern=request["pattern"],
        channel=request["via"]["channel"],
        address=request["via"]["address"],
        min_severity=request.get("min_severity", "minor"),
    )
    kept = subscriptions.same(uow.connection, wanted)
    chosen = wanted if kept is None else Subscription(**{**_fields(wanted), "subscription_id": kept.subscription_id})
    subscriptions.keep(uow.connection, chosen, uow.now)
    return ways.told(subscription_json(chosen))


def unsubscribe(uow: UnitOfWork, request: Answer) -> Answer:
    """Take a subscription away; what it was. Raises NotFound."""
    found = [
        each for each in subscriptions.everything(uow.connection) if each.subscription_id == request["subscription_id"]
    ]
    if not found:
        raise NotFound(f"there is no subscription {request['subscription_id']}")
    subscriptions.remove(uow.connection, request["subscription_id"])
    return {**subscription_json(found[0]), "state": "removed"}


def list_subscriptions(connection: sa.Connection, request: Answer) -> Answer:
    """The subscriptions of a team, or all of them."""
    found = subscriptions.everything(connection, request.get("team"))
    return {"subscriptions": [subscription_json(each) for each in found]}


def subscription_json(each: Subscription) -> Answer:
    """A subscription as teams see it."""
    told: Answer = _fields(each)
    via = {name: told.pop(name) for name in ("channel", "address")}
    return {**told, "via": via}


def _fields(each: Subscription) -> dict[str, str]:
    names = ("subscription_id", "team", "pattern", "channel", "address", "min_severity")
    return {name: getattr(each, name) for name in names}
