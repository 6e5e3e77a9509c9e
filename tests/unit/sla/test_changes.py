"""What becomes known later: severity raised, corrections, linked repeats, late facts, other calendars."""

from dataclasses import replace

from services.sla.domain.calendars import Calendar, Calendars
from services.sla.domain.derive import Publication, clocks
from shared.worktime import WorkCalendar
from tests.unit.sla.cases import CN, POLICY, PUBLICATIONS, a_case, at, wall

MONDAY = "2026-10-12 10:00"
FIVE = {"handover", "opinion", "opinion_unverified", "investigation", "warning_notice"}


def test_a_case_that_becomes_major_starts_its_clocks_then():
    case = a_case(MONDAY).then("severity_raised", "2026-10-13 10:00", set={"severity": "major"})
    assert wall(case.only("major_report").due_at) == "2026-10-13 11:00"
    assert wall(case.only("team_formed").due_at) == "2026-10-13 15:00"


def test_critical_after_major_starts_nothing_again():
    case = a_case(MONDAY, severity="major").then("severity_raised", "2026-10-13 10:00", set={"severity": "critical"})
    assert wall(case.only("major_report").started_at) == MONDAY


def test_serious_is_not_major():
    assert "major_report" not in a_case(MONDAY, severity="serious").states()


def test_progress_of_a_major_case_counts_every_hour_from_the_same_start():
    friday = a_case("2026-10-16 12:00")
    raised = friday.then("severity_raised", "2026-10-16 18:00", set={"severity": "major"})
    assert wall(friday.only("progress").due_at) == "2026-10-21 12:00"
    assert wall(raised.only("progress").due_at) == "2026-10-19 12:00"
    assert wall(raised.only("progress").started_at) == "2026-10-16 12:00"


def test_a_breach_is_not_rewritten_when_the_severity_rises():
    raised = a_case(MONDAY).then("severity_raised", "2026-10-16 10:00", set={"severity": "major"})
    assert wall(raised.only("progress").due_at) == "2026-10-15 10:00"


def test_correcting_verifiable_derives_anew():
    case = a_case(MONDAY).then("handed_over", "2026-10-12 11:00")
    corrected = case.then("corrected", "2026-10-13 10:00", set={"verifiable": False})
    now = "2026-10-13 10:00"
    states = corrected.states(now)
    assert (states["opinion"], states["opinion_unverified"]) == ("cancelled", "running")
    assert wall(corrected.only("opinion_unverified", now).due_at) == "2026-10-19 18:00"
    assert wall(corrected.only("investigation", now).due_at) == "2026-10-13 10:00"
    notice = corrected.only("warning_notice", now)
    assert (notice.generation, wall(notice.started_at), wall(notice.due_at)) == (1, MONDAY, "2026-10-19 18:00")


def test_the_warning_notice_always_has_the_due_instant_of_the_opinion():
    unverified = a_case(MONDAY, verifiable=False).then("handed_over", "2026-10-13 11:00")
    waited = unverified.then("waiting_started", "2026-10-13 14:00").then("waiting_ended", "2026-10-14 11:00")
    assert waited.only("warning_notice").due_at == waited.only("opinion_unverified").due_at
    corrected = waited.then("corrected", "2026-10-14 12:00", set={"verifiable": True})
    assert corrected.only("warning_notice").due_at == corrected.only("opinion").due_at


def test_correcting_verifiable_leaves_what_was_met_and_what_was_breached():
    met = a_case(MONDAY).then("handed_over", MONDAY).then("opinion_given", "2026-10-13 10:00")
    assert met.then("corrected", "2026-10-14 10:00", set={"verifiable": False}).only("opinion").state == "met"
    overrun = a_case(MONDAY).then("handed_over", MONDAY)
    corrected = overrun.then("corrected", "2026-10-16 10:00", set={"verifiable": False})
    assert corrected.only("opinion").state == "breached"
    assert corrected.then("opinion_given", "2026-10-16 11:00").states()["opinion"] == "breached"


def test_a_linked_repeat_loses_five_clocks():
    case = a_case(MONDAY).then("handed_over", "2026-10-12 11:00")
    linked = case.then("repeat_linked", "2026-10-12 12:00", set={"repeat_of": "1"})
    states = linked.states("2026-10-12 12:00")
    assert {name for name, state in states.items() if state == "cancelled"} == {"opinion", "warning_notice"}
    assert states["handover"] == "met"
    assert states["first_response"] == states["progress"] == states["resolution"] == "running"


def test_a_case_registered_as_a_repeat_never_had_them():
    registered = a_case(MONDAY, repeat_of="1", verifiable=False)
    linked_at_once = a_case(MONDAY, verifiable=False).then("repeat_linked", MONDAY, set={"repeat_of": "1"})
    assert not FIVE & set(registered.states())
    assert not FIVE & set(linked_at_once.states())


def test_unlinking_gives_the_clocks_back_from_their_own_start():
    case = a_case(MONDAY).then("repeat_linked", "2026-10-12 12:00", set={"repeat_of": "1"})
    unlinked = case.then("repeat_unlinked", "2026-10-12 14:00", set={"repeat_of": None})
    handover = unlinked.named("handover", "2026-10-12 15:00")
    assert [str(clock.state) for clock in handover] == ["cancelled", "running"]
    assert (wall(handover[1].started_at), wall(handover[1].due_at)) == (MONDAY, "2026-10-12 18:00")


def test_a_clock_met_before_the_link_is_not_given_twice_by_unlinking():
    case = a_case(MONDAY).then("handed_over", "2026-10-12 11:00")
    case = case.then("repeat_linked", "2026-10-12 12:00", set={"repeat_of": "1"})
    case = case.then("repeat_unlinked", "2026-10-12 14:00", set={"repeat_of": None})
    assert [str(clock.state) for clock in case.named("handover")] == ["met"]


def test_a_late_fact_that_proves_the_deadline_kept():
    case = a_case(MONDAY)
    assert case.only("handover", "2026-10-12 19:00").state == "breached"
    late = case.then("handed_over", "2026-10-12 17:55", recorded="2026-10-12 19:00")
    assert late.only("handover").state == "met"


def test_a_correction_of_the_kind():
    inquiry = a_case(MONDAY, kind="inquiry").then("corrected", "2026-10-12 11:00", set={"kind": "complaint"})
    assert wall(inquiry.only("handover").due_at) == "2026-10-12 18:00"
    assert wall(inquiry.only("progress").started_at) == MONDAY


def test_a_region_has_its_own_calendar():
    hours = {day: [("08:00", "16:00")] for day in ("mon", "tue", "wed", "thu", "fri", "sat")}
    north = Calendar("north", "1", WorkCalendar("Asia/Shanghai", hours=hours))
    rules = [Publication(POLICY, Calendars(CN, {"north": north}))]
    case = a_case(MONDAY).then("corrected", "2026-10-12 11:00", set={"region": "north.harbin"})
    handover = {clock.name: clock for clock in clocks(case.facts, rules, at("2026-10-12 11:00"))}["handover"]
    assert (wall(handover.due_at), handover.calendar.name) == ("2026-10-12 16:00", "north")


def test_a_new_calendar_moves_what_is_open_and_rewrites_no_verdict():
    case = a_case(MONDAY).then("handed_over", "2026-10-12 11:00")
    closed = {"2026-10-14": []}
    row = CN.work.to_dict() | {"day_hours": closed}
    announced = Calendar("cn", "cn-2", WorkCalendar.from_dict(row))
    rules = [*PUBLICATIONS, Publication(POLICY, Calendars(announced), at("2026-10-13 12:00"))]
    before = {clock.name: clock for clock in clocks(case.facts, PUBLICATIONS, at("2026-10-13 11:59"))}
    after = {clock.name: clock for clock in clocks(case.facts, rules, at("2026-10-13 12:00"))}
    assert (wall(before["opinion"].due_at), wall(after["opinion"].due_at)) == ("2026-10-15 18:00", "2026-10-16 18:00")
    assert after["opinion"].calendar.version == "cn-2"
    assert (after["handover"].state, after["handover"].calendar.version) == ("met", "cn-test")
    assert after["first_response"].state == "breached"


def test_a_new_policy_starts_its_clocks_and_drops_what_it_no_longer_has():
    rules = {name: rule for name, rule in POLICY.clocks.items() if name != "resolution"}
    rules["checked"] = replace(POLICY.clocks["resolution"], name="checked")
    published = Publication(replace(POLICY, version="2", clocks=rules), Calendars(CN), at("2026-10-13 12:00"))
    found = clocks(a_case(MONDAY).facts, [*PUBLICATIONS, published], at("2026-10-13 12:00"))
    states = {clock.name: (str(clock.state), clock.policy_version) for clock in found}
    assert states["resolution"] == ("cancelled", "builtin-1")
    assert states["checked"] == ("running", "builtin-2")


def test_a_year_that_is_not_announced_is_provisional():
    year_end = f"{CN.work.known_until.year}-12-31 10:00"
    case = a_case(year_end).then("handed_over", year_end)
    provisional = {clock.name: clock.provisional for clock in case.clocks(year_end)}
    assert provisional["opinion"]
    assert not provisional["first_response"]
    assert not provisional["handover"]
