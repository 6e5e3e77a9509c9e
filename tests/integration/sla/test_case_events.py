"""A case event: what is kept, said and timed (SL-3, SL-5, contracts 5)."""

from functools import partial

import pytest

from services.sla import handlers
from services.sla.domain.derive import clocks
from services.sla.storage.tables import messaging
from shared.base.database import Database
from shared.kernel.errors import Rejected
from shared.outbox import Held, Inbox
from tests.integration.sla.desk import CASE_NO, RULES, Desk, event_of
from tests.unit.sla.cases import PUBLICATIONS, Told, a_case

MONDAY = "2026-10-12 10:00"
COMPLAINT = a_case(MONDAY)
HANDED = COMPLAINT.then("handed_over", "2026-10-12 11:00", set={"owner": "wang"})


def shorts(heard):
    return [each.short for each in heard]


def test_a_registered_case_starts_its_clocks(desk: Desk):
    heard = desk.tell(COMPLAINT)
    assert sorted(shorts(heard)) == [
        ("first_response", "started"),
        ("handover", "started"),
        ("progress", "started"),
        ("resolution", "started"),
    ]
    handover = next(each for each in heard if each.clock["clock"] == "handover")
    assert handover.clock == {
        "clock": "handover",
        "case_no": CASE_NO,
        "generation": 1,
        "revision": 1,
        "state": "running",
        "started_at": "2026-10-12T10:00:00+08:00",
        "due_at": "2026-10-12T18:00:00+08:00",
        "warned": [],
        "used_seconds": 0,
        "left_seconds": 7 * 3600,
        "provisional": False,
        "policy_version": "builtin-1",
        "calendar_version": "cn-test",
    }
    assert handover.case == {
        "case_no": CASE_NO,
        "mode": "live",
        "kind": "complaint",
        "region": "south",
        "category": None,
        "severity": "minor",
        "owner": None,
    }
    assert handover.sequence == 1


def test_a_hand_over_stops_one_clock_and_starts_two(desk: Desk):
    desk.tell(COMPLAINT)
    heard = desk.tell(HANDED)
    assert shorts(heard) == [("handover", "stopped"), ("opinion", "started"), ("warning_notice", "started")]
    assert (heard[0].clock["state"], heard[0].clock["stopped_at"]) == ("met", "2026-10-12T11:00:00+08:00")
    assert heard[0].sequence == 2
    assert heard[0].case["owner"] == "wang"


def test_the_same_event_again_and_an_overtaken_one_change_nothing(desk: Desk):
    desk.tell(COMPLAINT)
    desk.tell(HANDED)
    before = desk.clocks()
    assert desk.tell(HANDED) == []
    assert desk.tell(COMPLAINT) == []
    assert desk.clocks() == before


def test_events_that_come_in_the_wrong_order_give_the_same_clocks(desk: Desk):
    waited = HANDED.then("waiting_started", "2026-10-13 10:00").then("waiting_ended", "2026-10-13 11:00")
    versions = [Told(waited.facts[:count]) for count in (1, 2, 3, 4)]
    for version in (versions[2], versions[0], versions[3], versions[1]):
        desk.tell(version)
    kept = {(each["clock"], each["generation"]): (each["state"], each["due_at"]) for each in desk.clocks()}
    derived = clocks(waited.facts, PUBLICATIONS, desk.clock.now())
    assert {(name, generation): (state, at_due) for (name, generation), (state, at_due) in kept.items()} == {
        (each.name, each.generation): (str(each.state), each.due_at.astimezone(each.calendar.work.zone).isoformat())
        for each in derived
    }


def test_a_wait_pauses_and_resumes(desk: Desk):
    desk.tell(HANDED)
    paused = HANDED.then("waiting_started", "2026-10-13 10:00")
    assert {change for _, change in shorts(desk.tell(paused))} == {"paused"}
    assert desk.clock_of("opinion")["state"] == "paused"
    heard = desk.tell(paused.then("waiting_ended", "2026-10-13 11:00"))
    resumed = {each.clock["clock"]: each for each in heard}
    assert resumed["opinion"].change == "resumed"
    assert resumed["opinion"].clock["due_at"] == "2026-10-16T18:00:00+08:00"
    assert resumed["opinion"].sequence == 3


def test_a_deadline_that_moves_is_said(desk: Desk):
    case = a_case(MONDAY, kind="complaint")
    desk.tell(case)
    raised = case.then("severity_raised", "2026-10-12 12:00", set={"severity": "major"})
    friday = a_case("2026-10-16 12:00")
    desk.tell(friday, case_no="260000000025")
    heard = desk.tell(raised)
    assert ("major_report", "started") in shorts(heard)
    moved = desk.tell(
        friday.then("severity_raised", "2026-10-16 13:00", set={"severity": "major"}), case_no="260000000025"
    )
    progress = next(each for each in moved if each.clock["clock"] == "progress")
    assert (progress.change, progress.clock["due_at"]) == ("moved", "2026-10-19T12:00:00+08:00")
    assert progress.case["severity"] == "major"


def test_a_linked_repeat_cancels(desk: Desk):
    desk.tell(HANDED)
    heard = desk.tell(HANDED.then("repeat_linked", "2026-10-12 12:00", set={"repeat_of": "260000000025"}))
    assert shorts(heard) == [("opinion", "cancelled"), ("warning_notice", "cancelled")]
    assert heard[0].clock["state"] == "cancelled"
    assert "stopped_at" not in heard[0].clock


def test_a_clock_that_never_was_is_cancelled_and_forgotten(desk: Desk):
    desk.tell(COMPLAINT)
    linked = COMPLAINT.then("repeat_linked", MONDAY, set={"repeat_of": "260000000025"})
    assert shorts(desk.tell(linked)) == [("handover", "cancelled")]
    assert "handover" not in {each["clock"] for each in desk.clocks()}
    unlinked = linked.then("repeat_unlinked", "2026-10-12 11:00", set={"repeat_of": None})
    again = next(each for each in desk.tell(unlinked) if each.clock["clock"] == "handover")
    assert (again.change, again.sequence) == ("started", 3)


def test_generations_count_their_revisions_on(desk: Desk):
    desk.tell(COMPLAINT)
    heard = desk.tell(COMPLAINT.then("investigation_started", "2026-10-12 12:00"))
    assert [(each.change, each.clock["generation"], each.sequence) for each in heard] == [
        ("stopped", 1, 2),
        ("started", 2, 3),
    ]


def test_the_ledger_keeps_facts_that_a_later_event_lacks(desk: Desk):
    desk.tell(HANDED)
    received, _, given = HANDED.then("opinion_given", "2026-10-12 15:00").facts
    desk.tell(Told([received, given]), version=9)
    assert desk.clock_of("opinion")["state"] == "met"


def test_facts_of_one_case_in_one_batch(desk: Desk):
    given = HANDED.then("opinion_given", "2026-10-12 15:00")
    with desk.database.write() as uow:
        for count in (1, 2, 3):
            handlers.case_changed(RULES, uow, event_of(Told(given.facts[:count]), CASE_NO, count))
    assert desk.clock_of("opinion")["state"] == "met"
    assert len(desk.explain(case_no=CASE_NO)["explanations"]) == len(desk.clocks())


def test_a_bad_event_harms_no_other_of_its_batch(desk: Desk, database: Database):
    inbox = Inbox(database, messaging)
    good, bad = event_of(COMPLAINT, CASE_NO, 1), event_of(COMPLAINT, "260000000025", 1, facts=[])
    more = event_of(HANDED, CASE_NO, 2)
    assert inbox.apply("sla.cases", [good, bad, more], partial(handlers.case_changed, RULES)) == 3
    assert desk.clock_of("handover")["state"] == "met"
    assert desk.clocks("260000000025") == []
    assert Held(database, messaging).count() == {"waiting": 0, "parked": 1}


@pytest.mark.parametrize(
    "change",
    [
        {"facts": []},
        {"facts": None},
        {"facts": [{"seq": 1}]},
        {"case_no": 5},
        {"case_no": "1" * 21},
        {"version": "x"},
        {"region": None},
    ],
)
def test_what_is_no_case_is_rejected(desk: Desk, change):
    with pytest.raises(Rejected):
        desk.tell(COMPLAINT, **change)
    assert desk.heard() == []


def test_a_fact_that_sets_no_plain_value_is_rejected(desk: Desk):
    with pytest.raises(Rejected, match="sets severity to no plain value"):
        desk.tell(COMPLAINT.then("corrected", MONDAY, set={"severity": ["major"]}))


def test_a_time_before_all_calendars_is_refused(desk: Desk):
    with pytest.raises(ValueError, match="1850"):
        desk.tell(Told([]).then("received", "1850-01-01 10:00", set=dict(COMPLAINT.facts[0].set)))
