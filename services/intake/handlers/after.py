"""What happens to a case after it was registered, behind the back of the caller: in batches, each case once.

Whoever has something to do then adds a hook to AFTER_HOOKS. A hook is given a batch of cases and asks each of its
tables once for all of them. A case that it fails for is tried alone, then held back with its reason (AL-2).
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from services.intake.handlers.assigning import assign
from services.intake.handlers.house import House
from services.intake.handlers.owing_all import owe_at_once
from services.intake.handlers.repeating import detect_repeats
from services.intake.storage import fresh
from services.intake.storage.fresh import AFTER_REGISTRATION
from services.intake.storage.repository import Kept
from shared.base.database import UnitOfWork
from shared.outbox.firing import Chore, Due

BATCH: Final = 100
"""Cases in one transaction."""


Hook = Callable[[House, UnitOfWork, Sequence[Kept]], None]

AFTER_HOOKS: Final[tuple[Hook, ...]] = (detect_repeats, owe_at_once, assign)
"""In this order; one that changes the version of a case comes last."""


def after_registration(house: House, hooks: Sequence[Hook] = AFTER_HOOKS) -> Chore:
    """How cases are looked at once they are registered."""
    return Chore(
        name=AFTER_REGISTRATION,
        waits=fresh.waits,
        due=Due(
            fire=lambda uow: _look_at(house, hooks, uow, fresh.claim(uow.connection, BATCH)),
            keys=partial(fresh.keys, most=BATCH),
            fire_one=lambda uow, case_no: _look_at(house, hooks, uow, fresh.claim_one(uow.connection, case_no)),
        ),
    )


def _look_at(house: House, hooks: Sequence[Hook], uow: UnitOfWork, batch: Sequence[Kept]) -> int:
    if not batch:
        return 0
    fresh.take_turns(uow.connection)
    for hook in hooks:
        hook(house, uow, batch)
    fresh.settle(uow.connection, [kept.id for kept in batch])
    return len(batch)
