"""The ledger across publications: it gives the kept clocks back, and names the versions that counted them (SL-6)."""

from dataclasses import asdict

import pytest

from services.sla.domain.changes import Change
from services.sla.domain.clock import State
from services.sla.domain.ledger import replay
from services.sla.domain.overrun import overruns
from services.sla.storage import cases, clocks, ledger
from services.sla.storage.policy_files import BUILTIN
from shared.base.yaml_file import read_yaml
from tests.integration.sla.desk import CASE_NO
from tests.integration.sla.publisher import Publisher
from tests.unit.sla.cases import a_case

MONDAY = "2026-10-12 10:00"


def two_days_of_opinion():
    data = read_yaml(BUILTIN)
    data["clocks"]["opinion"]["limit"] = {"working_days": 2}
    data["clocks"]["first_response"]["limit"] = {"elapsed_hours": 48}
    return data | {"version": "2"}


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


def check(desk):
    with desk.database.read() as connection:
        entries, kept = ledger.of_case(connection, CASE_NO), clocks.of_case(connection, CASE_NO)
        facts = cases.facts_of(connection, CASE_NO)
        rules = desk.live.seen_by(connection)
    standing = replay(entries)
    for record in kept:
        told = asdict(standing[record.identity])
        assert told == {name: getattr(record, name) for name in told}
        last = max((each for each in entries if each.identity == record.identity), key=lambda each: each.revision)
        if record.state in (State.MET, State.LATE, State.BREACHED):
            assert (last.policy_version, last.calendar_version) == (record.policy_version, record.calendar_version)
    moved = {each.clock: each for each in entries if each.change is Change.MOVED}
    assert all((each.by, each.policy_version) == ("chen", "builtin-2") for each in moved.values())
    found = list(overruns(facts, rules.publications, entries, desk.clock.now()))
    assert {each.identity for each in kept if each.breached_at} == {each.entry.identity for each in found}
    assert all(each.confirmed for each in found)
    assert len({(each.clock, each.key, each.revision) for each in entries}) == len(entries)
