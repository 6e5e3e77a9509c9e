"""The newest documents of others: never back, whatever the order of arrival (design 3)."""

from itertools import permutations

import pytest
import sqlalchemy as sa

from shared.base.database import Database
from shared.outbox.newest import Newest, declare_newest

metadata = sa.MetaData()
NEWEST = Newest(declare_newest(metadata, "cases"))


@pytest.mark.parametrize("order", list(permutations([1, 2, 3])))
def test_any_order_ends_with_the_newest(sqlite_database: Database, order: tuple[int, ...]) -> None:
    check(sqlite_database, order)


def test_on_postgresql_too(postgres_database: Database) -> None:
    check(postgres_database, (2, 3, 1))


def check(database: Database, order: tuple[int, ...]) -> None:
    with database.write() as uow:
        metadata.create_all(uow.connection)
        kept = [NEWEST.keep(uow, "case", version, {"v": version}) for version in order]
        assert NEWEST.keep(uow, "case", 3, {"v": "again"}) is False
    assert kept == [version == max(order[: place + 1]) for place, version in enumerate(order)]
    with database.read() as connection:
        assert NEWEST.get(connection, "case") == {"v": 3}
        assert NEWEST.get(connection, "other") is None
        assert NEWEST.count(connection) == 1
