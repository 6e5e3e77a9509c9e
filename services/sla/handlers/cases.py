"""A case event: its clocks are derived anew, and what changed is kept, said and timed (SL-3, SL-5)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.sla.domain.changes import Plan, Telling, plan
from services.sla.domain.facts import Fact
from services.sla.domain.told import Case, ToldCase
from services.sla.handlers.keeping import TIMERS_SIGNAL, keep
from services.sla.handlers.rules import Rules
from services.sla.handlers.saying import told as say
from services.sla.handlers.wire import told_case
from services.sla.storage import cases, clocks, tables
from shared.base.database import UnitOfWork
from shared.events import Envelope
from shared.outbox import Voice

VOICE = Voice("sla", tables.messaging.outbox)


@dataclass(frozen=True, slots=True)
class Work:
    """What one event makes of a case; `is_new`: it was not heard of before."""

    case: Case
    is_new: bool
    facts: Sequence[Fact]
    plan: Plan


def case_changed(rules: Rules, uow: UnitOfWork, event: Envelope) -> None:
    """Keep the case if it is newer than what is known, and do what its facts demand and was not done yet.

    An event that was overtaken, or comes again, changes nothing. Raises Rejected for what is no case.
    """
    told = told_case(event.data)
    if any(work.case.case_no == told.case.case_no for work in uow.collected(_write)):
        uow.flush()  # an earlier event of this batch is about the same case
    kept = cases.lock(uow.connection, told.case.case_no)
    if kept is not None and kept.version >= told.case.version:
        return
    work = _work(rules, uow, kept, told)
    if uow.connection.in_nested_transaction():
        _write(uow, [work])  # this event is on its own: should it fail, then here
    else:
        uow.collect(_write, [work])
    if any(timed.marks for timed in (*work.plan.added, *work.plan.timed)):
        uow.signal(TIMERS_SIGNAL)
    VOICE.stage_texts(uow, [say(each, work.case, rules.calendars, uow.now) for each in work.plan.said])


def _work(rules: Rules, uow: UnitOfWork, kept: Case | None, told: ToldCase) -> Work:
    case_no = told.case.case_no
    facts, new = _with_ledger(uow, kept, told.facts)
    last = max(facts, key=lambda fact: fact.seq)
    telling = Telling(
        case_no=case_no,
        now=uow.now,
        by=last.by,
        silent=told.case.is_history,
        floors=kept.floors if kept else {},
        seq=last.seq,
    )
    records = clocks.lock_of_case(uow.connection, case_no) if kept else []
    planned = plan(records, rules.derive(facts, uow.now), telling)
    case = replace(told.case, fact_count=len(facts), last_seq=last.seq, floors=planned.floors)
    return Work(case, kept is None, new, planned)


def _with_ledger(uow: UnitOfWork, kept: Case | None, told: Sequence[Fact]) -> tuple[Sequence[Fact], Sequence[Fact]]:
    """All facts that are known, and those that are new to the ledger.

    A case comes with all its facts: then the ledger need not be read.
    """
    if kept is None:
        return told, told
    if sum(fact.seq <= kept.last_seq for fact in told) == kept.fact_count:
        return told, [fact for fact in told if fact.seq > kept.last_seq]
    ledger = {fact.seq: fact for fact in cases.facts_of(uow.connection, kept.case_no)}
    new = [fact for fact in told if fact.seq not in ledger]
    return [*ledger.values(), *new], new


def _write(uow: UnitOfWork, works: list[Work]) -> None:
    """Keep what the events of a batch made of their cases, each table in one go."""
    connection = uow.connection
    plans = [work.plan for work in works]
    cases.add(connection, [work.case for work in works if work.is_new])
    cases.change(connection, [work.case for work in works if not work.is_new])
    cases.add_facts(connection, {work.case.case_no: work.facts for work in works})
    keep(uow, plans)
