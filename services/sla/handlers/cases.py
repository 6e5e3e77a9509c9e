"""A case event: its clocks are derived anew, and what changed is kept, said and timed (SL-3, SL-5)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from services.sla.domain.changes import Plan, Telling, Timed, plan
from services.sla.domain.facts import Fact
from services.sla.domain.told import Case
from services.sla.handlers.rules import Rules
from services.sla.handlers.wire import clock_event, told_case
from services.sla.storage import cases, clocks, tables, timers
from shared.base.database import UnitOfWork
from shared.events import Envelope
from shared.outbox import Voice

TIMERS_SIGNAL = "timers"
VOICE = Voice("sla", tables.messaging.outbox)


def case_changed(rules: Rules, uow: UnitOfWork, event: Envelope) -> None:
    """Keep the case if it is newer than what is known, and do what its facts demand and was not done yet.

    An event that was overtaken, or comes again, changes nothing. Raises Rejected for what is no case.
    """
    told = told_case(event.data)
    kept = cases.lock(uow.connection, told.case.case_no)
    if kept is not None and kept.version >= told.case.version:
        return
    facts, new = _with_ledger(uow, kept, told.facts)
    records = clocks.lock_of_case(uow.connection, told.case.case_no) if kept else []
    telling = Telling(
        case_no=told.case.case_no,
        now=uow.now,
        by=max(facts, key=lambda fact: fact.seq).by,
        silent=told.case.is_history,
        floors=kept.floors if kept else {},
    )
    planned = plan(records, rules.derive(facts, uow.now), telling)
    case = replace(told.case, fact_count=len(facts), last_seq=max(fact.seq for fact in facts), floors=planned.floors)
    _keep_case(uow, kept, case, new)
    _keep_clocks(uow, planned)
    said = [clock_event(each.change, each.record, case, rules.calendars, uow.now) for each in planned.said]
    VOICE.stage(uow, said)


def _with_ledger(uow: UnitOfWork, kept: Case | None, told: Sequence[Fact]) -> tuple[Sequence[Fact], list[Fact]]:
    """All facts that are known, and those that are new to the ledger.

    A case comes with all its facts: then the ledger need not be read.
    """
    if kept is None:
        return told, list(told)
    if sum(fact.seq <= kept.last_seq for fact in told) == kept.fact_count:
        return told, [fact for fact in told if fact.seq > kept.last_seq]
    uow.flush()  # facts of this case may still wait to be written with the batch
    ledger = {fact.seq: fact for fact in cases.facts_of(uow.connection, kept.case_no)}
    new = [fact for fact in told if fact.seq not in ledger]
    return [*ledger.values(), *new], new


def _keep_case(uow: UnitOfWork, kept: Case | None, case: Case, new: Sequence[Fact]) -> None:
    if kept is None:
        cases.add(uow.connection, case)
    else:
        cases.change(uow.connection, case)
    cases.add_facts(uow, case.case_no, new)


def _keep_clocks(uow: UnitOfWork, planned: Plan) -> None:
    connection = uow.connection
    timers.clear(connection, _ids(planned.timed))
    timers.take_back_breach(connection, _ids(each for each in planned.timed if each.again))
    clocks.change(connection, planned.changed)
    clocks.drop(connection, [record.id for record in planned.dropped if record.id is not None])
    added = clocks.add(connection, [each.record for each in planned.added])
    timed = [*planned.timed, *(Timed(kept, each.marks) for kept, each in zip(added, planned.added, strict=True))]
    timers.set_for(connection, [(each.record.id, each.marks) for each in timed if each.record.id is not None])
    if any(each.marks for each in timed):
        uow.signal(TIMERS_SIGNAL)


def _ids(timed: Iterable[Timed]) -> list[int]:
    return [each.record.id for each in timed if each.record.id is not None]
