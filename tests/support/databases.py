"""Databases of the services as their migrations make them, empty for each test.

To migrate takes longer than most tests: a worker does it once for each service and kind, and then copies the SQLite
file or empties the PostgreSQL tables.
"""

import shutil
from functools import cache
from pathlib import Path

import sqlalchemy as sa

from shared.base.clock import SuiteClock
from shared.base.database import Database
from shared.base.migrations import migrate, version_table
from tests.support.keeper import ask

KINDS = ("sqlite", "postgresql")


class Databases:
    """Where a worker keeps its migrated databases."""

    def __init__(self, folder: Path, keeper: str) -> None:
        self._folder = folder
        self._keeper = keeper
        self._postgres = cache(self._migrated_postgres)
        self._sqlite = cache(self._migrated_file)

    def empty(self, kind: str, service: str, folder: Path) -> str:
        """The URL of an empty database of the service; on SQLite a file in the test's own folder."""
        if kind == "sqlite":
            file = shutil.copy(self._sqlite(service), folder / f"{service}.db")
            return f"sqlite:///{file}"
        url, tables = self._postgres(service)
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        with engine.begin() as connection:
            # A session that the test before left open fails this one at once instead of holding it for ever.
            connection.execute(sa.text("SET LOCAL lock_timeout = '10s'"))
            connection.execute(sa.text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
        return url

    def _migrated_file(self, service: str) -> Path:
        file = self._folder / f"{service}.db"
        _migrate(f"sqlite:///{file}", service)
        return file

    def _migrated_postgres(self, service: str) -> tuple[str, str]:
        url = ask(self._keeper, "database")
        return url, ", ".join(f'"{name}"' for name in _migrate(url, service))


def _migrate(url: str, service: str) -> list[str]:
    """Migrate; the tables that a test fills."""
    database = Database(url, service=service, clock=SuiteClock())
    migrate(database)
    with database.read() as connection:
        tables = sa.inspect(connection).get_table_names()
    database.close()
    return [name for name in tables if name != version_table(service)]
