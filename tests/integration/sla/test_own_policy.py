"""A policy of one's own: the example that is shipped, from its file to what is said of its clocks."""

import pytest

from services.sla.domain.marks import minutes_left
from services.sla.storage.policy_files import BUILTIN
from shared.base.yaml_file import read_yaml
from shared.kernel.errors import Invalid
from tests.integration.sla.publisher import Publisher
from tests.unit.sla.cases import a_case, at

MONDAY = "2026-10-12 10:00"
EXAMPLE = BUILTIN.parent / "example.yaml"
COMPLAINT = a_case(MONDAY, region="south.guangdong").then("handed_over", MONDAY)


@pytest.fixture
def desk(database, clock):
    return Publisher(database, clock, own=EXAMPLE)


def test_its_clocks_are_counted_and_valid_in_their_time(desk: Publisher, clock):
    clock.move_to(at(MONDAY))
    desk.tell(COMPLAINT)
    due = {each["clock"]: each["due_at"][:16] for each in desk.clocks() if each["state"] == "running"}
    assert due == {
        "call_back": "2026-10-12T12:00",  # two working hours, for it came by phone
        "finding": "2026-10-15T18:00",
        "visit_south": "2026-10-14T10:00",
        "resolution": "2026-11-02T18:00",
    }
    late = a_case("2027-02-01 10:00", region="south").then("handed_over", "2027-02-01 10:00")
    clock.move_to(at("2027-02-01 10:00"))
    desk.tell(late, case_no="260000000025")
    assert "visit_south" not in {each["clock"] for each in desk.clocks("260000000025")}


def test_a_warning_by_time_left_is_said_once_though_a_wait_moves_the_deadline(desk: Publisher, clock):
    clock.move_to(at(MONDAY))
    desk.tell(COMPLAINT)
    heard = desk.fire("2026-10-15 16:30")
    waiting = COMPLAINT.then("waiting_started", "2026-10-15 16:30")
    heard += desk.tell(waiting)
    clock.move_to(at("2026-10-15 17:00"))
    heard += desk.tell(waiting.then("waiting_ended", "2026-10-15 17:00"))
    heard += desk.fire("2026-10-16 18:00")
    said = [each for each in heard if each.clock["clock"] == "finding" and each.change in ("warned", "breached")]
    assert [(each.change, each.time.isoformat()[:16]) for each in said] == [
        ("warned", "2026-10-14T01:30"),  # 15.5 of 31 working hours
        ("warned", "2026-10-15T08:00"),  # two hours before the close of Thursday, as the deadline stood then
        ("breached", "2026-10-16T10:00"),
    ]
    fractions = said[-1].clock["warned"]
    assert [minutes_left(each) for each in fractions] == [0, 120]
    assert all(0 < each < 1 for each in fractions)


def test_an_explanation_says_when_it_warns(desk: Publisher, clock):
    clock.move_to(at(MONDAY))
    desk.tell(COMPLAINT)
    (told,) = desk.explain(case_no="260000000017", clock="finding")["explanations"]
    assert told["warnings"] == [
        {"fraction": 0.5, "at": "2026-10-14T09:30:00+08:00"},
        {"fraction": 0.935000120, "at": "2026-10-15T16:00:00+08:00", "left_seconds": 7200},
    ]


def test_the_same_file_may_be_published(desk: Publisher):
    text = EXAMPLE.read_text(encoding="utf-8").replace("version: 2026a", "version: 2026b")
    assert desk.publish_policy(text=text)["version"] == "2026b"


def test_a_limit_that_never_ends_in_a_calendar_is_refused(desk: Publisher):
    """20,000 working hours are ten years of an office, and four centuries of an hour a week."""
    data = read_yaml(EXAMPLE)
    data["clocks"]["resolution"]["limit"] = {"working_hours": 20_000}
    assert desk.publish_policy(policy=data | {"version": "long"})["version"] == "long"
    seldom = {"zone": "Asia/Shanghai", "hours": {"mon": [["09:00", "10:00"]]}}
    why = "clocks.resolution: its limit never ends in the calendar islands 1, which has too little working time"
    for attempt in (desk.publish_calendar, desk.preview):
        given = {"name": "islands", "version": "1", "calendar": seldom, "regions": ["south.islands"]}
        with pytest.raises(Invalid, match=why):
            attempt(**given)
    assert desk.publish_policy(policy=data | {"version": "short", "clocks": read_yaml(EXAMPLE)["clocks"]})
    assert desk.publish_calendar(name="islands", version="1", calendar=seldom, regions=["south.islands"])
    with pytest.raises(Invalid, match=why):
        desk.publish_policy(policy=data | {"version": "longer"})


def test_a_calendar_with_no_open_day_is_refused(desk: Publisher):
    with pytest.raises(Invalid, match="no day has working time"):
        desk.publish_calendar(version="1", calendar={"zone": "Asia/Shanghai", "hours": {}})
