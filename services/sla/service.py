"""SLA on nameko: what it hears, what it times, what it answers."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import sqlalchemy as sa

from services.sla import handlers
from services.sla.handlers import LiveRules, Office, Rules
from services.sla.schemas import (
    Clocks,
    Due,
    Explain,
    Ledger,
    Preview,
    Promise,
    Publications,
    PublishCalendar,
    Published,
    PublishPolicy,
    ReplayPolicy,
    Statistics,
    TimeByHolder,
)
from services.sla.settings import Settings
from services.sla.storage.personal import PLACES
from shared.base.database import UnitOfWork
from shared.base.people import People, load_people
from shared.events import Envelope
from shared.runtime.events import Batch, events
from shared.runtime.operations import Operated
from shared.runtime.providers import Built, Desk, EventRelay, Housekeeping, Work
from shared.runtime.resources import Resources
from shared.runtime.rpc import rpc
from shared.runtime.timers import timers

Answer = dict[str, Any]
Question = Callable[[Rules, sa.Connection, datetime, Answer], Answer]


def rules_from(resources: Resources) -> LiveRules:
    """What is published, the operator's policy or the built-in one first; raises Misconfigured with its mistakes."""
    settings = resources.settings
    return handlers.live_rules(resources.database, settings.policy if isinstance(settings, Settings) else None)


def people_from(resources: Resources) -> People:
    """The operator's people, or the example organisation; raises Misconfigured with every mistake in them."""
    return load_people(resources.settings.people)


def ask(desk: Desk, rules: LiveRules, question: Question, request: Answer) -> Answer:
    """Answer a question from the database."""
    return desk.ask(lambda connection: question(rules.seen_by(connection), connection, desk.now(), request))


def case_changed(rules: LiveRules, uow: UnitOfWork, event: Envelope) -> None:
    """Derive a case by what is published as long as this lasts."""
    handlers.case_changed(rules.held_by(uow), uow, event)


def fire(desk: Desk, rules: LiveRules) -> int:
    """Fire a batch of due timers; one that fails delays no other."""
    return desk.fire(handlers.due_timers(rules))


def republish(desk: Desk, rules: LiveRules) -> int:
    """Carry a publication on by one piece; a case that fails holds up no other."""
    return handlers.carry_on(rules, desk.run)


def publish(desk: Desk, rules: LiveRules, request: Answer) -> Answer:
    """Make a version."""
    answer = desk.do(lambda uow: handlers.publish(rules, uow, request))
    rules.look_again()
    return answer


def promise(desk: Desk, rules: LiveRules, request: Answer) -> Answer:
    """Answer without the database."""
    return handlers.promise(rules.known(), desk.now(), request)


def statistics(desk: Desk, office: Office, request: Answer) -> Answer:
    """Answer from many small questions."""
    return handlers.statistics(office, desk.now(), request)


class Service(Operated):
    """SLA on nameko: what it hears, what it times, what it answers."""

    name = "sla"

    work = Work()
    rules = Built(rules_from)
    people = Built(people_from)
    relay = EventRelay()
    forgotten = Built(lambda resources: resources.forgotten)
    housekeeping = Housekeeping()

    @events("sla.erasures", {"intake": ["customer.erased.v1"]})
    def erasures(self, batch: Batch) -> None:
        """Customers whose data are to be forgotten."""
        batch.apply(partial(self.forgotten.forget, PLACES))

    @events("sla.cases", {"intake": ["case.#"]})
    def cases(self, batch: Batch) -> None:
        """Case events."""
        batch.apply(partial(case_changed, self.rules))

    @timers(handlers.next_due, lanes=2, full=handlers.BATCH)
    def fire(self) -> int:
        """Due warnings and breaches."""
        return fire(self.work, self.rules)

    @timers(handlers.next_republished, signal=handlers.PUBLICATIONS_SIGNAL, lanes=2)
    def republish(self) -> int:
        """The clocks that a publication can change."""
        return republish(self.work, self.rules)

    @rpc(Clocks)
    def clocks(self, request: Answer) -> Answer:
        """The clocks of a case."""
        return ask(self.work, self.rules, handlers.clocks_of_case, request)

    @rpc(Due)
    def due(self, request: Answer) -> Answer:
        """What is due."""
        return ask(self.work, self.rules, partial(handlers.due, self.people), request)

    @rpc(Explain)
    def explain(self, request: Answer) -> Answer:
        """Why a clock is due when it is."""
        return ask(self.work, self.rules, handlers.explain, request)

    @rpc(Promise)
    def promise(self, request: Answer) -> Answer:
        """What to promise at registration."""
        return promise(self.work, self.rules, request)

    @rpc(Ledger)
    def ledger(self, request: Answer) -> Answer:
        """What was said of clocks, and how far they were overrun."""
        return ask(self.work, self.rules, handlers.ledger, request)

    @rpc(TimeByHolder)
    def time_by_holder(self, request: Answer) -> Answer:
        """Who held a case, and how long."""
        return ask(self.work, self.rules, partial(handlers.time_by_holder, self.people), request)

    @rpc(Statistics)
    def statistics(self, request: Answer) -> Answer:
        """Timeliness in figures."""
        return statistics(self.work, Office(self.rules.known(), self.people, self.work.ask_in_turn), request)

    @rpc(PublishPolicy)
    def publish_policy(self, request: Answer) -> Answer:
        """Make a version of the policy."""
        return publish(self.work, self.rules, request)

    @rpc(PublishCalendar)
    def publish_calendar(self, request: Answer) -> Answer:
        """Make a version of a calendar."""
        return publish(self.work, self.rules, request)

    @rpc(Preview)
    def preview(self, request: Answer) -> Answer:
        """What a version would change."""
        return ask(self.work, self.rules, handlers.preview, request)

    @rpc(Publications)
    def publications(self, request: Answer) -> Answer:
        """What was published, and how far it is carried through."""
        return ask(self.work, self.rules, handlers.publications_told, request)

    @rpc(Published)
    def published(self, request: Answer) -> Answer:
        """One version, with all that it says."""
        return ask(self.work, self.rules, handlers.in_force, request)

    @rpc(ReplayPolicy)
    def replay_policy(self, request: Answer) -> Answer:
        """What a policy would have made of past cases."""
        return ask(self.work, self.rules, partial(handlers.replay_policy, self.people), request)
