"""People act: they acknowledge, hand on, resolve, call for help, form a team (ES-3, ES-4, contracts 3)."""

import pytest

from services.escalation.handlers import check_reachability, rules_of, who_is_on_duty
from services.escalation.schemas import OnDuty
from services.escalation.storage.policy_files import load_policy
from shared.base.people import People, Person
from shared.base.schema import load
from shared.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from tests.integration.escalation.desk import RULES, Desk, shorts
from tests.unit.escalation.cases import CASE_NO, a_case, an_order

CASE = a_case()
DUE = "2026-10-12 18:00"
BREACH = CASE.clock("handover", "breached", DUE)
OWN = [
    Person(id="hal", name="Hal", roles=("head",), email="hal@firm.example"),
    Person(id="sue", name="Sue", roles=("regional_desk",), email="sue@firm.example"),
]


def test_a_code_alone_acknowledges(desk: Desk):
    code = desk.tell(CASE.event(), BREACH)[1].data["step"]["targets"][0]["code"]
    answer = desk.do("acknowledge", code=f" {code[:3]} {code[3:]} ")
    assert answer["escalations"][0]["state"] == "acknowledged"
    assert shorts(desk.heard()) == [("acknowledged", "south-desk")]
    desk.tell(CASE.clock("handover", "late", DUE, revision=3))
    with pytest.raises(NotFound, match="no open escalation has this code"):
        desk.do("acknowledge", code=code)


def test_the_head_acknowledges_beside_the_vice_president_each_once(desk: Desk):
    desk.tell(a_case(severity="major").event())
    for by in ("sales-vp", "总经理", "general-manager", "sales-vp"):
        desk.do("acknowledge", case_no=CASE_NO, by=by)
    heard = desk.heard()
    assert shorts(heard) == [("acknowledged", "sales-vp"), ("acknowledged", "general-manager")]
    assert heard[1].data["case"]["case_no"] == CASE_NO
    assert [each.sequence for each in heard] == [3, 4]


def test_it_is_handed_on_to_a_person_who_has_to_acknowledge(desk: Desk):
    desk.tell(CASE.event(), BREACH)
    desk.do("acknowledge", case_no=CASE_NO, by="south-desk")
    answer = desk.do("hand_on", case_no="2600 0000 0017", to="李强", reason="knows the site", by="south-desk")
    assert answer["escalations"][0]["state"] == "open"
    assert shorts(desk.heard())[-1] == ("step_reached", 1, "li.qiang")
    assert shorts(desk.wait("2026-10-13 14:00")) == [("step_reached", 2, "desk", "aftersales-lead")]
    entry = desk.story(case_no=CASE_NO)["entries"][-3]
    assert (entry["what"], entry["note"]) == ("handed_on", "knows the site")
    assert entry["text"]["zh"] == "华南区域售后转交投诉升级：knows the site。"


def test_it_is_handed_on_one_level_up(desk: Desk):
    desk.tell(CASE.event(), BREACH)
    desk.do("hand_on", case_no=CASE_NO, up=True, reason="not mine", by="south-desk")
    assert shorts(desk.heard()) == [("step_reached", 2, "desk", "aftersales-lead")]


def test_what_was_resolved_by_hand_stays_so_until_something_new_happens(desk: Desk):
    desk.tell(CASE.event(), BREACH)
    desk.do("resolve", case_no=CASE_NO, reason="agreed by phone", by="desk")
    assert desk.heard()[0].data["reason"] == "agreed by phone"
    assert desk.tell(CASE.clock("handover", "breached", DUE, revision=4)) == []
    assert desk.tell(CASE.then("inspected", "2026-10-12 19:00").event()) == []
    heard = desk.tell(CASE.clock("opinion", "breached", "2026-10-15 18:00"))
    assert heard[0].data["escalation"]["escalation_id"] == f"{CASE_NO}.complaint.2"
    with pytest.raises(Conflict, match="is resolved already"):
        desk.do("acknowledge", escalation_id=f"{CASE_NO}.complaint.1", by="desk")


def test_field_staff_ask_for_help(desk: Desk):
    desk.tell(CASE.event())
    answer = desk.do("open", case_no=CASE_NO, by="technician-south", reason="the floor is wet, I need the desk")
    assert answer["escalations"][0]["level"] == 2
    assert shorts(desk.heard()) == [
        ("raised", "complaint", "help_asked"),
        ("step_reached", 2, "desk", "aftersales-lead"),
    ]
    desk.do("open", case_no=CASE_NO, by="technician-south", reason="still nobody")
    assert shorts(desk.heard())[-1] == ("step_reached", 3, "sales-vp")
    first = desk.story(case_no=CASE_NO)["entries"][0]
    assert first["text"]["en"] == "华南维保技师 asked for help: the floor is wet, I need the desk."
    desk.tell(CASE.then("closed", "2026-10-12 12:00").event())
    with pytest.raises(Conflict, match="reopen it first"):
        desk.do("open", case_no=CASE_NO, by="technician-south", reason="x")


def test_where_one_is_meant_the_answer_names_it_at_the_top(desk: Desk):
    desk.tell(a_case(severity="major").event())
    one = desk.do("acknowledge", case_no=CASE_NO, by="sales-vp")
    assert (one["escalation_id"], one["state"]) == (f"{CASE_NO}.major.1", "acknowledged")
    helped = desk.do("open", case_no=CASE_NO, by="desk")
    assert len(helped["escalations"]) == 2
    assert (helped["escalation_id"], helped["state"]) == (f"{CASE_NO}.complaint.1", "open")
    assert "escalation_id" not in desk.do("acknowledge", case_no=CASE_NO, by="desk")
    assert desk.do("resolve", case_no=CASE_NO, ladder="complaint", by="desk")["state"] == "resolved"


def test_a_team_that_nobody_says_they_formed_is_the_systems(desk: Desk):
    desk.tell(a_case(severity="major").event())
    desk.do("form_team", case_no=CASE_NO, leader="sales-vp", members=["desk"])
    assert desk.heard()[-1].data["by"] == "system:escalation"
    assert desk.story(case_no=CASE_NO)["entries"][-1]["text"]["zh"] == "系统成立处理小组：营销副总、投诉处理专员。"


def test_nobody_has_to_say_why(desk: Desk):
    desk.tell(CASE.event())
    desk.do("open", case_no=CASE_NO, by="technician-south")
    desk.do("hand_on", case_no=CASE_NO, up=True, by="desk")
    desk.do("resolve", case_no=CASE_NO, by="desk")
    assert "reason" not in desk.heard()[-1].data
    told = {entry["what"]: entry for entry in desk.story(case_no=CASE_NO)["entries"]}
    assert told["help_asked"]["text"] == {"zh": "华南维保技师请求支援。", "en": "华南维保技师 asked for help."}
    assert told["handed_on"]["text"]["zh"].endswith("转交投诉升级。")
    assert not any("note" in told[what] for what in ("help_asked", "handed_on", "resolved"))


def test_there_is_one_team_and_a_later_call_changes_it(desk: Desk):
    desk.tell(a_case(severity="major").event())
    desk.heard()
    asked = {"case_no": CASE_NO, "leader": "sales-vp", "members": ["desk", "sales-vp", "li.qiang"], "by": "sales-vp"}
    team = desk.do("form_team", **asked, visit_at="2026-10-13T09:00:00+08:00")["team"]
    assert team == {
        "leader": "sales-vp",
        "members": ["desk", "li.qiang"],
        "version": 1,
        "visit_at": "2026-10-13T09:00:00+08:00",
    }
    desk.do("form_team", **asked, visit_at="2026-10-13T09:00:00+08:00")
    assert desk.do("form_team", **asked)["team"]["version"] == 2
    first, second = desk.heard()
    assert (first.type, first.data["by"], first.sequence, second.sequence) == ("team.formed.v1", "sales-vp", 1, 2)
    assert "visit_at" not in second.data["team"]
    assert (
        desk.story(case_no=CASE_NO)["entries"][-1]["text"]["zh"]
        == "营销副总成立处理小组：营销副总、投诉处理专员、李强。"
    )


def test_a_work_order_has_no_team(desk: Desk):
    desk.tell(an_order("scheduled", "2026-10-12 08:00"))
    with pytest.raises(NotFound):
        desk.do("form_team", case_no="M-1-4", leader="sales-vp", members=["desk"], by="sales-vp")


def test_somebody_unknown_is_taken_while_the_example_organisation_is_in_use(desk: Desk):
    desk.tell(CASE.event(), BREACH)
    desk.do("acknowledge", case_no=CASE_NO, by="a stranger")
    assert desk.heard()[-1].data["by"] == "a stranger"
    assert desk.story(case_no=CASE_NO)["entries"][-1]["unknown"] == ["a stranger"]
    with pytest.raises(Invalid, match="nothing would reach them"):
        desk.do("hand_on", case_no=CASE_NO, to="a stranger", reason="x", by="desk")


def test_somebody_unknown_is_refused_in_an_organisation_of_ones_own(desk: Desk):
    desk.rules = rules_of(load_policy(), People(OWN))
    desk.tell(CASE.event(), BREACH)
    with pytest.raises(Forbidden, match="a stranger is nobody of ours"):
        desk.do("acknowledge", case_no=CASE_NO, by="a stranger")
    with pytest.raises(Invalid, match="members: a stranger is nobody of ours"):
        desk.do("form_team", case_no=CASE_NO, leader="hal", members=["a stranger"], by="hal")
    assert desk.do("acknowledge", case_no=CASE_NO, by="system:phone")


@pytest.mark.parametrize(
    ("method", "request_", "fields"),
    [
        ("acknowledge", {"by": "desk"}, {"escalation_id"}),
        ("acknowledge", {"case_no": "1"}, {"by"}),
        ("acknowledge", {"case_no": "1", "code": "123456"}, {"escalation_id"}),
        ("acknowledge", {"code": "12345"}, {"code"}),
        ("hand_on", {"case_no": "1", "by": "desk", "reason": "x"}, {"to"}),
        ("hand_on", {"case_no": "1", "by": "desk", "to": "desk", "up": True, "reason": "x"}, {"to"}),
        ("resolve", {"case_no": "1"}, {"by"}),
        ("open", {"by": "desk", "reason": "x"}, {"case_no"}),
        ("form_team", {"case_no": "1", "leader": "desk", "members": [], "by": "desk"}, {"members"}),
    ],
)
def test_what_is_missing_is_named(desk: Desk, method, request_, fields):
    with pytest.raises(Invalid) as refused:
        desk.do(method, **request_)
    assert set(refused.value.detail) == fields


def test_what_is_not_there_is_said(desk: Desk):
    with pytest.raises(NotFound, match="nothing is known of 9 here"):
        desk.do("acknowledge", case_no="9", by="desk")
    with pytest.raises(NotFound, match="nothing is known of x here"):
        desk.do("resolve", escalation_id="x", reason="x", by="desk")
    assert desk.story(case_no="9") == {"entries": [], "escalations": [], "team": None}
    desk.tell(CASE.event())
    with pytest.raises(NotFound, match="has no such escalation"):
        desk.do("acknowledge", case_no=CASE_NO, by="desk")


def test_who_is_on_duty_and_who_can_be_reached():
    told = who_is_on_duty(RULES, {"region": "south.guangdong", "role": "regional_desk"})
    assert [each["person"] for each in told["people"]] == ["south-desk"]
    assert len(who_is_on_duty(RULES, {"region": "north"})["people"]) > 5
    everywhere = who_is_on_duty(RULES, load(OnDuty(), {}))
    assert everywhere["region"] == "unassigned"
    assert "sales-vp" in {each["person"] for each in everywhere["people"]}
    steps = check_reachability(RULES, {"region": "west"})
    empty = [(each["rule"], each["also"]) for each in steps["empty"]]
    assert empty == [("complaint.steps[0]", ["owner"]), ("maintenance.steps[0]", ["owner"])]
    assert {each["region"] for each in check_reachability(RULES, {})["steps"]} == {
        "south",
        "north",
        "east",
        "unassigned",
    }
    alone = rules_of(load_policy(), People(OWN[:1]))
    last = [each for each in check_reachability(alone, {"region": "west"})["steps"] if each["level"] == 4]
    assert all(each["targets"] == [{"person": "hal", "role": "head"}] for each in last)


def test_whoever_is_complained_about_is_neither_asked_nor_heard(desk: Desk):
    heard = desk.tell(CASE.event(complained_about=["south-desk"]), BREACH)
    assert ("step_reached", 2, "desk", "aftersales-lead") in shorts(heard)
    assert all("south-desk" not in each for each in shorts(heard))
    assert heard[0].data["case"]["complained_about"] == ["south-desk"]
    for method, more in (("acknowledge", {}), ("resolve", {"reason": "x"}), ("hand_on", {"up": True, "reason": "x"})):
        with pytest.raises(Forbidden):
            desk.do(method, case_no=CASE_NO, by="华南区域售后", **more)
    with pytest.raises(Invalid) as wrong:
        desk.do("hand_on", case_no=CASE_NO, to="south-desk", reason="x", by="desk")
    assert list(wrong.value.detail) == ["to"]
    with pytest.raises(Invalid) as wrong:
        desk.do("form_team", case_no=CASE_NO, leader="desk", members=["south-desk"], by="sales-vp")
    assert list(wrong.value.detail) == ["members"]
