"""What was published is carried through: every open clock that it can change is derived anew, and said (SL-6)."""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from functools import partial

import sqlalchemy as sa

from services.sla.domain.changes import Change, Plan, Telling, plan
from services.sla.domain.facts import Fact
from services.sla.domain.record import Record
from services.sla.domain.told import Case
from services.sla.handlers.cases import VOICE
from services.sla.handlers.keeping import TIMERS_SIGNAL, keep
from services.sla.handlers.rules import LiveRules, Rules
from services.sla.handlers.saying import told
from services.sla.storage import cases, clocks, republishing
from services.sla.storage.republishing import Unfinished
from shared.base.clock import wall_now
from shared.base.database import UnitOfWork
from shared.base.engines import DatabaseAway, StatementTooSlow, is_away, is_too_slow
from shared.base.logs import logger
from shared.kernel.errors import Refused
from shared.outbox.inbox import judge

log = logger(__name__)

BATCH = 200
"""Cases in one transaction: timers that fall due meanwhile wait for no more."""


def next_republished(connection: sa.Connection) -> datetime | None:
    """The instant of the oldest publication with work left."""
    found = republishing.unfinished(connection)
    return found.at if found else None


def republish(live: LiveRules, uow: UnitOfWork, limit: int = BATCH) -> int:
    """Do the next piece of work of the oldest publication that has any: how much, 0 when others have it in hand."""
    rules = live.held_by(uow)
    work = republishing.unfinished(uow.connection)
    if work is None:
        return 0
    if not work.is_collected:
        republishing.collect(uow.connection, work.id, rules.reach_of(work.id))
        return 1
    claimed = republishing.claim(uow.connection, work.id, limit)
    if claimed:
        _derive(rules, uow, work, claimed)
    elif not republishing.left(uow.connection, work.id):
        republishing.finish(uow.connection, work.id)
    return len(claimed)


def carry_on(live: LiveRules, run: Callable[[Callable[[UnitOfWork], int]], int]) -> int:
    """A piece of the work; where that fails, one case alone, which is left behind with the reason if it is to blame."""
    try:
        return run(partial(republish, live))
    except DatabaseAway as error:
        if not isinstance(error, StatementTooSlow):
            raise
    except Exception:
        log.warning("cases could not be derived together, and are one by one", exc_info=True)
    return run(partial(_republish_one, live))


def _republish_one(live: LiveRules, uow: UnitOfWork) -> int:
    rules = live.held_by(uow)
    work = republishing.unfinished(uow.connection)
    if work is None or not work.is_collected:
        return republish(live, uow)
    claimed = republishing.claim(uow.connection, work.id, 1)
    if not claimed:
        return republish(live, uow)
    try:
        with uow.savepoint():
            _derive(rules, uow, work, claimed)
            uow.flush()
    except Exception as error:
        if (isinstance(error, DatabaseAway) or is_away(error)) and not is_too_slow(error):
            raise
        log.error("a case cannot be derived by what was published", case_no=claimed[0].case_no, exc_info=error)
        republishing.note_problem(uow.connection, work.id, claimed[0].case_no, judge(error, 1, wall_now()).reason)
    return 1


def _derive(rules: Rules, uow: UnitOfWork, work: Unfinished, claimed: Sequence[Case]) -> None:
    planned: list[tuple[Case, Plan]] = []
    count = 0
    reach = rules.reach_of(work.id)
    by_days = rules.has_one_policy and reach.by_days
    kinds = republishing.names_touched(reach) if by_days else None
    for case, records, facts in with_clocks(uow.connection, claimed, lock=True, names=kinds):
        names = reach.names_of(records) if by_days else None
        try:
            found = planned_anew(rules, records, facts, told_by(case, uow.now, work.by), names)
        except Refused as error:
            republishing.note_problem(uow.connection, work.id, case.case_no, str(error))
        else:
            planned.append((case, found))
            count += moved(records, found)
    plans = [plan for _, plan in planned]
    cases.change_floors(uow.connection, {case.case_no: plan.floors for case, plan in planned if plan.dropped})
    keep(uow, plans)
    republishing.settle(uow.connection, work.id, [case.case_no for case, _ in planned], count)
    if any(timed.marks for plan in plans for timed in (*plan.added, *plan.timed)):
        uow.signal(TIMERS_SIGNAL)
    VOICE.stage_texts(uow, [told(said, case, rules.calendars, uow.now) for case, plan in planned for said in plan.said])


def with_clocks(
    connection: sa.Connection, found: Sequence[Case], *, lock: bool, names: sa.Select[tuple[str]] | None = None
) -> Iterator[tuple[Case, list[Record], list[Fact]]]:
    """Cases with their facts and their clocks, or those of these names, each table asked once."""
    case_nos = [case.case_no for case in found]
    records = clocks.of_cases(connection, case_nos, lock=lock, names=names)
    facts = cases.facts_of_cases(connection, case_nos)
    for case in found:
        yield case, records[case.case_no], facts[case.case_no]


def planned_anew(
    rules: Rules,
    records: Sequence[Record],
    facts: Sequence[Fact],
    telling: Telling,
    names: Collection[str] | None = None,
) -> Plan:
    """What follows from other rules for the clocks of a case, or for these of them; raises Invalid beyond all years."""
    kept = records if names is None else [record for record in records if record.name in names]
    return plan(kept, rules.derive(facts, telling.now, names), telling)


def told_by(case: Case, now: datetime, by: str) -> Telling:
    """A publication tells, and not a fact."""
    return Telling(case_no=case.case_no, now=now, by=by, silent=case.is_history, floors=case.floors)


def moved(records: Sequence[Record], plan: Plan) -> int:
    """How many deadlines moved: `clock.moved` also says that one that stays is sure now, or is by other versions."""
    before = {record.identity: (record.started_at, record.due_at) for record in records}
    told = [said.record for said in plan.said if said.change is Change.MOVED]
    return sum(before.get(each.identity) != (each.started_at, each.due_at) for each in told)
