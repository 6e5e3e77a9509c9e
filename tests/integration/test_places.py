"""Marks are planted in every column that a service's list names, by every way in which a row is found (AL-4)."""

import importlib
import itertools
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from shared.base.broker import SERVICES
from shared.base.columns import Instant
from shared.base.database import Database
from shared.base.migrations import migrate
from shared.kernel.erasing import EMAIL, NAME, PHONE, digester, terms_of
from shared.outbox.erasing import Target, erase
from shared.outbox.places import ANYWHERE, CASE_ID, CASE_NO, CONTACT, CUSTOMER, CUSTOMER_ID, Place
from shared.testing.clock import ManualClock
from tests.support.dump import dump, lines_with

NOW = datetime(2026, 10, 9, 14, 0, tzinfo=UTC)
DIGEST = digester(b"a key of the tests")
MARKS = ("欧阳娜娜", "13911112222", "nana@marks.example")
HERS: dict[str, Any] = {CASE_NO: "260000000017", CASE_ID: 7, CUSTOMER: 7, CUSTOMER_ID: "C7", CONTACT: "+8613911112222"}
STRANGE: dict[str, Any] = {
    CASE_NO: "260000000090",
    CASE_ID: 90,
    CUSTOMER: 90,
    CUSTOMER_ID: "C90",
    CONTACT: "+862087654321",
}
TERMS = [
    *terms_of(DIGEST, NAME, ["欧阳娜娜"]),
    *terms_of(DIGEST, PHONE, ["+8613911112222"]),
    *terms_of(DIGEST, EMAIL, ["nana@marks.example"]),
]
NUMBERS = itertools.count(1000)
_PLAIN = ((sa.Boolean, False), (sa.Float, 0.0), (Instant, NOW), (sa.Date, date(2026, 10, 9)))


def places_of(service: str) -> list[Place]:
    return list(importlib.import_module(f"services.{service}.storage.personal").PLACES)


def planted(place: Place) -> Iterator[dict[str, Any]]:
    """A row for each way in which one is found, with her name wherever the list says that it may stand."""
    for route in place.found_by:
        yield {column.name: value(place, column, route) for column in place.table.c}


def value(place: Place, column: sa.Column[Any], route: str) -> Any:
    how = place.found_by.get(column.name)
    if column.name == route and how != ANYWHERE:
        return HERS[str(how)]
    if how not in (None, ANYWHERE):
        return STRANGE[str(how)]
    if column.name == route:
        return written(column, "欧阳娜娜 139 1111 2222, 13911112222, nana@marks.example")
    marked = {*place.scrubbed, *place.cleared, *place.renamed, *(place.table.c.keys() if place.deleted else ())}
    return written(column, "欧阳娜娜" if column.name in marked else f"k{next(NUMBERS)}")


def written(column: sa.Column[Any], text: str) -> Any:
    if isinstance(column.type, sa.JSON):
        return {"name": text, "inner": [text]}
    if isinstance(column.type, sa.String):
        return f"{text} {next(NUMBERS)}"[: column.type.length]
    if column.name == "words":
        return None
    return next((plain for kind, plain in _PLAIN if isinstance(column.type, kind)), next(NUMBERS))


@pytest.mark.parametrize("knows", [True, False], ids=["with the contacts", "with digests alone"])
@pytest.mark.parametrize("service", SERVICES)
def test_nothing_is_left_in_any_place(service: str, knows: bool, tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'x.db'}", service=service, clock=ManualClock(NOW))
    migrate(database)
    rows = [(place.table, row) for place in places_of(service) for row in planted(place)]
    with database.engine.connect() as connection:
        # Rows of every kind at once: they need not make sense together.
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        for table, row in rows:
            connection.execute(table.insert(), row)
        connection.commit()
    assert lines_with(dump(database), *MARKS)
    keys = {how: [key] for how, key in HERS.items() if how != CONTACT}
    contacts = ["+8613911112222", "13911112222", "nana@marks.example"] if knows else None
    target = Target(DIGEST, TERMS, keys, contacts=contacts, needles=["260000000017", "C7"])
    with database.write() as uow:
        erased = erase(uow.connection, places_of(service), target)
    assert erased.keys() == {table.name for table, _row in rows}
    assert lines_with(dump(database), *MARKS) == []
    database.close()
