"""Lists of values reach PostgreSQL as they are, and ask for the same rows on both databases."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from shared.base import bulk
from shared.base.among import among
from shared.base.columns import Instant
from shared.base.database import Database
from shared.testing.clock import ManualClock

METADATA = sa.MetaData()
THINGS = sa.Table(
    "things",
    METADATA,
    sa.Column("name", sa.String(12), primary_key=True),
    sa.Column("number", sa.BigInteger),
    sa.Column("share", sa.Float),
    sa.Column("sure", sa.Boolean),
    sa.Column("at", Instant),
)
ODD = ["plain", "", "NULL", 'a "name"', "back\\slash", "{a,b}", "工单", "two\nlines", "it's"]
ROWS = [
    {"name": name, "number": n or None, "share": n / 7 if n else None, "sure": bool(n % 2), "at": None}
    for n, name in enumerate(ODD)
] + [{"name": "last", "number": -(2**60), "share": 1e-9, "sure": None, "at": datetime(2026, 10, 12, 9, 59, 1, 5, UTC)}]


@pytest.fixture
def things(postgres_url: str) -> Database:
    database = Database(postgres_url, service="probe", clock=ManualClock(datetime(2026, 10, 12, tzinfo=UTC)))
    METADATA.create_all(database.engine)
    return database


def kept(database: Database) -> list[dict[str, object]]:
    """Every row."""
    with database.read() as connection:
        return [dict(row) for row in connection.execute(sa.select(THINGS)).mappings()]


def by_name(row: dict[str, object]) -> str:
    """For sorting."""
    return str(row["name"])


def test_rows_arrive_as_they_are(things: Database) -> None:
    with things.write() as uow:
        uow.connection.execute(bulk.insert_all(list(THINGS.c)), bulk.rows(THINGS.c, ROWS))
    assert sorted(kept(things), key=by_name) == sorted(ROWS, key=by_name)
    changed = [row | {"number": 7} for row in ROWS[:3]]
    with things.write() as uow:
        columns = [THINGS.c.number, THINGS.c.sure]
        uow.connection.execute(bulk.update_all(THINGS.c.name, columns), bulk.rows([THINGS.c.name, *columns], changed))
    assert sorted(kept(things), key=by_name) == sorted(changed + ROWS[3:], key=by_name)


def test_one_that_is_too_long_is_refused_and_not_cut_off(things: Database) -> None:
    with pytest.raises(sa.exc.DataError), things.write() as uow:
        uow.connection.execute(bulk.insert_all(list(THINGS.c)), bulk.rows(THINGS.c, [ROWS[0] | {"name": "x" * 13}]))
    assert kept(things) == []


def test_what_is_among_many_is_found_on_both(things: Database, tmp_path: Path) -> None:
    sqlite = Database(f"sqlite:///{tmp_path}/things.db", service="probe", clock=things.clock)
    METADATA.create_all(sqlite.engine)
    asked = sa.select(THINGS.c.name).where(among(THINGS.c.name, "names"), among(THINGS.c.number, "numbers"))
    for database in (things, sqlite):
        with database.write() as uow:
            uow.connection.execute(THINGS.insert(), ROWS)
            for names in (ODD, ODD[2:4], ["x" * 30, "plain" + "x" * 12], []):
                found = uow.connection.scalars(asked, {"names": names, "numbers": list(range(1, 20))})
                assert sorted(found) == sorted(set(names) & set(ODD[1:])), database.engine.dialect.name
