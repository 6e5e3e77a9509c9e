"""A timer that cannot be fired is held with its reason and delays no other; replayed, it fires (SL-7, AL-2)."""

import pytest
import sqlalchemy as sa

from services.sla import handlers
from services.sla.storage.tables import messaging
from services.sla.storage.timers import BREACH_MARK
from shared.base.database import Database
from shared.outbox import Held, Inbox
from shared.outbox.firing import Firing
from shared.testing.clock import ManualClock
from tests.integration.sla.publisher import Publisher
from tests.unit.sla.cases import a_case, at

BAD = "260000000003"
CASES = [f"26000000000{number}" for number in range(6)]
IN_THE_WAY = (
    "INSERT INTO ledger (case_no, clock, key, revision, generation, change, at, policy_version, calendar,"
    " calendar_version) SELECT case_no, clock, key, revision + 1, generation, change, at, policy_version, calendar,"
    " calendar_version FROM ledger WHERE case_no = :bad AND clock = 'handover'"
    " ORDER BY revision DESC LIMIT 1"
)
SPOILED = {
    "what no code understands": ("UPDATE clocks SET measure = 'lunar' WHERE case_no = :bad AND name = 'handover'", ""),
    "what no code can read": (
        "UPDATE clocks SET started_at = 'infinity' WHERE case_no = :bad AND name = 'handover'",
        "UPDATE clocks SET started_at = due_at WHERE case_no = :bad AND name = 'handover'",
    ),
    "what the database refuses": (
        IN_THE_WAY,
        "UPDATE clocks SET revision = revision + 1 WHERE case_no = :bad AND name = 'handover'",
    ),
}
MENDED = "UPDATE clocks SET measure = 'working' WHERE case_no = :bad AND name = 'handover'"


@pytest.fixture
def publisher(database: Database, clock: ManualClock) -> Publisher:
    return Publisher(database, clock)


@pytest.fixture
def held(database: Database) -> Held:
    return Held(database, messaging)


def write(database: Database, sql: str) -> None:
    """What no code of ours does."""
    with database.write() as uow:
        uow.connection.execute(sa.text(sql), {"bad": BAD})


def breached(publisher: Publisher) -> list[str]:
    return [each.clock["case_no"] for each in publisher.heard() if each.short == ("handover", "breached")]


@pytest.mark.parametrize("how", SPOILED)
def test_a_bad_timer_delays_no_other(publisher: Publisher, database: Database, held: Held, how: str):
    for case_no in CASES:
        publisher.tell(a_case("2026-10-12 10:00"), case_no=case_no)
    publisher.fire("2026-10-12 17:59")
    publisher.clock.move_to(at("2026-10-12 18:00"))
    spoil, mend = SPOILED[how]
    write(database, spoil)
    firing, due = Firing(database, Inbox(database, messaging), held), handlers.due_timers(publisher.live)
    assert firing.run(due) == len(CASES)
    assert sorted(breached(publisher)) == [case_no for case_no in CASES if case_no != BAD]
    (row,) = held.list()
    assert (row["queue"], row["state"], row["attempts"]) == ("sla.timers", "waiting", 1)
    case_no, _, mark = row["event_id"].split("/")
    assert (case_no, mark) == (BAD, str(BREACH_MARK))
    assert "Error: " in row["reason"]
    with database.read() as connection:
        assert handlers.next_due(connection) != at("2026-10-12 18:00"), "it is not due while it is held"
    held.replay(row["id"])
    assert firing.run(due) == 1
    assert [each["attempts"] for each in held.list()] == [1], "tried again, and it still cannot be fired"
    write(database, mend or MENDED)
    held.replay(row["id"])
    assert firing.run(due) == 1
    assert (breached(publisher), held.list()) == ([BAD], [])
    assert publisher.clock_of("handover", BAD)["state"] == "breached"
    assert firing.run(due) == 0


def test_a_parked_timer_goes_free_when_its_clock_moves(publisher: Publisher, database: Database, held: Held):
    case = a_case("2026-10-12 10:00")
    for case_no in (BAD, CASES[0]):
        publisher.tell(case, case_no=case_no)
    write(database, SPOILED["what no code understands"][0])
    firing, due = Firing(database, Inbox(database, messaging), held), handlers.due_timers(publisher.live)
    publisher.clock.move_to(at("2026-10-12 17:30"))
    firing.run(due)
    assert publisher.clock_of("handover", CASES[0])["warned"], "it has a warning before its end"
    write(database, f"UPDATE held SET state = 'parked', next_try_at = NULL WHERE '{BAD}' = :bad")
    write(database, MENDED)
    publisher.tell(case.then("handed_over", "2026-10-12 17:30", set={"owner": "li"}), case_no=CASES[0])
    assert held.count() == {"waiting": 0, "parked": 2}, "another case is not about it"
    late = {day: [["09:00", "20:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    publisher.publish_calendar(version="late", calendar={"zone": "Asia/Shanghai", "hours": late})
    publisher.carry_through()
    assert held.list() == []
    publisher.fire("2026-10-12 20:00")
    clock = publisher.clock_of("handover", BAD)
    assert (clock["state"], clock["warned"]) == ("breached", [0.5, 0.8])


def test_a_held_timer_goes_away_when_its_clock_stops(publisher: Publisher, database: Database, held: Held):
    case = a_case("2026-10-12 10:00")
    publisher.tell(case, case_no=BAD)
    publisher.fire("2026-10-12 17:59")
    publisher.clock.move_to(at("2026-10-12 18:00"))
    write(database, SPOILED["what no code understands"][0])
    firing, due = Firing(database, Inbox(database, messaging), held), handlers.due_timers(publisher.live)
    firing.run(due)
    write(database, MENDED)
    publisher.tell(case.then("handed_over", "2026-10-12 17:30", set={"owner": "li"}), case_no=BAD)
    assert held.list() == []
    firing.run(due)
    assert breached(publisher) == []
