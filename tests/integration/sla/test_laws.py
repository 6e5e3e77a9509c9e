"""What holds whatever is told in whatever order, with timers firing in between (SL-3, SL-5)."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.sla.domain.clock import State
from services.sla.domain.derive import clocks
from services.sla.domain.ledger import replay
from services.sla.domain.overrun import overruns
from services.sla.storage import clocks as storage
from services.sla.storage import ledger
from shared.base.database import Database
from shared.testing.clock import ManualClock
from tests.integration.sla.desk import Desk
from tests.support.databases import Databases
from tests.unit.sla.cases import PUBLICATIONS, Told
from tests.unit.sla.strategies import BEGIN, facts_of_a_case

NUMBERS = count(1)
END = BEGIN + timedelta(days=28)


@pytest.fixture(scope="module")
def sqlite(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    url = databases.empty("sqlite", "sla", tmp_path_factory.mktemp("laws"))
    database = Database(url, service="sla", clock=ManualClock(BEGIN))
    yield database
    database.close()


@given(data=st.data(), facts=facts_of_a_case())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_and_repetition_of_events_gives_the_same_clocks_and_says_each_mark_once(sqlite, data, facts):
    case_no = f"{next(NUMBERS):012}"
    versions = [Told(facts[: length + 1]) for length in range(len(facts))]
    order = data.draw(st.lists(st.sampled_from(versions), max_size=6)) + data.draw(st.permutations(versions))
    sqlite.clock = ManualClock(BEGIN)
    desk = Desk(sqlite, sqlite.clock)
    desk.listen()
    heard = []
    for version in order:
        sqlite.clock.forward(timedelta(hours=data.draw(st.integers(0, 48))))
        heard += desk.tell(version, case_no=case_no)
        if data.draw(st.booleans()):
            heard += fire(desk)
    sqlite.clock.move_to(max(sqlite.clock.now(), END))
    heard += fire(desk)
    check_clocks(desk, case_no, facts)
    mine = [each for each in heard if each.clock["case_no"] == case_no]
    check_said(mine)
    check_newest(desk, case_no, mine)
    check_ledger(desk, case_no, facts, mine)
    assert desk.tell(versions[-1], case_no=case_no) == []


def fire(desk):
    while desk.fire_now():
        pass
    return desk.heard()


def check_clocks(desk, case_no, facts):
    kept = {(each["clock"], each.get("key"), each["generation"]): each for each in desk.clocks(case_no)}
    derived = {(each.name, each.key, each.generation): each for each in clocks(facts, PUBLICATIONS, desk.clock.now())}
    assert kept.keys() == derived.keys()
    for identity, clock in derived.items():
        zone = clock.calendar.work.zone
        assert kept[identity]["state"] == clock.state
        assert kept[identity]["due_at"] == clock.due_at.astimezone(zone).isoformat()
        assert kept[identity]["started_at"] == clock.started_at.astimezone(zone).isoformat()


def check_said(heard):
    said = Counter((identity(each), each.change, tuple(each.clock["warned"])) for each in heard)
    assert all(times == 1 for (_, change, _), times in said.items() if change == "warned")
    changes = Counter((identity(each), each.change) for each in heard)
    for (clock, change), times in changes.items():
        if change == "breached":
            assert times <= 1 + changes[clock, "breach_revoked"]
    by_line = {}
    for each in heard:
        line = each.clock["clock"], each.clock.get("key")
        by_line.setdefault(line, []).append(each)
    for events in by_line.values():
        revisions = [each.sequence for each in events]
        assert revisions == [each.clock["revision"] for each in events] == sorted(set(revisions))


def check_newest(desk, case_no, heard):
    """Who kept the newest event of each clock knows it as it is, in all but the time that passes."""
    newest = {identity(each): each.clock for each in heard}
    passing = {"used_seconds", "left_seconds", "measure", "overdue_seconds", "revision"}
    for kept in desk.clocks(case_no):
        told = newest[kept["clock"], kept.get("key"), kept["generation"]]
        assert {name: value for name, value in kept.items() if name not in passing} == {
            name: value for name, value in told.items() if name not in passing
        }


def check_ledger(desk, case_no, facts, heard):
    """What was said and the ledger are one to one, and the ledger gives the kept clocks back."""
    with desk.database.read() as connection:
        entries, kept = ledger.of_case(connection, case_no), storage.of_case(connection, case_no)
    written = [(entry.identity, entry.revision, str(entry.change), entry.at) for entry in entries]
    said = [(each.clock["clock"], each.clock.get("key", ""), each.clock["generation"]) for each in heard]
    assert sorted(written) == sorted(
        (clock, each.sequence, each.change, each.time) for clock, each in zip(said, heard, strict=True)
    )
    standing = replay(entries)
    for record in kept:
        told = asdict(standing.pop(record.identity))
        assert told == {name: getattr(record, name) for name in told}
    assert all(each.state is State.CANCELLED for each in standing.values()), "the rest was dropped"
    found = list(overruns(facts, PUBLICATIONS, entries, desk.clock.now()))
    assert all(each.confirmed for each in found), "recomputed from the facts, every overrun is what was said"
    overrun = [each.identity for each in kept if each.state in (State.BREACHED, State.LATE)]
    assert sorted((each.clock.name, each.clock.key or "", each.clock.generation) for each in found) == sorted(overrun)


def identity(heard):
    return heard.clock["clock"], heard.clock.get("key"), heard.clock["generation"]
