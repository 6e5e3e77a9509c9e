"""What was published: append-only rows, and the turn of those who derive by them (SL-6).

On PostgreSQL whoever derives holds the rules as they are until the end of its transaction, side by side with others;
whoever publishes waits for them, and they for him. So no case is derived by rules older than what was published when
its transaction looked, and a publication finds every clock that was derived without it. On SQLite there is one writer.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from services.sla.domain.published import Kind, Published
from services.sla.domain.publishing import Running
from services.sla.storage import tables

LOCK = 7_204_116
"""The key of the advisory lock; any number that nobody else in this database uses."""
WAITING, RUNNING, DONE = "waiting", "running", "done"
NAMES = ["kind", "name", "version", "body", "regions", "running", "at", "by", "note", "id"]

_publication = tables.publications.c
_NEWEST = sa.select(sa.func.coalesce(sa.func.max(_publication.id), 0))
_SELECT = sa.select(*(_publication[name] for name in NAMES)).order_by(_publication.id)
_HOLD = (
    f"SELECT pg_advisory_xact_lock_shared({LOCK}); "  # the second statement sees what the first one waited for
    "SELECT coalesce(max(id), 0) FROM publications"
)


def newest(connection: sa.Connection) -> int:
    """The number of the newest publication; 0 when there is none."""
    found: int = connection.execute(_NEWEST).scalar_one()
    return found


def hold(connection: sa.Connection) -> int:
    """The same; nothing is published until this transaction ends."""
    if connection.dialect.name == "sqlite":
        return newest(connection)
    found: int = connection.exec_driver_sql(_HOLD).scalar_one()
    return found


def lock(connection: sa.Connection) -> None:
    """Be the only one that publishes, once all who derive have ended, until this transaction ends."""
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")


def after(connection: sa.Connection, last: int) -> list[Published]:
    """What was published after this one, oldest first."""
    return [_published(row) for row in connection.execute(_SELECT.where(_publication.id > last))]


def find(connection: sa.Connection, kind: Kind, name: str, version: str) -> Published | None:
    """One version, if it was published."""
    asked = _SELECT.where(_publication.kind == kind, _publication.name == name, _publication.version == version)
    row = connection.execute(asked).one_or_none()
    return _published(row) if row else None


def add(connection: sa.Connection, new: Published, state: str) -> int:
    """Keep a publication; its number."""
    values = {name: getattr(new, name) for name in NAMES if name != "id"}
    values |= {"state": state, "regions": list(new.regions), "body": dict(new.body)}
    statement = tables.publications.insert().returning(_publication.id)
    number: int = connection.execute(statement, values).scalar_one()
    return number


def _published(row: Sequence[Any]) -> Published:
    values = dict(zip(NAMES, row, strict=True))
    return Published(**values | {"kind": Kind(values["kind"]), "running": Running(values["running"])})
