"""Escalation on nameko: what it hears, what it times, what people do and ask."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import sqlalchemy as sa

from services.escalation import handlers
from services.escalation.handlers import NotHeardOf, Rules, WrongCode
from services.escalation.schemas import (
    Acknowledge,
    FormTeam,
    HandOn,
    OnDuty,
    Open,
    Reachability,
    Resolve,
    Story,
)
from services.escalation.settings import Settings
from services.escalation.storage.personal import PLACES
from services.escalation.storage.policy_files import load_policy
from shared.base.database import UnitOfWork
from shared.base.logs import logger
from shared.base.people import load_people
from shared.kernel.errors import Refused
from shared.runtime.events import Batch, events
from shared.runtime.operations import Operated
from shared.runtime.providers import Built, Desk, EventRelay, Housekeeping, Work
from shared.runtime.resources import Resources
from shared.runtime.rpc import rpc
from shared.runtime.timers import timers

PATIENCE_SECONDS: Final = 2.0
"""How long a command waits for the first event of its case: whoever registers one may ask for help the next moment."""

log = logger(__name__)

Answer = dict[str, Any]
Command = Callable[[Rules, UnitOfWork, Answer], Answer]
Question = Callable[[Rules, sa.Connection, Answer], Answer]


def rules_from(resources: Resources) -> Rules:
    """The operator's policy and people, or the built-in ones; raises Misconfigured with every mistake in them."""
    settings = resources.settings
    own = settings.policy if isinstance(settings, Settings) else None
    return handlers.rules_of(load_policy(own), load_people(settings.people))


def forget(resources: Resources) -> int:
    """Delete what escalation itself has kept for long enough."""
    with resources.database.write() as uow:
        return handlers.forget_guesses(uow)


def do(desk: Desk, rules: Rules, command: Command, request: Answer) -> Answer:
    """Carry out a command, once per request id; one about a case that is not heard of yet waits a moment for it."""
    try:
        return desk.do(lambda uow: command(rules, uow, request))
    except NotHeardOf:
        if not desk.comes_true(partial(handlers.is_heard_of, request), PATIENCE_SECONDS):
            raise
    return desk.do(lambda uow: command(rules, uow, request))


def acknowledge(desk: Desk, rules: Rules, request: Answer) -> Answer:
    """Acknowledge; a code counts as a guess until it turns out to be none."""
    if "code" not in request:
        return do(desk, rules, handlers.acknowledge, request)
    if (first := desk.first_answer()) is not None:
        return first
    desk.run(partial(handlers.count_guess, rules, request))
    try:
        answer = do(desk, rules, handlers.acknowledge, request)
    except WrongCode:
        log.warning("a code that nobody has was tried")
        raise
    except Refused:
        desk.run(partial(handlers.take_back_guess, rules, request))
        raise
    desk.run(partial(handlers.take_back_guess, rules, request))
    return answer


def ask(desk: Desk, rules: Rules, question: Question, request: Answer) -> Answer:
    """Answer a question from the database."""
    return desk.ask(lambda connection: question(rules, connection, request))


def fire(desk: Desk, rules: Rules) -> int:
    """Look at a batch of walks whose time has come."""
    return desk.fire(handlers.timers(rules))


class Service(Operated):
    """Escalation on nameko: what it hears, what it times, what people do and ask."""

    name = "escalation"

    work = Work()
    rules = Built(rules_from)
    relay = EventRelay()
    forgotten = Built(lambda resources: resources.forgotten)
    housekeeping = Housekeeping(also=forget)

    @events("escalation.erasures", {"intake": ["customer.erased.v1"]})
    def erasures(self, batch: Batch) -> None:
        """Customers whose data are to be forgotten."""
        batch.apply(partial(self.forgotten.forget, PLACES))

    @events("escalation.cases", {"intake": ["case.#"]})
    def cases(self, batch: Batch) -> None:
        """Case events."""
        batch.apply(partial(handlers.case_changed, self.rules))

    @events("escalation.clocks", {"sla": ["clock.#"]})
    def clocks(self, batch: Batch) -> None:
        """Clock events."""
        batch.apply(partial(handlers.clock_changed, self.rules))

    @events("escalation.orders", {"maintenance": handlers.ORDER_EVENTS})
    def orders(self, batch: Batch) -> None:
        """Maintenance that is overdue, or no longer."""
        batch.apply(partial(handlers.order_changed, self.rules))

    @timers(handlers.next_due)
    def fire(self) -> int:
        """Steps whose wait is over."""
        return fire(self.work, self.rules)

    @rpc(Open)
    def open(self, request: Answer) -> Answer:
        """Ask for help."""
        return do(self.work, self.rules, handlers.open_, request)

    @rpc(Acknowledge)
    def acknowledge(self, request: Answer) -> Answer:
        """Say that somebody has it."""
        return acknowledge(self.work, self.rules, request)

    @rpc(HandOn)
    def hand_on(self, request: Answer) -> Answer:
        """Have somebody else asked."""
        return do(self.work, self.rules, handlers.hand_on, request)

    @rpc(Resolve)
    def resolve(self, request: Answer) -> Answer:
        """End it by hand."""
        return do(self.work, self.rules, handlers.resolve, request)

    @rpc(FormTeam)
    def form_team(self, request: Answer) -> Answer:
        """Form or change the handling team."""
        return do(self.work, self.rules, handlers.form_team, request)

    @rpc(Story)
    def story(self, request: Answer) -> Answer:
        """What happened, in words."""
        return ask(self.work, self.rules, handlers.story, request)

    @rpc(OnDuty)
    def who_is_on_duty(self, request: Answer) -> Answer:
        """Who can be asked in a region."""
        return handlers.who_is_on_duty(self.rules, request)

    @rpc(Reachability)
    def check_reachability(self, request: Answer) -> Answer:
        """Whom every step would reach."""
        return handlers.check_reachability(self.rules, request)
