"""Finding cases by words: the same on both databases, and from an index on PostgreSQL."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.intake import handlers
from services.intake.domain.wording import words_of
from services.intake.schemas import FindCases
from services.intake.storage.wording import Words, holds
from shared.base.clock import SuiteClock
from shared.base.database import Database
from shared.base.people import load_people
from shared.base.schema import load
from tests.bench.front.filling import fill
from tests.bench.front.searches import SEARCHES
from tests.integration.intake.office import Office

SCRAPS = [
    "漏水",
    "水管",
    "漏",
    "leak",
    "Leaking",
    "GT-100",
    "的",
    "退款",
    " ",
    "，",
    "%",
    "_",
    "'",
    "\\",
    ":*",
    "&",
    "水漏",
]
TEXTS = st.lists(st.sampled_from(SCRAPS), max_size=8).map("".join) | st.text(max_size=12)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("漏水", True),
        ("卫生间漏", True),
        ("间", True),
        ("水卫", False),
        ("漏 水", True),
        ("LEAK", True),
        ("eak", False),
        ("gt 100", True),
        ("GT-100", True),
        ("100 漏水", True),
        ("漏水 退款", True),
        ("漏水 赔偿", False),
        ("SN-77", True),
        ("%", False),
        ("_", False),
    ],
)
def test_what_is_found(office: Office, asked: str, found: bool) -> None:
    office.register(
        subject="卫生间漏水",
        description="Leaking at the GT-100.",
        demand="退款",
        product={"serial_no": "SN-77"},
    )
    assert bool(office.find(text=asked)["cases"]) is found


def test_a_correction_is_found_by_its_new_words_only(office: Office) -> None:
    case_no = office.case_no(subject="卫生间漏水")
    office.step(case_no, "correct", set={"subject": "厨房开裂"}, reason="misheard")
    assert office.find(text="厨房")["cases"]
    assert not office.find(text="漏水")["cases"]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=TEXTS, asked=TEXTS)
def test_the_index_finds_what_reading_finds(database: Database, text: str, asked: str) -> None:
    words = words_of([asked])
    if not words:
        return
    joined = f" {' '.join(words_of([text]))} "
    expected = all(word in joined if ord(word[0]) > 0x2E7F else f" {word}" in joined for word in words)
    with database.read() as connection:
        row = sa.select(sa.cast(sa.literal(words_of([text]), Words), Words).label("words")).subquery()
        question = sa.select(sa.literal(1)).select_from(row).where(holds(row.c.words, words, connection.dialect.name))
        assert (connection.scalar(question) == 1) is expected


def test_every_search_is_read_from_an_index(postgres_url: str) -> None:
    fill(postgres_url, 15_000)
    database = Database(postgres_url, service="intake", clock=SuiteClock())
    with database.read() as connection:
        for name, asked in SEARCHES.items():
            kinds = [node["Node Type"] for node in _nodes(_plan(connection, asked))]
            assert "Seq Scan" not in kinds, f"{name} reads the whole table: {kinds}"
    database.close()


def _plan(connection: sa.Connection, asked: dict[str, Any]) -> dict[str, Any]:
    """How PostgreSQL would carry out the very statement that this search makes."""
    said: list[tuple[str, Any]] = []

    def hear(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        said.append((statement, parameters))

    sa.event.listen(connection, "before_cursor_execute", hear)
    handlers.find_cases(load_people(), connection, load(FindCases(), dict(asked)))
    sa.event.remove(connection, "before_cursor_execute", hear)
    statement, parameters = said[0]  # the search itself; what belongs to its page is read after it
    explained = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
    plan: dict[str, Any] = explained.scalar_one()[0]["Plan"]
    return plan


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)
