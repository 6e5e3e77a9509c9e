"""The ledger across publications: it gives the kept clocks back, and names the versions that counted them (SL-6)."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.sla.domain.changes import Change
from services.sla.domain.clock import State
from services.sla.domain.ledger import replay
from services.sla.domain.overrun import overruns
from services.sla.storage import cases, clocks, ledger
from services.sla.storage.policy_files import BUILTIN
from shared.base.database import Database
from shared.base.yaml_file import read_yaml
from shared.testing.clock import ManualClock
from tests.integration.sla.desk import CASE_NO
from tests.integration.sla.publisher import Publisher
from tests.support.databases import Databases
from tests.unit.sla.cases import Told, a_case
from tests.unit.sla.strategies import BEGIN, facts_of_a_case

MONDAY = "2026-10-12 10:00"
NUMBERS = count(1)


def two_days_of_opinion(version="2", hours=48):
    data = read_yaml(BUILTIN)
    data["clocks"]["opinion"]["limit"] = {"working_days": 2}
    data["clocks"]["first_response"]["limit"] = {"elapsed_hours": hours}
    data["clocks"]["progress"]["limit"] = {"working_hours": hours}
    return data | {"version": version}


@pytest.mark.parametrize("running", ["keep", "from_now", "recompute"])
def test_what_is_kept_is_what_the_entries_tell(database, clock, running):
    desk = Publisher(database, clock)
    case = a_case(MONDAY).then("handed_over", "2026-10-12 11:00", set={"owner": "li.qiang"})
    waited = case.then("waiting_started", "2026-10-12 15:00").then("waiting_ended", "2026-10-13 11:00")
    desk.tell(waited)
    desk.fire("2026-10-12 23:00")
    heard = desk.heard()
    desk.publish_policy(policy=two_days_of_opinion(), running=running)
    desk.carry_through()
    desk.fire("2026-10-16 10:00")
    desk.tell(waited.then("opinion_given", "2026-10-16 10:00"))
    assert heard == []
    check(desk)


@pytest.fixture(scope="module")
def sqlite(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Publisher]:
    clock = ManualClock(BEGIN)
    url = databases.empty("sqlite", "sla", tmp_path_factory.mktemp("versions"))
    database = Database(url, service="sla", clock=clock)
    yield Publisher(database, clock)
    database.close()


@given(st.data(), facts_of_a_case(), st.sampled_from(["keep", "from_now", "recompute"]), st.integers(1, 90))
@settings(max_examples=15, deadline=None)
def test_whatever_is_told_published_and_fired_the_entries_give_every_clock_back(sqlite, data, facts, running, hours):
    number = next(NUMBERS)
    versions = data.draw(st.permutations([Told(facts[: length + 1]) for length in range(len(facts))]))
    published = data.draw(st.integers(0, len(versions)))
    for index, version in enumerate([*versions, None]):
        sqlite.clock.forward(timedelta(hours=data.draw(st.integers(0, 24))))
        if index == published:
            sqlite.publish_policy(policy=two_days_of_opinion(f"v{number}", hours), running=running)
            sqlite.carry_through()
        if version is not None:
            sqlite.tell(version, case_no=f"{number:012}")
        if data.draw(st.booleans()):
            while sqlite.fire_now():
                pass
    for told in range(1, number + 1):
        check_given_back(sqlite, f"{told:012}")


def check_given_back(desk, case_no):
    with desk.database.read() as connection:
        standing, kept = replay(ledger.of_case(connection, case_no)), clocks.of_case(connection, case_no)
    for record in kept:
        told = asdict(standing.pop(record.identity))
        assert told == {name: getattr(record, name) for name in told}
    assert all(each.state is State.CANCELLED for each in standing.values())


def check(desk):
    check_given_back(desk, CASE_NO)
    with desk.database.read() as connection:
        entries, kept = ledger.of_case(connection, CASE_NO), clocks.of_case(connection, CASE_NO)
        facts = cases.facts_of(connection, CASE_NO)
        rules = desk.live.seen_by(connection)
    for record in kept:
        last = max((each for each in entries if each.identity == record.identity), key=lambda each: each.revision)
        if record.state in (State.MET, State.LATE, State.BREACHED):
            assert (last.policy_version, last.calendar_version) == (record.policy_version, record.calendar_version)
    moved = {each.clock: each for each in entries if each.change is Change.MOVED}
    assert all((each.by, each.policy_version) == ("chen", "builtin-2") for each in moved.values())
    found = list(overruns(facts, rules.publications, entries, desk.clock.now()))
    assert {each.identity for each in kept if each.breached_at} == {each.entry.identity for each in found}
    assert all(each.confirmed for each in found)
    assert len({(each.clock, each.key, each.revision) for each in entries}) == len(entries)
