"""Notify on nameko: what it hears, what it answers, what it sends."""

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

import sqlalchemy as sa

from services.notify import handlers
from services.notify.domain.vocabulary import WEBHOOK
from services.notify.handlers import Providers, Rules, Sender, Ways
from services.notify.http import Api
from services.notify.schemas import (
    Messages,
    PreviewTemplate,
    Send,
    Subscribe,
    Subscriptions,
    TakeReceipt,
    Unsubscribe,
    WhoWouldGet,
)
from services.notify.settings import Settings
from shared.base.database import UnitOfWork
from shared.base.people import load_people
from shared.kernel.plain_json import write_json
from shared.runtime.errands import Errands
from shared.runtime.events import Batch, events
from shared.runtime.operations import Operated
from shared.runtime.providers import Built, Desk, EventRelay, Housekeeping, Work
from shared.runtime.resources import Resources
from shared.runtime.rpc import rpc

Answer = dict[str, Any]
MAIL_ROOM = "intake"
"""Who tells of mails that came back."""
Question = Callable[[Rules, sa.Connection, Answer], Answer]


def settings_of(resources: Resources) -> Settings:
    """The service's own settings."""
    settings = resources.settings
    if not isinstance(settings, Settings):
        raise TypeError("notify needs its own settings")
    return settings


def rules_from(resources: Resources) -> Rules:
    """Policy, templates and people; raises Misconfigured with every mistake in them."""
    return rules_of(settings_of(resources))


@lru_cache(maxsize=1)
def rules_of(settings: Settings) -> Rules:
    """The same rules for all who ask in this process: to check every template takes a moment."""
    return handlers.load_rules(load_people(settings.people), settings.policy, settings.templates)


def providers_from(resources: Resources) -> Providers:
    """Through whom we speak; raises Misconfigured with every setting that will not do."""
    return handlers.providers_of(settings_of(resources), resources.clock.now)


def sender_from(resources: Resources) -> Sender:
    """This process's share of the sending."""
    return Sender(rules_from(resources), providers_from(resources).gateways)


def forget(resources: Resources) -> int:
    """Delete messages that ended long ago."""
    return handlers.forget(resources.database, settings_of(resources).keep_days)


def send(desk: Desk, rules: Rules, ways: Ways, request: Answer) -> Answer:
    """Accept a message once per key; where it leads is looked at before the unit of work begins."""
    if request["channel"] == WEBHOOK and not desk.ask(partial(handlers.is_accepted, request["key"])):
        ways.look_at(request["to"], "to")
    return desk.do(lambda uow: handlers.send(rules, uow, request))


def take_receipt(rules: Rules, request: Answer, uow: UnitOfWork) -> Answer:
    """Keep a receipt that came by RPC, and let it have its effect."""
    receipt = handlers.Receipt(request["reference"], request["state"], request.get("reason"))
    handlers.receive(rules, uow, MAIL_ROOM, [receipt], write_json(request).decode())
    return {"reference": receipt.reference}


def subscribe(desk: Desk, ways: Ways, request: Answer) -> Answer:
    """Keep a subscription once per request id; its way is opened before the unit of work begins."""
    if (first := desk.first_answer()) is not None:
        return first
    ways.open(request)
    kept = desk.do(lambda uow: handlers.subscribe(ways, uow, request))
    _settle(desk, ways, [kept])
    return kept


def unsubscribe(desk: Desk, ways: Ways, request: Answer) -> Answer:
    """Take subscriptions away once per request id; then their ways are closed."""
    gone = desk.do(lambda uow: handlers.unsubscribe(uow, request))
    _settle(desk, ways, gone["subscriptions"])
    return gone


def _settle(desk: Desk, ways: Ways, changed: list[Answer]) -> None:
    kept = desk.ask(lambda connection: handlers.list_subscriptions(connection, {}))
    ways.settle(changed, kept["subscriptions"])


def ask(desk: Desk, rules: Rules, question: Question, request: Answer) -> Answer:
    """Answer a question from the database."""
    return desk.ask(lambda connection: question(rules, connection, request))


class Service(Operated):
    """Notify on nameko: what it hears, what it answers, what it sends."""

    name = "notify"

    work = Work()
    rules = Built(rules_from)
    ways = Built(lambda resources: providers_from(resources).ways)
    sending = Errands(handlers.SENDING_SIGNAL, sender_from)
    relay = EventRelay()
    forgotten = Built(lambda resources: resources.forgotten)
    housekeeping = Housekeeping(also=forget)

    @events("notify.erasures", {"intake": ["customer.erased.v1"]})
    def erasures(self, batch: Batch) -> None:
        """Customers whose data are to be forgotten."""
        batch.apply(partial(handlers.forget_customer, self.forgotten))

    @events("notify.cases", {"intake": ["case.#"]})
    def cases(self, batch: Batch) -> None:
        """Case events."""
        batch.apply(partial(handlers.case_changed, self.rules))

    @events("notify.clocks", {"sla": ["clock.#"]})
    def clocks(self, batch: Batch) -> None:
        """Clock events."""
        batch.apply(partial(handlers.clock_changed, self.rules))

    @events("notify.escalations", {"escalation": ["#"]})
    def escalations(self, batch: Batch) -> None:
        """Escalations, teams and alerts."""
        batch.apply(partial(handlers.escalation_changed, self.rules))

    @events("notify.surveys", {"intake": ["survey.asked.v1"]})
    def surveys(self, batch: Batch) -> None:
        """Customers who are asked how content they are."""
        batch.apply(partial(handlers.survey_asked_event, self.rules))

    @events("notify.orders", {"maintenance": ["order.#"]})
    def orders(self, batch: Batch) -> None:
        """Maintenance orders."""
        batch.apply(partial(handlers.order_event, self.rules))

    @rpc(Send)
    def send(self, request: Answer) -> Answer:
        """Accept a message, once per key."""
        return send(self.work, self.rules, self.ways, request)

    @rpc(TakeReceipt)
    def take_receipt(self, request: Answer) -> Answer:
        """Another service learnt what became of a message: a mail came back."""
        answer: Answer = self.work.do(partial(take_receipt, self.rules, request))
        return answer

    @rpc(Messages)
    def messages(self, request: Answer) -> Answer:
        """What became of messages."""
        answer: Answer = self.work.ask(lambda connection: handlers.find_messages(connection, request))
        return answer

    @rpc(Subscribe)
    def subscribe(self, request: Answer) -> Answer:
        """A team wants to hear of alerts."""
        return subscribe(self.work, self.ways, request)

    @rpc(Unsubscribe)
    def unsubscribe(self, request: Answer) -> Answer:
        """A team has heard enough."""
        return unsubscribe(self.work, self.ways, request)

    @rpc(Subscriptions)
    def subscriptions(self, request: Answer) -> Answer:
        """Who hears of which alerts."""
        answer: Answer = self.work.ask(lambda connection: handlers.list_subscriptions(connection, request))
        return answer

    @rpc(WhoWouldGet)
    def who_would_get(self, request: Answer) -> Answer:
        """Who would hear of it."""
        return ask(self.work, self.rules, handlers.who_would_get, request)

    @rpc(PreviewTemplate)
    def preview_template(self, request: Answer) -> Answer:
        """How a template reads."""
        return ask(self.work, self.rules, handlers.preview_template, request)


def http(resources: Resources) -> Api:
    """The HTTP interface, mounted beside health: receipts of providers."""
    rules = rules_from(resources)

    def receive(provider: str, found: list[handlers.Receipt], raw: str) -> None:
        with resources.database.write() as uow:
            handlers.receive(rules, uow, provider, found, raw)

    return Api(receive, providers_from(resources).readers)
