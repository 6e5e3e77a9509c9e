"""Restarts, reopening, another owner: which start makes a new generation (SL-4, contracts 4)."""

from tests.unit.sla.cases import a_case, wall

MONDAY = "2026-10-12 10:00"


def told(clocks):
    return [(clock.generation, str(clock.state), wall(clock.started_at)) for clock in clocks]


def test_progress_starts_anew_with_each_sign_of_progress():
    case = (
        a_case(MONDAY)
        .then("investigation_started", "2026-10-13 10:00")
        .then("inspected", "2026-10-19 10:00")
        .then("resolved", "2026-10-20 10:00")
    )
    assert told(case.named("progress")) == [
        (1, "met", "2026-10-12 10:00"),
        (2, "late", "2026-10-13 10:00"),
        (3, "met", "2026-10-19 10:00"),
    ]


def test_every_sign_of_progress():
    signs = ["investigation_started", "inspected", "relief_given", "opinion_given", "plan_agreed", "progress_recorded"]
    case = a_case(MONDAY)
    for hour, sign in enumerate(signs, start=11):
        case = case.then(sign, f"2026-10-12 {hour}:00")
    assert len(case.named("progress")) == 1 + len(signs)


def test_a_sign_after_the_resolution_starts_nothing():
    case = a_case(MONDAY).then("resolved", "2026-10-13 10:00").then("progress_recorded", "2026-10-13 11:00")
    assert len(case.named("progress")) == 1


def test_reopening_starts_progress_and_resolution_and_then_revisit_again():
    case = (
        a_case(MONDAY)
        .then("handed_over", "2026-10-12 11:00")
        .then("opinion_given", "2026-10-12 15:00")
        .then("resolved", "2026-10-13 10:00")
        .then("reopened", "2026-10-14 10:00")
        .then("resolved", "2026-10-15 10:00")
    )
    assert told(case.named("resolution")) == [(1, "met", MONDAY), (2, "met", "2026-10-14 10:00")]
    assert told(case.named("progress"))[-1] == (3, "met", "2026-10-14 10:00")
    assert told(case.named("revisit", now="2026-10-15 11:00")) == [
        (1, "cancelled", "2026-10-13 10:00"),
        (2, "running", "2026-10-15 10:00"),
    ]
    assert [len(case.named(name)) for name in ("handover", "first_response", "opinion", "warning_notice")] == [1] * 4


def test_a_call_back_that_reopens_one_severity_up_starts_what_that_severity_owes():
    called = "2026-10-14 10:00"
    case = (
        a_case(MONDAY, severity="serious")
        .then("handed_over", "2026-10-12 11:00")
        .then("opinion_given", "2026-10-12 15:00")
        .then("resolved", "2026-10-13 10:00")
        .then("revisited", called)
        .then("reopened", called)
        .then("severity_raised", called, set={"severity": "major"})
    )
    now = "2026-10-14 10:30"
    assert told(case.named("resolution", now))[-1] == (2, "running", called)
    assert told(case.named("progress", now))[-1][1:] == ("running", called)
    assert told(case.named("major_report", now)) == [(1, "running", called)]
    assert told(case.named("team_formed", now)) == [(1, "running", called)]
    assert [state for _generation, state, _start in told(case.named("revisit", now))] == ["met"]


def test_reopening_a_withdrawn_case():
    case = a_case(MONDAY).then("withdrawn", "2026-10-12 11:00").then("reopened", "2026-10-13 10:00")
    assert told(case.named("resolution", "2026-10-13 11:00")) == [
        (1, "cancelled", MONDAY),
        (2, "running", "2026-10-13 10:00"),
    ]


def test_another_owner_never_restarts_a_clock():
    case = a_case(MONDAY).then("handed_over", "2026-10-12 11:00", set={"owner": "wang"})
    again = case.then("handed_over", "2026-10-14 11:00", set={"owner": "zhao"})
    assert wall(again.only("opinion").due_at) == "2026-10-15 18:00"
    assert wall(again.only("handover").stopped_at) == "2026-10-12 11:00"


def test_an_opinion_given_before_any_hand_over_leaves_nothing_to_count():
    case = a_case(MONDAY).then("opinion_given", "2026-10-12 11:00").then("handed_over", "2026-10-12 12:00")
    assert case.named("opinion") == []


def test_promises_are_told_apart_by_their_keys():
    case = (
        a_case(MONDAY)
        .then("promised", MONDAY, key="P1", due="2026-10-14 10:00")
        .then("promised", MONDAY, key="P2", due="2026-10-13 10:00")
        .then("promise_kept", "2026-10-13 12:00", key="P1")
    )
    states = {clock.key: str(clock.state) for clock in case.named("commitment")}
    assert states == {"P1": "met", "P2": "breached"}
    assert {clock.generation for clock in case.named("commitment")} == {1}


def test_a_promise_kept_at_an_instant_dated_before_it_was_made_counts_as_kept():
    case = a_case(MONDAY).then("promised", "2026-10-12 12:00", key="P1", due="2026-10-14 10:00")
    kept = case.then("promise_kept", "2026-10-12 11:00", key="P1").only("commitment")
    assert (kept.state, wall(kept.stopped_at)) == ("met", "2026-10-12 11:00")


def test_a_promise_due_at_the_instant_it_was_made_and_kept_then_is_met():
    case = a_case(MONDAY).then("promised", MONDAY, key="P1", due=MONDAY)
    assert case.only("commitment").state == "breached"
    assert case.then("promise_kept", MONDAY, key="P1").only("commitment").state == "met"


def test_a_replaced_appointment_is_cancelled():
    case = a_case(MONDAY).then("appointment_made", MONDAY, key="A1", due="2026-10-14 10:00")
    moved = case.then("appointment_made", "2026-10-13 10:00", key="A2", due="2026-10-16 10:00", voids="A1")
    arrived = moved.then("arrived", "2026-10-16 09:55", key="A2")
    assert {clock.key: str(clock.state) for clock in arrived.named("site_visit")} == {"A1": "cancelled", "A2": "met"}


def test_an_appointment_that_was_missed_stays_breached_when_it_is_replaced():
    case = a_case(MONDAY).then("appointment_made", MONDAY, key="A1", due="2026-10-14 10:00")
    moved = case.then("appointment_made", "2026-10-14 10:30", key="A2", due="2026-10-16 10:00", voids="A1")
    states = {clock.key: str(clock.state) for clock in moved.named("site_visit", "2026-10-14 11:00")}
    assert states == {"A1": "breached", "A2": "running"}


def test_a_breach_stays_a_breach_when_the_case_is_withdrawn():
    case = a_case(MONDAY).then("withdrawn", "2026-10-14 10:00")
    assert case.only("first_response").state == "breached"
    assert case.only("resolution").state == "cancelled"


def test_each_authority_has_its_own_clock():
    case = (
        a_case(MONDAY)
        .then("authority_involved", MONDAY, key="A", due="2026-10-14 10:00")
        .then("authority_involved", "2026-10-12 11:00", key="B")
        .then("authority_replied", "2026-10-13 10:00", key="A")
    )
    assert {clock.key: str(clock.state) for clock in case.named("authority_reply", "2026-10-13 11:00")} == {
        "A": "met",
        "B": "running",
    }


def test_a_reply_with_a_reference_answers_the_notice_that_had_none():
    case = a_case(MONDAY).then("authority_involved", MONDAY, due="2026-10-14 10:00")
    assert case.then("authority_replied", "2026-10-13 10:00", key="X").only("authority_reply").state == "met"


def test_the_date_of_an_authority_is_never_moved():
    case = a_case(MONDAY).then("authority_involved", MONDAY, key="A", due="2026-10-17 10:00")
    waited = case.then("waiting_started", "2026-10-13 10:00").then("waiting_ended", "2026-10-16 10:00")
    assert wall(waited.only("authority_reply").due_at) == "2026-10-17 10:00"
