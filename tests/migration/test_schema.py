"""The migrations make exactly the schema that the code declares, on both databases (design 4)."""

import importlib
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from shared.base.broker import SERVICES
from shared.base.clock import SuiteClock
from shared.base.database import Database
from shared.base.migrations import current, migrate, newest, version_table
from shared.kernel.errors import Misconfigured


def metadata_of(service: str) -> sa.MetaData:
    metadata: sa.MetaData = importlib.import_module(f"services.{service}.storage.tables").metadata
    return metadata


def _is_meant(dialect: str, declared: Any, *_named: Any) -> bool:
    """Whether it is meant for this kind of database."""
    return getattr(declared, "info", {}).get("only_on", dialect) == dialect


def check_schema(url: str, service: str) -> None:
    database = Database(url, service=service, clock=SuiteClock())
    assert migrate(database), "an empty database has something to do"
    assert not migrate(database), "a second time there is nothing to do"
    assert current(database) == newest(service)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "version_table": version_table(service),
                "compare_type": True,
                "include_object": partial(_is_meant, database.engine.dialect.name),
            },
        )
        assert compare_metadata(context, metadata_of(service)) == []
    database.close()


@pytest.mark.parametrize("service", SERVICES)
def test_sqlite(service: str, tmp_path: Path) -> None:
    check_schema(f"sqlite:///{tmp_path / 'new.db'}", service)


@pytest.mark.parametrize("service", SERVICES)
def test_postgresql(service: str, postgres_url: str) -> None:
    check_schema(postgres_url, service)


def test_a_database_from_a_newer_release_is_refused(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new.db'}", service="notify", clock=SuiteClock())
    migrate(database)
    with database.write() as uow:
        uow.connection.execute(sa.text("UPDATE alembic_version_notify SET version_num = '9999'"))
    with pytest.raises(Misconfigured, match="install the newer release"):
        migrate(database)
    database.close()
