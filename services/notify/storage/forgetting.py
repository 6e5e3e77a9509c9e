"""What ended long ago goes: messages with their attempts, receipts, flows; in batches, so that nobody waits long."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from services.notify.domain.states import State
from services.notify.domain.vocabulary import CASE_OVER
from services.notify.storage import tables
from shared.base.database import Database

BATCH: Final = 500
BREATH_SECONDS: Final = 0.01
"""Between two batches others may write."""
OPEN: Final = (State.ACCEPTED.value, State.SENDING.value)

_message, _attempt, _receipt, _flow = (
    table.c for table in (tables.messages, tables.attempts, tables.receipts, tables.flows)
)
_earlier = tables.earlier_tries
_BEFORE: Final = sa.bindparam("before", type_=_message.over_at.type)
_MOST: Final = sa.bindparam("most", type_=sa.Integer)
_IDS: Final[sa.BindParameter[object]] = sa.bindparam("ids", expanding=True)
# A case that is still worked on keeps its messages: by them is known of which warnings it was told.
_CASE_GOES_ON: Final = sa.exists(
    sa.select(tables.cases.c.key).where(
        tables.cases.c.key == _message.case_no, tables.cases.c.document["state"].as_string().not_in(CASE_OVER)
    )
)
_MESSAGES: Final = (
    sa.select(_message.id, _message.attempt_id)
    .where(_message.over_at < _BEFORE, _message.state.not_in(OPEN), ~_CASE_GOES_ON)
    .order_by(_message.over_at)
    .limit(_MOST)
    .with_for_update(of=[tables.messages], skip_locked=True)
)
_EARLIER: Final = _earlier.delete().where(_earlier.c.message_id.in_(_IDS)).returning(_earlier.c.attempt_id)
_ATTEMPTS: Final = tables.attempts.delete().where(
    _attempt.id.in_(_IDS),
    _attempt.ended_at.is_not(None),
    ~sa.exists(sa.select(_message.id).where(_message.attempt_id == _attempt.id)),
    ~sa.exists(sa.select(_earlier.c.message_id).where(_earlier.c.attempt_id == _attempt.id)),
)
_RECEIPTS: Final = tables.receipts.delete().where(
    _receipt.id.in_(
        sa.select(_receipt.id).where(_receipt.received_at < _BEFORE).order_by(_receipt.received_at).limit(_MOST)
    )
)
# Only what has run out says nothing any more; that is by the suite's clock.
_FLOWS: Final = tables.flows.delete().where(
    sa.tuple_(_flow.channel, _flow.address).in_(
        sa.select(_flow.channel, _flow.address)
        .where(_flow.open_until.is_(None) | (_flow.open_until < _BEFORE))
        .where(_flow.counting_from.is_(None) | (_flow.counting_from < _BEFORE))
        .limit(_MOST)
        .with_for_update(skip_locked=True)
    )
)


@dataclass(frozen=True, slots=True)
class Before:
    """What ended before these instants goes: of the machine's time, and of the suite's."""

    wall: datetime
    suite: datetime


def forget(database: Database, before: Before, batch: int = BATCH) -> int:
    """Delete what ended before; how many rows went."""
    wall = {"before": before.wall, "most": batch}
    rounds: tuple[Callable[[sa.Connection], int], ...] = (
        lambda connection: _forget_messages(connection, wall),
        lambda connection: connection.execute(_RECEIPTS, wall).rowcount,
        lambda connection: connection.execute(_FLOWS, {**wall, "before": before.suite}).rowcount,
    )
    return sum(_in_batches(database, each, batch) for each in rounds)


def _in_batches(database: Database, forget_some: Callable[[sa.Connection], int], batch: int) -> int:
    removed = 0
    while True:
        with database.write() as uow:
            gone = forget_some(uow.connection)
        removed += gone
        if gone < batch:
            return removed
        time.sleep(BREATH_SECONDS)


def _forget_messages(connection: sa.Connection, wanted: dict[str, Any]) -> int:
    rows = connection.execute(_MESSAGES, wanted).all()
    if not rows:
        return 0
    ids = [row.id for row in rows]
    attempts = {row.attempt_id for row in rows if row.attempt_id is not None}
    attempts |= set(connection.scalars(_EARLIER, {"ids": ids}))
    connection.execute(tables.messages.delete().where(_message.id.in_(ids)))
    connection.execute(_ATTEMPTS, {"ids": sorted(attempts)})
    return len(rows)
