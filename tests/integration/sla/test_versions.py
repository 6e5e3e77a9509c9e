"""Versions of policies and calendars are published, and every clock that they move is said (SL-6)."""

import pytest

from services.sla.domain.published import SYSTEM
from services.sla.storage import tables
from services.sla.storage.policy_files import BUILTIN
from shared.kernel.errors import Conflict, Invalid, Misconfigured
from shared.worktime import WorkCalendar, default_calendar
from tests.integration.sla.announcing import KNOWN, NEXT, OFF, YEAR_END, announce, next_year, policy
from tests.integration.sla.publisher import Publisher
from tests.unit.sla.cases import a_case, at, wall


@pytest.fixture
def desk(database, clock):
    return Publisher(database, clock)


def test_next_year_is_announced_and_a_provisional_deadline_moves(desk, clock):
    clock.move_to(at(YEAR_END))
    desk.tell(a_case(YEAR_END).then("handed_over", YEAR_END))
    before = desk.clock_of("resolution")
    assert before["provisional"]
    clock.move_to(at(f"{KNOWN}-12-29 10:01"))
    preview = desk.preview(name="cn", calendar=next_year(desk))
    answer = announce(desk, note="state council notice")
    assert (answer["state"], answer["by"], answer["note"]) == ("waiting", "chen", "state council notice")
    heard = desk.carry_through()
    moved = {each.clock["clock"]: each.clock for each in heard if each.change == "moved"}
    after = desk.clock_of("resolution")
    assert moved["resolution"] == {k: v for k, v in after.items() if k != "measure"}
    assert (after["provisional"], after["calendar_version"]) == (False, f"cn-{NEXT}")
    assert after["due_at"] > before["due_at"]
    (told,) = desk.explain(case_no="260000000017", clock="resolution")["explanations"]
    assert told["clock"]["calendar_version"] == f"cn-{NEXT}"
    assert {"date": f"{NEXT}-01-05", "why": "holiday"} in told["days_off"]
    assert not any(each["date"].startswith(f"{NEXT}-01-06") for each in told["days_off"])
    entry = desk.publications(kind="calendar")[0]
    assert (entry["state"], entry["cases"], entry["done"], entry["moved"]) == ("done", 1, 1, len(moved))
    foreseen = {row["clock"]: row for row in preview["counts"]}
    assert {name for name, row in foreseen.items() if row["moved"]} == set(moved)
    example = next(each for each in preview["examples"] if each["clock"] == "resolution")
    assert (example["before"]["due_at"], example["after"]["due_at"]) == (before["due_at"], after["due_at"])


def test_a_deadline_that_is_sure_now_is_said_though_it_stays(desk, clock):
    """Who holds the newest revision of a clock shall not show a mark that is gone (contracts 4)."""
    clock.move_to(at(YEAR_END))
    desk.tell(a_case(YEAR_END))
    before = desk.clock_of("resolution")
    desk.publish_calendar(version=f"cn-{NEXT}", calendar=next_year(desk, off=OFF[:1]))
    (told,) = [each for each in desk.carry_through() if each.clock["clock"] == "resolution"]
    after = {"provisional": False, "calendar_version": f"cn-{NEXT}", "revision": before["revision"] + 1}
    lasting = before.keys() - {"used_seconds", "left_seconds", "measure"}
    assert told.change == "moved"
    assert {name: told.clock[name] for name in lasting} == {name: (before | after)[name] for name in lasting}
    assert desk.publications(kind="calendar")[0]["moved"] == 0, "no deadline moved"
    assert desk.carry_through() == []


def test_the_warnings_move_along_and_fire_in_their_turn(desk, clock):
    clock.move_to(at(YEAR_END))
    desk.tell(a_case(YEAR_END))
    due = desk.clock_of("resolution")["due_at"]
    announce(desk)
    desk.carry_through()
    heard = desk.fire(f"{NEXT}-02-20 10:00")
    said = [(each.change, each.time.isoformat() > due) for each in heard if each.clock["clock"] == "resolution"]
    assert said == [("warned", False), ("warned", False), ("breached", True)] or said[-1] == ("breached", True)
    assert [each.clock["warned"] for each in heard if each.clock["clock"] == "resolution"][-1] == [0.5, 0.8]


def test_what_was_met_or_breached_is_never_rewritten(desk, clock):
    clock.move_to(at("2026-10-12 10:00"))
    desk.tell(a_case("2026-10-12 09:00").then("handed_over", "2026-10-12 09:30"))
    desk.fire("2026-10-30 10:00")
    before = {each["clock"]: each for each in desk.clocks()}
    assert {before[name]["state"] for name in ("handover", "opinion", "first_response")} == {"met", "breached"}
    longer = {
        "opinion": {"working_days": 30},
        "handover": {"working_days": 9},
        "first_response": {"elapsed_hours": 999},
    }
    desk.publish_policy(policy=policy(**longer))
    assert desk.carry_through() == []
    same = ("state", "due_at", "revision", "policy_version", "warned")
    after = {each["clock"]: each for each in desk.clocks()}
    for name in longer:
        assert [after[name][part] for part in same] == [before[name][part] for part in same]


@pytest.mark.parametrize("running", ["keep", "from_now", "recompute"])
def test_a_policy_is_published_with_a_choice_for_what_runs(desk, clock, running):
    clock.move_to(at("2026-10-12 12:00"))
    desk.tell(a_case("2026-10-12 09:00", verifiable=False))
    clock.move_to(at("2026-10-12 14:00"))
    desk.publish_policy(policy=policy(investigation={"elapsed_hours": 24}), running=running)
    moved = [each.clock["clock"] for each in desk.carry_through() if each.change == "moved"]
    found = desk.clock_of("investigation")
    due = {"keep": "2026-10-12 18:00", "from_now": "2026-10-13 02:00", "recompute": "2026-10-13 09:00"}
    assert found["due_at"] == f"{due[running].replace(' ', 'T')}:00+08:00"
    assert moved == ([] if running == "keep" else ["investigation"])
    used = {"keep": 4 * 3600, "from_now": 12 * 3600, "recompute": 5 * 3600}
    assert found["used_seconds"] == used[running]
    assert found["used_seconds"] + found["left_seconds"] == (8 if running == "keep" else 24) * 3600
    desk.tell(a_case("2026-10-12 13:30", verifiable=False), case_no="260000000025")
    assert desk.clock_of("investigation", "260000000025")["policy_version"] == (
        "builtin-1" if running == "keep" else "builtin-2"
    )


def test_the_same_again_answers_the_same_and_other_content_is_refused(desk):
    first = announce(desk)
    desk.carry_through()
    again = announce(desk)
    assert {**again, "state": "waiting"} == {**first, "cases": again["cases"]}
    with pytest.raises(
        Conflict, match=f"calendar cn cn-{NEXT} was published on .* with other content; give it another"
    ):
        desk.publish_calendar(version=f"cn-{NEXT}", calendar=next_year(desk, off=[]))
    with pytest.raises(Conflict, match="another choice for running clocks"):
        announce(desk, running="keep")
    assert len(desk.publications(kind="calendar")) == 2


def test_what_cannot_count_is_refused_with_everything_that_is_wrong(desk):
    with pytest.raises(Invalid) as refused:
        desk.publish_policy(text="policy: ours\nversion: 1\nclocks:\n  reply: {limit: {}}\n")
    assert {"policy"} == refused.value.detail.keys()
    assert any("clocks.reply.limit" in problem for problem in refused.value.detail["policy"])
    with pytest.raises(Invalid, match="text: is not YAML"):
        desk.publish_policy(text="clocks: [")
    with pytest.raises(Invalid) as refused:
        desk.publish_calendar(name="south", version="1", calendar={"zone": "Mars/Phobos", "hours": {}})
    assert {"calendar.zone", "regions"} <= refused.value.detail.keys()
    with pytest.raises(Invalid, match="no day has working time"):
        desk.publish_calendar(version="closed", calendar={"zone": "Asia/Shanghai", "hours": {}})
    assert len(desk.publications()) == 2


def test_a_calendar_of_a_region_takes_its_cases_over_and_no_others(desk, clock):
    clock.move_to(at("2026-10-12 10:00"))
    desk.tell(a_case("2026-10-12 09:00"))
    desk.tell(a_case("2026-10-12 09:00", region="north.harbin"), case_no="260000000025")
    hours = {day: [["08:00", "16:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat")}
    row = {"zone": "Asia/Shanghai", "hours": hours}
    answer = desk.publish_calendar(name="north", version="1", calendar=row, regions=["north"])
    assert answer["regions"] == ["north"]
    heard = desk.carry_through()
    assert {each.clock["case_no"] for each in heard} == {"260000000025"}
    handover = desk.clock_of("handover", "260000000025")
    assert (handover["due_at"], handover["calendar_version"]) == ("2026-10-12T16:00:00+08:00", "1")


def test_the_start_takes_a_newer_file_and_refuses_other_content_of_a_version(database, clock, tmp_path):
    own = tmp_path / "ours.yaml"
    text = BUILTIN.read_text(encoding="utf-8").replace("policy: builtin", "policy: ours")
    own.write_text(text, encoding="utf-8")
    desk = Publisher(database, clock, own)
    assert [(each["name"], each["version"], each["by"]) for each in desk.publications(kind="policy")] == [
        ("ours", "1", SYSTEM)
    ]
    Publisher(database, clock, own)
    own.write_text(text.replace("elapsed_hours: 24", "elapsed_hours: 12"), encoding="utf-8")
    with pytest.raises(Misconfigured, match=r"version 1 of ours .* other content; give the file another version"):
        Publisher(database, clock, own)
    own.write_text(own.read_text(encoding="utf-8").replace("version: 1", "version: 2"), encoding="utf-8")
    Publisher(database, clock, own)
    assert [each["version"] for each in desk.publications(kind="policy")] == ["2", "1"]
    Publisher(database, clock)
    assert len(desk.publications()) == 3


def test_a_newer_package_of_holidays_settles_what_was_provisional(database, clock):
    """The first calendar of this database is of a package that knew one year less."""
    desk = Publisher(database, clock)
    old = announced_less(desk)
    is_calendar = tables.publications.c.kind == "calendar"
    with database.write() as uow:
        uow.connection.execute(tables.publications.update().where(is_calendar).values(body=old, version="cn-old"))
    clock.move_to(at(f"{KNOWN}-12-01 10:00"))
    early = Publisher(database, clock)
    versions = [(each["version"], each["by"], each["state"]) for each in early.publications(kind="calendar")]
    assert versions == [(f"cn-{KNOWN}", SYSTEM, "waiting"), ("cn-old", SYSTEM, "done")]
    body = WorkCalendar.from_dict(early.published(kind="calendar")["body"])
    assert {day.year for day in body.days_unlike(WorkCalendar.from_dict(old))} == {KNOWN}
    first = at(f"{KNOWN}-02-01 09:00")
    assert wall(body.add_days(first, 30)) == wall(default_calendar().add_days(first, 30))
    assert len(Publisher(database, clock).publications()) == 3


def announced_less(desk):
    """The calendar as it was before the last year was known: no day off in it."""
    row = desk.published(kind="calendar")["body"]
    days = {name: [day for day in row[name] if not day.startswith(f"{KNOWN}-")] for name in ("holidays", "workdays")}
    return row | days | {"known_until": f"{KNOWN - 1}-12-31"}
