"""Who was meant and could not be reached, and why."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from services.notify.domain.intents import Skip
from services.notify.storage import tables

_skip = tables.skips.c
_ADD: Final = {
    dialect.dialect.name: dialect.insert(tables.skips).on_conflict_do_nothing() for dialect in (sqlite, postgresql)
}


def add(connection: sa.Connection, skips: Sequence[Skip], now: datetime) -> None:
    """Keep them; one that is known stays as it is."""
    rows = [
        {"key": s.key, "who": s.who, "rule": s.rule, "reason": s.reason, "case_no": s.case_no, "at": now} for s in skips
    ]
    if rows:
        connection.execute(_ADD[connection.dialect.name], rows)


def of_case(connection: sa.Connection, case_no: str) -> list[dict[str, Any]]:
    """Those of a case, oldest first."""
    query = sa.select(_skip.key, _skip.who, _skip.rule, _skip.reason, _skip.at)
    query = query.where(_skip.case_no == case_no).order_by(_skip.at, _skip.key, _skip.who)
    return [dict(row) for row in connection.execute(query).mappings()]
