"""The newest version of what others own: a consumer keeps it and never goes back (design 3, Order)."""

from hashlib import sha256
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from shared.base.columns import Instant, Json
from shared.base.database import UnitOfWork

LONGEST_KEY: Final = 200


def declare_newest(metadata: sa.MetaData, name: str) -> sa.Table:
    """A table of documents by key, each with the version it was told in."""
    return sa.Table(
        name,
        metadata,
        sa.Column("key", sa.String(LONGEST_KEY), primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("document", Json, nullable=False),
        sa.Column("told_at", Instant, nullable=False),
    )


class Newest:
    """The newest documents of one kind."""

    def __init__(self, table: sa.Table) -> None:
        self.table = table
        self._upserts = {dialect.dialect.name: _upsert(table, dialect) for dialect in (sqlite, postgresql)}
        self._find = sa.select(table.c.document).where(table.c.key == sa.bindparam("its_key"))

    def keep(self, uow: UnitOfWork, key: str, version: int, document: dict[str, Any]) -> bool:
        """Keep this version unless a newer one, or this very one, is known; whether it was kept."""
        row = {"key": _fitting(key), "version": version, "document": document, "told_at": uow.now}
        return bool(uow.connection.execute(self._upserts[uow.connection.dialect.name], row).rowcount)

    def get(self, connection: sa.Connection, key: str) -> dict[str, Any] | None:
        """The newest document under a key."""
        found: dict[str, Any] | None = connection.scalar(self._find, {"its_key": _fitting(key)})
        return found

    def member(self, connection: sa.Connection, key: str, name: str) -> Any:
        """One member of a document, without reading the rest; None where there is none."""
        document = self.table.c.document
        return connection.scalar(sa.select(document[name]).where(self.table.c.key == _fitting(key)))

    def count(self, connection: sa.Connection) -> int:
        """How many keys are known."""
        return connection.scalar(sa.select(sa.func.count()).select_from(self.table)) or 0


def _upsert(table: sa.Table, dialect: Any) -> Any:
    insert = dialect.insert(table)
    return insert.on_conflict_do_update(
        index_elements=[table.c.key],
        set_={name: insert.excluded[name] for name in ("version", "document", "told_at")},
        where=table.c.version < insert.excluded.version,
    )


def _fitting(key: str) -> str:
    """The key itself; of one that is too long its beginning and its digest: others choose what they put into it."""
    if len(key) <= LONGEST_KEY:
        return key
    digest = sha256(key.encode()).hexdigest()
    return f"{key[: LONGEST_KEY - len(digest)]}{digest}"
