"""How a publication is carried through: in pieces, by replicas, past cases that cannot be derived (SL-6)."""

from contextlib import suppress

import pytest
import sqlalchemy as sa

from services.sla import handlers
from services.sla.storage import cases, publications, tables
from tests.integration.sla.announcing import NEXT, YEAR_END, announce
from tests.integration.sla.publisher import Publisher
from tests.unit.sla.cases import a_case, at


class Died(Exception):
    """A process, in the middle of its work."""


@pytest.fixture
def desk(database, clock):
    return Publisher(database, clock)


def test_another_replica_derives_by_it_at_once(desk, clock, database):
    other = Publisher(database, clock)
    announce(desk)
    clock.move_to(at(YEAR_END))
    other.tell(a_case(YEAR_END))
    assert other.clock_of("resolution")["calendar_version"] == f"cn-{NEXT}"
    assert other.live.known().last == desk.live.known().last


def test_work_goes_on_where_it_stood_and_is_never_half_said(desk, clock, database):
    clock.move_to(at(YEAR_END))
    numbers = [f"2600000001{number:02}" for number in range(7)]
    for case_no in numbers:
        desk.tell(a_case(YEAR_END), case_no=case_no)
    announce(desk)
    desk.step()
    assert desk.publications(kind="calendar")[0]["cases"] == 7
    heard = []
    for _ in range(2):
        desk.step(limit=2)
        heard += desk.heard()
    with suppress(Died), database.write() as uow:
        handlers.republish(desk.live, uow, 2)
        raise Died
    assert desk.publications(kind="calendar")[0]["done"] == 4
    later = Publisher(database, clock)
    later.heard()
    heard += later.carry_through(limit=2)
    moved = [each.clock["case_no"] for each in heard if each.change == "moved" and each.clock["clock"] == "resolution"]
    assert sorted(moved) == numbers
    assert later.publications(kind="calendar")[0]["done"] == 7


def test_a_case_that_cannot_be_derived_is_shown_and_holds_nothing_up(desk, clock):
    clock.move_to(at("2026-10-12 10:00"))
    desk.tell(a_case("2026-10-12 09:00"))
    desk.tell(a_case("2026-10-20 09:00"), case_no="260000000025")  # dated ahead: its ten days are not all there
    days = {f"2026-10-{day}": [["09:00", "18:00"]] for day in range(12, 25)}
    desk.publish_calendar(version="once", calendar={"zone": "Asia/Shanghai", "hours": {}, "day_hours": days})
    desk.carry_through()
    entry = desk.publications(kind="calendar")[0]
    assert (entry["state"], entry["done"], entry["cases"]) == ("done", 1, 2)
    assert "no working time is left" in entry["problems"]["260000000025"]


def test_a_case_that_cannot_even_be_read_holds_no_other_up(desk, clock, database):
    clock.move_to(at(YEAR_END))
    numbers = [f"2600000001{number:02}" for number in range(4)]
    for case_no in numbers:
        desk.tell(a_case(YEAR_END), case_no=case_no)
    with database.write() as uow:
        uow.connection.execute(
            tables.clocks.update().where(tables.clocks.c.case_no == numbers[2]).values(measure="lunar")
        )
    announce(desk)

    def run(work):
        with database.write() as uow:
            return work(uow)

    while desk.is_at_work():
        handlers.carry_on(desk.live, run)
    entry = desk.publications(kind="calendar")[0]
    assert (entry["state"], entry["done"], entry["cases"]) == ("done", 3, 4)
    assert entry["problems"] == {numbers[2]: "ValueError: 'lunar' is not a valid Measure"}
    moved = [each.clock["case_no"] for each in desk.heard() if each.short == ("resolution", "moved")]
    assert sorted(moved) == [numbers[0], numbers[1], numbers[3]]


def test_history_is_counted_anew_in_silence(desk, clock):
    clock.move_to(at(YEAR_END))
    desk.tell(a_case(YEAR_END, mode="history"))
    announce(desk)
    assert {each.change for each in desk.carry_through()} <= {"moved"}


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_two_replicas_share_the_cases_and_pass_over_one_that_an_event_has_in_hand(desk, clock, database):
    clock.move_to(at(YEAR_END))
    numbers = [f"2600000001{number:02}" for number in range(6)]
    for case_no in numbers:
        desk.tell(a_case(YEAR_END), case_no=case_no)
    announce(desk)
    desk.step()
    with database.write() as event:
        assert cases.lock(event.connection, numbers[0])
        with database.write() as first, database.write() as second:
            assert handlers.republish(desk.live, first, 3) == 2
            assert handlers.republish(desk.live, second, 3) == 3
        assert handlers.republish(desk.live, event, 3) == 1
    moved = [each for each in desk.carry_through() if (each.change, each.clock["clock"]) == ("moved", "resolution")]
    assert sorted(each.clock["case_no"] for each in moved) == numbers


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_nothing_is_published_while_a_case_is_derived(desk, database):
    """Else it might be derived by old rules, and committed after the publication looked for what it touches."""
    with database.write() as deriving:
        desk.live.held_by(deriving)
        with database.engine.connect() as publisher:
            publisher.exec_driver_sql("SET LOCAL lock_timeout = '100ms'")
            with pytest.raises(sa.exc.OperationalError, match="lock timeout"):
                publications.lock(publisher)
