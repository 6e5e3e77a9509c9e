"""Due timers fire in order, each once, after any downtime and after any change (SL-5, SL-7)."""

from dataclasses import replace

import pytest

from services.sla import handlers
from services.sla.handlers import Rules
from services.sla.storage import clocks
from shared.base.database import Database
from tests.integration.sla.desk import CASE_NO, RULES, Desk, event_of
from tests.unit.sla.cases import PUBLICATIONS, Told, a_case, at

MONDAY = "2026-10-12 10:00"
INQUIRY = a_case(MONDAY, kind="inquiry")
COMPLAINT = a_case(MONDAY)


def story(heard):
    return [(each.clock["clock"], each.change, each.clock["warned"]) for each in heard]


def test_a_clock_warns_twice_and_breaches_once(desk: Desk):
    desk.tell(INQUIRY)
    heard = [each for each in desk.fire("2026-10-13 10:00") if each.clock["clock"] == "first_response"]
    assert story(heard) == [
        ("first_response", "warned", [0.5]),
        ("first_response", "warned", [0.5, 0.8]),
        ("first_response", "breached", [0.5, 0.8]),
    ]
    assert [each.sequence for each in heard] == [2, 3, 4]
    assert [each.time for each in heard] == [at("2026-10-12 22:00"), at("2026-10-13 05:12"), at("2026-10-13 10:00")]
    breached = heard[-1].clock
    assert (breached["state"], breached["left_seconds"]) == ("breached", 0)
    answered = desk.clock_of("first_response")
    assert answered == breached | {"measure": "elapsed", "overdue_seconds": 0}, (
        "an answer also says how much is overdue"
    )


def test_nothing_fires_before_its_time(desk: Desk):
    desk.tell(INQUIRY)
    assert desk.fire("2026-10-12 21:59") == []


def test_after_downtime_every_mark_fires_once_in_order(desk: Desk):
    desk.tell(INQUIRY)
    desk.clock.move_to(at("2026-10-20 10:00"))
    heard = desk.fire()
    assert story(heard) == [
        ("first_response", "warned", [0.5]),
        ("first_response", "warned", [0.5, 0.8]),
        ("first_response", "breached", [0.5, 0.8]),
        ("resolution", "warned", [0.5]),
    ]
    assert [each.sequence for each in heard] == [2, 3, 4, 2]
    assert desk.fire("2026-10-20 10:01") == []
    assert desk.clock_of("first_response")["warned"] == [0.5, 0.8]


def test_of_marks_already_past_at_the_start_only_the_highest_fires(desk: Desk):
    desk.clock.move_to(at("2026-10-13 06:00"))
    desk.tell(INQUIRY)
    assert story(desk.fire()) == [("first_response", "warned", [0.8])]
    desk.clock.move_to(at("2026-10-14 10:00"))
    desk.tell(a_case(MONDAY, kind="inquiry"), case_no="260000000025")
    late = [each for each in desk.fire() if each.clock["case_no"] == "260000000025"]
    assert story(late) == [("first_response", "breached", [])]


def test_a_stopped_clock_fires_no_more(desk: Desk):
    desk.tell(INQUIRY)
    desk.tell(INQUIRY.then("resolved", "2026-10-12 11:00"))
    assert desk.fire("2026-12-01 10:00") == []


def test_a_paused_clock_stands_still_and_goes_on(desk: Desk):
    case = a_case(MONDAY, kind="accident")
    desk.tell(case)
    waiting = case.then("waiting_started", "2026-10-12 11:00")
    desk.tell(waiting)
    assert "progress" not in {name for name, _, _ in story(desk.fire("2026-10-20 10:00"))}
    desk.tell(waiting.then("waiting_ended", "2026-10-20 10:00"))
    progress = [each for each in story(desk.fire("2026-10-23 09:00")) if each[0] == "progress"]
    assert progress == [
        ("progress", "warned", [0.5]),
        ("progress", "warned", [0.5, 0.8]),
        ("progress", "breached", [0.5, 0.8]),
    ]


def test_a_moved_deadline_never_fires_a_mark_again(desk: Desk):
    case = a_case(MONDAY, kind="accident")
    desk.tell(case)
    desk.fire("2026-10-13 22:00")
    waited = case.then("waiting_started", "2026-10-13 22:00").then("waiting_ended", "2026-10-14 22:00")
    desk.clock.move_to(at("2026-10-14 22:00"))
    desk.tell(waited)
    progress = [each for each in story(desk.fire("2026-10-16 10:00")) if each[0] == "progress"]
    assert progress == [("progress", "warned", [0.5, 0.8]), ("progress", "breached", [0.5, 0.8])]


def test_a_mark_by_time_left_fires_once_however_the_deadline_moves(desk: Desk):
    case = a_case(MONDAY, kind="accident")
    policy = PUBLICATIONS[-1].policy
    progress = replace(policy.clocks["progress"], warn=(), warn_left=(24 * 60,))
    rules = Rules((replace(PUBLICATIONS[-1], policy=replace(policy, clocks=policy.clocks | {"progress": progress})),))

    def tell(told: Told) -> None:
        with desk.database.write() as uow:
            handlers.case_changed(rules, uow, event_of(told, CASE_NO, len(told.facts)))

    tell(case)
    first = [each.clock["warned"] for each in desk.fire("2026-10-14 22:00") if each.short == ("progress", "warned")]
    assert first == [[0.66600144]], "666 thousandths are used, 1440 minutes are left"
    waited = case.then("waiting_started", "2026-10-14 22:00").then("waiting_ended", "2026-10-15 22:00")
    desk.clock.move_to(at("2026-10-15 22:00"))
    tell(waited)
    desk.heard()
    again = [each for each in story(desk.fire("2026-10-17 10:00")) if each[0] == "progress"]
    assert again == [("progress", "breached", [0.66600144])]


def test_a_stop_after_the_breach_is_late(desk: Desk):
    desk.tell(INQUIRY)
    desk.fire("2026-10-14 10:00")
    heard = desk.tell(INQUIRY.then("replied", "2026-10-14 10:00", due="2026-10-20 10:00"))
    assert story(heard) == [("first_response", "stopped", [0.5, 0.8])]
    assert heard[0].clock["state"] == "late"


def test_a_late_fact_that_proves_the_deadline_kept_revokes_the_breach_visibly(desk: Desk):
    desk.tell(INQUIRY)
    desk.fire("2026-10-13 10:00")
    kept = INQUIRY.then("replied", "2026-10-13 09:58", due="2026-10-20 10:00", recorded="2026-10-13 10:05")
    heard = desk.tell(kept)
    assert [each.change for each in heard] == ["breach_revoked", "stopped"]
    assert [each.sequence for each in heard] == [5, 6]
    assert desk.clock_of("first_response")["state"] == "met"
    assert desk.fire("2026-10-30 10:00")[0].clock["clock"] != "first_response"


def test_a_fact_written_down_before_the_timer_fired_but_after_the_breach_says_both(desk: Desk):
    desk.tell(INQUIRY)
    desk.clock.move_to(at("2026-10-14 10:00"))
    heard = desk.tell(INQUIRY.then("replied", "2026-10-14 09:00", due="2026-10-20 10:00"))
    assert [each.change for each in heard] == ["breached", "stopped"]
    assert heard[-1].clock["state"] == "late"
    assert [each for each in story(desk.fire()) if each[0] == "first_response"] == []


def test_a_late_wait_revokes_a_breach_and_a_new_overrun_is_a_new_breach(desk: Desk):
    case = a_case(MONDAY, kind="accident")
    desk.tell(case)
    desk.fire("2026-10-15 10:00")
    assert desk.clock_of("progress")["state"] == "breached"
    assert desk.clock_of("progress")["breached_at"] == "2026-10-15T10:00:00+08:00"
    waited = case.then("waiting_started", "2026-10-13 10:00", recorded="2026-10-15 11:00")
    waited = waited.then("waiting_ended", "2026-10-14 10:00", recorded="2026-10-15 11:00")
    changes = [each.change for each in desk.tell(waited) if each.clock["clock"] == "progress"]
    assert changes == ["breach_revoked", "moved"]
    again = [each for each in story(desk.fire("2026-10-16 10:00")) if each[0] == "progress"]
    assert again == [("progress", "breached", [0.5, 0.8])]
    assert desk.clock_of("progress")["breached_at"] == "2026-10-16T10:00:00+08:00", "which tells it from the first"


def test_history_is_derived_in_silence(desk: Desk):
    case = a_case("2019-03-01 10:00", kind="inquiry", mode="history")
    promised = case.then("promised", "2019-03-01 10:00", key="P2", due="2019-03-05 10:00")
    assert {each.change for each in desk.tell(promised)} == {"started"}
    assert desk.clock_of("commitment")["state"] == "breached"
    assert desk.fire("2026-10-20 10:00") == []
    kept = promised.then("promise_kept", "2019-03-05 10:00", key="P2", recorded="2026-10-12 10:00")
    assert story(desk.tell(kept)) == [("commitment", "stopped", [])]
    assert desk.clock_of("commitment")["state"] == "met"


def test_what_of_history_still_lies_ahead_is_timed(desk: Desk):
    case = a_case(MONDAY, kind="inquiry", mode="history").then("promised", MONDAY, key="P2", due="2026-10-13 10:00")
    desk.clock.move_to(at("2026-10-12 23:00"))
    desk.tell(case)
    assert ("commitment", "breached", [0.8]) in story(desk.fire("2026-10-13 10:00"))


def test_many_due_at_one_instant_fire_in_batches(desk: Desk):
    for number in range(25):
        desk.tell(COMPLAINT, case_no=f"2600000{number:05}")
    desk.fire("2026-10-12 17:59")
    desk.clock.move_to(at("2026-10-12 18:00"))
    assert [desk.fire_now(limit=10) for _ in range(4)] == [10, 10, 5, 0]
    breached = [each for each in desk.heard() if each.change == "breached"]
    assert len({each.clock["case_no"] for each in breached}) == 25


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_two_replicas_never_fire_the_same_timer(desk: Desk, database: Database):
    for number in range(6):
        desk.tell(COMPLAINT, case_no=f"2600000{number:05}")
    desk.fire("2026-10-12 17:59")
    desk.clock.move_to(at("2026-10-12 18:00"))
    with database.write() as first, database.write() as second:
        assert handlers.fire_due(RULES, first, 4) == 4
        assert handlers.fire_due(RULES, second, 4) == 2
    breached = [each.clock["case_no"] for each in desk.heard() if each.change == "breached"]
    assert len(breached) == len(set(breached)) == 6


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_firing_passes_over_a_case_that_is_being_changed(desk: Desk, database: Database):
    desk.tell(INQUIRY)
    desk.clock.move_to(at("2026-10-13 10:00"))
    with database.write() as changing:
        clocks.lock_of_case(changing.connection, CASE_NO)
        with database.write() as firing:
            assert handlers.fire_due(RULES, firing) == 0
    assert desk.fire_now() > 0
