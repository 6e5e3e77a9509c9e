"""What deriving made of cases is kept, each table in one go."""

from collections.abc import Iterable, Sequence

from services.sla.domain.changes import Plan, Timed
from services.sla.domain.ledger import entry_of
from services.sla.domain.marks import Mark
from services.sla.storage import clocks, ledger, timers
from shared.base.database import UnitOfWork

TIMERS_SIGNAL = "timers"


def keep(uow: UnitOfWork, plans: Sequence[Plan]) -> None:
    """Keep clocks, their timers, and what was said of them."""
    connection = uow.connection
    timed = [each for plan in plans for each in plan.timed]
    clocks.change(connection, [record for plan in plans for record in plan.changed])
    clocks.drop(connection, [record.id for plan in plans for record in plan.dropped if record.id is not None])
    new = [each for plan in plans for each in plan.added]
    added = clocks.add(connection, [each.record for each in new])
    begun = [Timed(record, each.marks) for record, each in zip(added, new, strict=True)]
    ledger.add(connection, [entry_of(said, uow.now) for plan in plans for said in plan.said])
    timers.set_for(connection, _marks(timed), _marks(begun))
    if timed:
        timers.release(connection, _ids(timed))


def _marks(timed: Iterable[Timed]) -> list[tuple[int, Sequence[Mark]]]:
    return [(each.record.id, each.marks) for each in timed if each.record.id is not None]


def _ids(timed: Iterable[Timed]) -> list[int]:
    return [each.record.id for each in timed if each.record.id is not None]
