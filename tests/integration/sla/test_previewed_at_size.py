"""A preview over twenty thousand clocks says what publishing then does, in pieces of a bounded size (SL-6)."""

import json
from collections import Counter
from datetime import date

import pytest

from services.sla.domain.announced import announced
from shared.base.database import Database
from shared.testing.clock import ManualClock
from shared.worktime import WorkCalendar, default_calendar
from tests.bench.filling import fill
from tests.integration.sla.publisher import Publisher
from tests.unit.sla.cases import a_case, at

CLOCKS = 20_000
LAST = default_calendar().known_until.year
NEXT = LAST + 1
NOW = f"{LAST}-12-21 17:59"
PAGE = 200
MOST_BYTES = 60_000
"""Of an answer, however many cases there are: counts by region and clock, and so many examples."""


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(at(NOW))


@pytest.fixture
def desk(database: Database, clock: ManualClock) -> Publisher:
    """One clock of twenty is due in the next year; the others are due before."""
    older = a_case(f"{LAST}-12-17 09:30").then("handed_over", f"{LAST}-12-21 16:00")
    older = older.then("replied", f"{LAST}-12-21 17:00", due=f"{LAST}-12-25 17:00")
    inquiry = a_case(f"{LAST}-12-17 09:30", kind="inquiry")
    told = [a_case(f"{LAST}-12-21 09:30", region="south.foshan"), *[older] * 4, *[inquiry] * 2]
    fill(database.engine.url.render_as_string(hide_password=False), told, CLOCKS, at(NOW))
    return Publisher(database, clock)


def test_a_preview_is_what_publishing_does(desk: Publisher):
    desk.listen()
    work = WorkCalendar.from_dict(desk.published(kind="calendar")["body"])
    calendar = announced(work, NEXT, [date(NEXT, 1, day) for day in range(1, 5)], []).to_dict()
    foreseen: Counter[tuple[str, str, str]] = Counter()
    asked = {"name": "cn", "version": f"cn-{NEXT}", "calendar": calendar}
    pages, cases, after, candidates = 0, 0, {}, None
    while True:
        page = desk.preview(**asked, **after, limit=PAGE)
        candidates = page.get("candidates", candidates)
        for row in page["counts"]:
            words = {word: row[word] for word in row if word not in ("region", "clock")}
            foreseen.update({(row["region"], row["clock"], word): number for word, number in words.items() if number})
        assert page["cases"] <= PAGE
        assert len(json.dumps(page)) < MOST_BYTES
        pages, cases = pages + 1, cases + page["cases"]
        if "next" not in page:
            break
        after = {"after": page["next"]}
    assert desk.heard() == [], "nothing is changed"
    desk.publish_calendar(**asked)
    heard = desk.carry_through()
    (entry,) = desk.publications(kind="calendar", version=f"cn-{NEXT}")
    assert (entry["cases"], entry["done"]) == (candidates, candidates) == (cases, cases)
    assert (cases, pages) == (CLOCKS // 22 + 1, 5)
    moved = Counter((each.case["region"], each.clock["clock"]) for each in heard if each.change == "moved")
    told = Counter({(region, name): n for (region, name, word), n in foreseen.items() if word in ("moved", "settled")})
    assert set(moved.values()) == {cases}
    assert moved == told
    assert entry["moved"] == sum(number for (*_, word), number in foreseen.items() if word == "moved")
    again = desk.preview(**asked)
    assert (again["counts"], again["examples"]) == ([], []), "what is published moves nothing more"
