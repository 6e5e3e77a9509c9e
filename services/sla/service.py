"""SLA on nameko: what it hears, what it times, what it answers."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import sqlalchemy as sa

from services.sla import handlers
from services.sla.handlers import Office, Rules
from services.sla.schemas import Clocks, Due, Explain, Ledger, Promise, Statistics, TimeByHolder
from services.sla.settings import Settings
from services.sla.storage.policy_files import BUILTIN, load_policy
from shared.base.people import People, load_people
from shared.runtime.events import Batch, events
from shared.runtime.operations import Operated
from shared.runtime.providers import Built, Desk, EventRelay, Housekeeping, Work
from shared.runtime.resources import Resources
from shared.runtime.rpc import rpc
from shared.runtime.timers import timers

Answer = dict[str, Any]
Question = Callable[[Rules, sa.Connection, datetime, Answer], Answer]


def rules_from(resources: Resources) -> Rules:
    """The operator's policy, or the built-in one; raises Misconfigured with every mistake in it."""
    settings = resources.settings
    own = settings.policy if isinstance(settings, Settings) else None
    return handlers.rules_of(load_policy(own or BUILTIN))


def people_from(resources: Resources) -> People:
    """The operator's people, or the example organisation; raises Misconfigured with every mistake in them."""
    return load_people(resources.settings.people)


def ask(desk: Desk, rules: Rules, question: Question, request: Answer) -> Answer:
    """Answer a question from the database."""
    return desk.ask(lambda connection: question(rules, connection, desk.now(), request))


def fire(desk: Desk, rules: Rules) -> int:
    """Fire a batch of due timers."""
    return desk.run(partial(handlers.fire_due, rules))


def promise(desk: Desk, rules: Rules, request: Answer) -> Answer:
    """Answer without the database."""
    return handlers.promise(rules, desk.now(), request)


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
    housekeeping = Housekeeping()

    @events("sla.cases", {"intake": ["case.#"]})
    def cases(self, batch: Batch) -> None:
        """Case events."""
        batch.apply(partial(handlers.case_changed, self.rules))

    @timers(handlers.next_due)
    def fire(self) -> int:
        """Due warnings and breaches."""
        return fire(self.work, self.rules)

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
        return statistics(self.work, Office(self.rules, self.people, self.work.ask_in_turn), request)
