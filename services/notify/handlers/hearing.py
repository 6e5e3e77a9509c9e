"""What others say becomes messages; a case of mode `history` is passed over before anything else.

Every message has a key made of what happened, so order and repetition of events change nothing (design 3).
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from services.notify.domain import later
from services.notify.domain.happening import Happening
from services.notify.domain.intents import intents, rules_for
from services.notify.domain.recipients import Directory
from services.notify.domain.told_cases import fact_named, happenings_of_case, touched
from services.notify.domain.told_others import (
    alert_raised,
    clock_key,
    happenings_of_clock,
    order_changed,
    step_reached,
    survey_asked,
    team_formed,
)
from services.notify.handlers.accepting import accept, revise
from services.notify.handlers.alerts import tell_alert
from services.notify.handlers.rules import Rules
from services.notify.handlers.saying import say
from services.notify.storage import messages, tables
from services.notify.storage.meeting import meet
from shared.base.clock import wall_now
from shared.base.database import UnitOfWork
from shared.events import Envelope
from shared.kernel.told import understood
from shared.kernel.vocabulary import HISTORY
from shared.outbox.newest import Newest

CASES = Newest(tables.cases)
CLOCKS = Newest(tables.clocks)
ESCALATIONS = Newest(tables.escalations)
ORDERS = Newest(tables.orders)
REOPENED = "the case went on another way before it was due"


def case_changed(rules: Rules, uow: UnitOfWork, event: Envelope) -> None:
    """Keep the case unless a newer version is known, and tell of the facts that are new."""
    with understood(f"what {event.type} carries"):
        case = event.data["case"]
        if case["mode"] == HISTORY:
            return
        before = CASES.get(uow.connection, event.subject)
        if not CASES.keep(uow, event.subject, event.sequence, case):
            return
        known = frozenset(fact["seq"] for fact in before["facts"]) if before else frozenset()
        happenings = list(happenings_of_case(case, known, _promised(rules, uow, case, known)))
        waiting = list(touched(case, known, _delayed(rules)))
    _tell(rules, uow, happenings)
    if waiting:
        uow.collect(_once_accepted, [partial(_reconsider, rules, waiting)])


def clock_changed(rules: Rules, uow: UnitOfWork, event: Envelope) -> None:
    """Keep the clock unless a newer revision is known; tell of its warnings and breach, and of a promise that waits."""
    with understood(f"what {event.type} carries"):
        if event.data["case"]["mode"] == HISTORY:
            return
        clock = event.data["clock"]
        if not CLOCKS.keep(uow, clock_key(clock), event.sequence, event.data):
            return
        happenings = list(happenings_of_clock(event.data, event.time))
    _tell(rules, uow, _with_concerned(uow, happenings))
    _keep_promise(rules, uow, clock)


def escalation_changed(rules: Rules, uow: UnitOfWork, event: Envelope) -> None:
    """Tell the people of a step, the members of a team, the subscribers of an alert."""
    with understood(f"what {event.type} carries"):
        if (event.data.get("case") or {}).get("mode") == HISTORY:
            return
        ESCALATIONS.keep(uow, f"{event.type}/{event.subject}", event.sequence, event.data)
        happening = _escalated(event)
    if happening is None:
        return
    if happening.alert_key:
        tell_alert(rules, uow, happening)
    else:
        _tell(rules, uow, [happening])


def order_event(rules: Rules, uow: UnitOfWork, event: Envelope) -> None:
    """Keep the order unless a newer version is known, and tell what became of it; not of an appointment that moved."""
    with understood(f"what {event.type} carries"):
        change = event.type.split(".")[1]
        happening = order_changed(event.data, change, event.time)
        newest = ORDERS.keep(uow, event.subject, event.sequence, event.data)
        if not newest and change == "scheduled":
            now = (ORDERS.get(uow.connection, event.subject) or event.data)["order"]
            if now.get("visit_at") != event.data["order"].get("visit_at"):
                return
    _tell(rules, uow, [happening])


def survey_asked_event(rules: Rules, uow: UnitOfWork, event: Envelope) -> None:
    """Ask a customer how content they are."""
    with understood(f"what {event.type} carries"):
        happening = survey_asked(event.data, event.time)
    _tell(rules, uow, [happening])


def _escalated(event: Envelope) -> Happening | None:
    match event.type:
        case "escalation.step_reached.v1":
            return step_reached(event.data, event.sequence, event.time)
        case "team.formed.v1":
            return team_formed(event.data, event.sequence, event.time)
        case "alert.raised.v1":
            return alert_raised(event.data, event.time, event.to_bytes().decode())
    return None


def _with_concerned(uow: UnitOfWork, happenings: Sequence[Happening]) -> Iterable[Happening]:
    """Clocks do not say whom their case is about; the case, if it was heard of, does (IN-26)."""
    if not happenings:
        return ()
    concerned = tuple(map(str, CASES.member(uow.connection, happenings[0].case_no or "", "complained_about") or ()))
    return [replace(each, complained_about=concerned) for each in happenings] if concerned else happenings


def _tell(rules: Rules, uow: UnitOfWork, happenings: Iterable[Happening]) -> None:
    found, skipped = intents(happenings, rules.policy, Directory(rules.people))
    accept(uow, rules, found, skipped)


def _delayed(rules: Rules) -> frozenset[str]:
    """The facts whose messages wait some days."""
    return frozenset(name for rule in rules.policy.rules.values() if rule.later for name in rule.when.names)


def _once_accepted(uow: UnitOfWork, looks: list[Any]) -> None:
    """Have another look at what waits in the next round: by then all that the batch asks for is written."""
    uow.collect(_look_again, looks)


def _look_again(uow: UnitOfWork, looks: list[Any]) -> None:
    for look in looks:
        look(uow)


def _reconsider(rules: Rules, waiting: Sequence[Happening], uow: UnitOfWork) -> None:
    """Messages that wait go sooner, or never, as the case went on."""
    for happening in waiting:
        found, _ = intents([happening], rules.policy, Directory(rules.people))
        delayed = {rule.name for rule in rules_for(rules.policy, happening) if rule.later}
        revise(uow, rules, [each for each in found if each.rule in delayed])
        for rule in rules.policy.rules.values():
            if rule.later and happening.name in rule.when.names and later.is_dropped(rule.later, happening):
                key = f"{happening.key}/{rule.name}"
                say(uow, messages.drop(uow.connection, key, REOPENED, uow.now, wall_now()))


def _promised(rules: Rules, uow: UnitOfWork, case: dict[str, Any], known: frozenset[int]) -> str | None:
    """When the clock that a new receipt names is due, if sla has told."""
    new = {fact["fact"] for fact in case["facts"] if fact["seq"] not in known}
    for rule in rules.policy.rules.values():
        if rule.promised is not None and new.intersection(rule.when.names):
            meet(uow.connection, case["case_no"])
            told = CLOCKS.get(uow.connection, f"{case['case_no']}/{rule.promised.clock}//1")
            return told["clock"]["due_at"] if told else None
    return None


def _keep_promise(rules: Rules, uow: UnitOfWork, clock: dict[str, Any]) -> None:
    """A receipt that waited for this clock names its due instant now."""
    for rule in rules.policy.rules.values():
        if rule.promised is None or rule.promised.clock != clock["clock"] or clock["generation"] != 1:
            continue
        meet(uow.connection, clock["case_no"])
        case = CASES.get(uow.connection, clock["case_no"])
        if case is None:
            continue
        happenings = [each for name in rule.when.names for each in fact_named(case, name, clock["due_at"])]
        found, _ = intents(happenings, rules.policy, Directory(rules.people))
        revise(uow, rules, [each for each in found if each.rule == rule.name])
