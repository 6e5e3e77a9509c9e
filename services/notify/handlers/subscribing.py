"""Teams subscribe to alerts: by e-mail, SMS or webhook we send; a queue of their own is bound to the alerts (NO-4)."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, Final
from uuid import uuid4

import sqlalchemy as sa

from services.notify.domain.bindings import bindings, every_binding
from services.notify.domain.recipients import Subscription
from services.notify.domain.vocabulary import AMQP, WEBHOOK
from services.notify.gateways.team_queue import bind_team, unbind_team
from services.notify.gateways.webhook import WebhookGateway, secret_of
from services.notify.storage import subscriptions
from shared.base.database import UnitOfWork
from shared.kernel.errors import NotFound
from shared.kernel.vocabulary import SEVERITIES

Answer = dict[str, Any]
MILDEST: Final = SEVERITIES[0]


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
            bind_team(self._amqp_uri, request["team"], *_bound(request))
        elif via["channel"] == WEBHOOK:
            self.look_at(via["address"], "via.address")

    def look_at(self, url: str, field: str) -> None:
        """Before it is kept: it must not lead into a network of ours; raises Invalid at the field (NO-8)."""
        self._webhook.check(url, field)

    def settle(self, changed: Iterable[Answer], kept: Iterable[Answer]) -> None:
        """After some changed or went: a team's queue is bound to what its kept subscriptions need and to no more.

        The queue and what lies in it stay the team's.
        """
        gone = _keys(changed, lambda each: every_binding(each["pattern"]))
        needed = _keys((each for each in kept if each["team"] in gone), _bound)
        for team, keys in gone.items():
            unbind_team(self._amqp_uri, team, *sorted(keys - needed[team]))
        for team, keys in needed.items():  # what another request took away after this one had bound it
            bind_team(self._amqp_uri, team, *sorted(keys))

    def told(self, subscription: Answer) -> Answer:
        """The subscription as its team gets it, with the secret by which it knows our webhooks."""
        if subscription["via"]["channel"] != WEBHOOK:
            return subscription
        return {**subscription, "secret": secret_of(subscription["via"]["address"], self._secret)}


def _keys(subscribed: Iterable[Answer], keys_of: Callable[[Answer], Iterable[str]]) -> defaultdict[str, set[str]]:
    """The keys of queues, by team."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for each in subscribed:
        if each["via"]["channel"] == AMQP:
            found[each["team"]] |= set(keys_of(each))
    return found


def _bound(subscription: Answer) -> tuple[str, ...]:
    return bindings(subscription["pattern"], subscription.get("min_severity", MILDEST))


def subscribe(ways: Ways, uow: UnitOfWork, request: Answer) -> Answer:
    """Keep a team's subscription; the same again changes only its least severity."""
    wanted = Subscription(
        subscription_id=str(uuid4()),
        team=request["team"],
        pattern=request["pattern"],
        channel=request["via"]["channel"],
        address=request["via"]["address"],
        min_severity=request.get("min_severity", MILDEST),
    )
    kept = subscriptions.same(uow.connection, wanted)
    chosen = wanted if kept is None else Subscription(**{**_fields(wanted), "subscription_id": kept.subscription_id})
    subscriptions.keep(uow.connection, chosen, uow.now)
    return ways.told(subscription_json(chosen))


def unsubscribe(uow: UnitOfWork, request: Answer) -> Answer:
    """Take away one subscription, or those of a team, or of a team to a pattern; what they were. Raises NotFound."""
    everything = subscriptions.everything(uow.connection)
    found = [each for each in everything if all(getattr(each, name) == value for name, value in request.items())]
    if not found:
        raise NotFound(f"there is no subscription {', '.join(f'{name} {value}' for name, value in request.items())}")
    for each in found:
        subscriptions.remove(uow.connection, each.subscription_id)
    told = [subscription_json(each) for each in found]
    return {**(told[0] if len(told) == 1 else {}), "subscriptions": told, "state": "removed"}


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
