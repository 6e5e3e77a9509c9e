"""The answers of sla: clocks, due, promise, explain (SL-8, contracts 4)."""

import pytest

from services.sla import handlers
from services.sla.schemas import Due, Promise
from shared.base.schema import load
from shared.kernel.errors import Invalid, NotFound
from tests.integration.sla.desk import CASE_NO, RULES, Desk
from tests.unit.sla.cases import a_case, at

MONDAY = "2026-10-12 10:00"


def test_a_case_not_heard_of_has_no_clocks(desk: Desk):
    assert desk.clocks() == []


def test_a_case_number_may_be_written_with_spaces(desk: Desk):
    desk.tell(a_case(MONDAY))
    assert desk.clocks("2600 0000-0017") == desk.clocks(CASE_NO) != []


def test_time_used_and_left_go_on_between_events(desk: Desk):
    desk.tell(a_case(MONDAY))
    desk.clock.move_to(at("2026-10-12 14:00"))
    handover = desk.clock_of("handover")
    assert (handover["used_seconds"], handover["left_seconds"]) == (3 * 3600, 4 * 3600)


def test_keys_of_promises_are_told(desk: Desk):
    desk.tell(a_case(MONDAY).then("promised", MONDAY, key="P2", due="2026-10-15 10:00"))
    assert desk.clock_of("commitment")["key"] == "P2"


def test_due_is_paged_without_gaps_or_repeats(desk: Desk):
    for number in range(7):
        desk.tell(a_case(MONDAY, kind="inquiry"), case_no=f"2600000{number:05}")
    whole = desk.due()["clocks"]
    assert len(whole) == 14
    assert [each["due_at"] for each in whole] == sorted(each["due_at"] for each in whole)
    paged, asked = [], {"limit": 3}
    while True:
        page = desk.due(**asked)
        paged += page["clocks"]
        if "next" not in page:
            break
        asked = {"limit": 3, "after": page["next"]}
    assert paged == whole


def test_due_by_region_owner_and_instant(desk: Desk):
    mine = a_case(MONDAY, kind="inquiry", region="south.foshan").then("handed_over", MONDAY, set={"owner": "wang"})
    desk.tell(mine, case_no="260000000017")
    desk.tell(a_case(MONDAY, kind="inquiry", region="southern"), case_no="260000000025")
    desk.tell(a_case(MONDAY, kind="inquiry", region="south_foshan"), case_no="260000000033")
    assert {each["case_no"] for each in desk.due(region="south")["clocks"]} == {"260000000017"}
    assert {each["case_no"] for each in desk.due(region="south.foshan")["clocks"]} == {"260000000017"}
    assert {each["case_no"] for each in desk.due(owner="wang")["clocks"]} == {"260000000017"}
    assert desk.due(owner="zhao")["clocks"] == []
    before = desk.due(before="2026-10-13T10:00:01+08:00")["clocks"]
    assert {each["clock"] for each in before} == {"first_response"}
    assert desk.due(before="2026-10-13T10:00:00+08:00")["clocks"] == []


@pytest.mark.parametrize("owner", ["李强", "li.qiang"])
def test_an_owner_is_one_person_by_name_and_by_id(desk: Desk, owner: str):
    desk.tell(a_case(MONDAY).then("handed_over", MONDAY, set={"owner": owner}))
    for asked in ("李强", "li.qiang"):
        assert desk.due(owner=asked)["clocks"], asked
    assert desk.due(owner="li.qian")["clocks"] == []


def test_only_running_clocks_are_due(desk: Desk):
    desk.tell(a_case(MONDAY).then("waiting_started", "2026-10-12 11:00"))
    assert {each["clock"] for each in desk.due()["clocks"]} == {"handover", "first_response"}
    desk.fire("2026-10-12 18:00")
    assert {each["clock"] for each in desk.due()["clocks"]} == {"first_response"}


def test_what_was_overrun_is_due_too_when_asked_for(desk: Desk):
    case = a_case(MONDAY)
    desk.tell(case)
    desk.fire("2026-10-12 19:00")
    first = desk.due(breached=True)["clocks"][0]
    assert (first["clock"], first["state"], first["overdue_seconds"]) == ("handover", "breached", 3600)
    assert (first["measure"], first["left_seconds"]) == ("working", 0)
    assert desk.due()["clocks"] == desk.due(breached=True)["clocks"][1:]
    desk.tell(case.then("withdrawn", "2026-10-12 19:00"))
    assert desk.due(breached=True)["clocks"] == []


def test_clocks_say_which_version_of_the_case_they_are_of(desk: Desk):
    desk.tell(a_case(MONDAY), version=7)
    asked = {"case_no": CASE_NO}
    assert desk.answer(handlers.clocks_of_case, asked)["case_version"] == 7
    assert desk.answer(handlers.clocks_of_case, {"case_no": "x"}) == {"clocks": [], "case_version": 0}


def test_an_explanation_says_what_stops_the_clock(desk: Desk):
    desk.tell(a_case(MONDAY))
    told = {each["clock"]["clock"]: each for each in desk.explain(case_no=CASE_NO)["explanations"]}
    assert told["handover"]["stops"] == {
        "zh": "已移交负责人或办结时停止。",
        "en": "stops when the case is handed over to an owner, or the case is resolved.",
    }
    assert "a reply that says what will be done and by when" in told["first_response"]["stops"]["en"]
    assert told["first_response"]["rule"]["stops_on"] == ["replied", "resolved"]
    assert "; starts anew when the investigation starts, " in told["progress"]["stops"]["en"]


@pytest.mark.parametrize("token", ["x", "!!!!", "MTIz", "w7/Dvw=="])
def test_a_wrong_token_is_refused(desk: Desk, token):
    with pytest.raises(Invalid) as caught:
        desk.due(after=token)
    assert caught.value.detail == {"after": ["must be `next` of an earlier answer"]}


def promise_of(desk, **asked):
    return handlers.promise(RULES, desk.clock.now(), load(Promise(), asked))


def test_promise(desk: Desk):
    assert promise_of(desk, kind="complaint", at="2026-10-09T22:00:00+08:00") == {
        "reply_by": "2026-10-10T22:00:00+08:00",
        "opinion_by": "2026-10-14T18:00:00+08:00",
        "provisional": False,
        "explanation": {
            "zh": "我们将于2026年10月10日22:00（周六）前答复您，2026年10月14日18:00（周三）前给出处理意见。",
            "en": "We will reply by Sat 10 Oct 2026 22:00 and give our opinion by Wed 14 Oct 2026 18:00.",
        },
    }


def test_promise_from_now_and_without_an_opinion(desk: Desk):
    answer = promise_of(desk, kind="repair")
    assert answer["reply_by"] == "2026-10-13T10:00:00+08:00"
    assert "opinion_by" not in answer


def test_every_wrong_field_is_told_at_once():
    with pytest.raises(Invalid) as caught:
        load(Promise(), {"kind": "x", "severity": 1, "verifiable": "yes", "region": "A", "at": "now", "more": 1})
    assert set(caught.value.detail) == {"kind", "severity", "verifiable", "region", "at", "more"}
    with pytest.raises(Invalid) as caught:
        load(Due(), {"limit": 0, "before": 5, "owner": "", "after": []})
    assert set(caught.value.detail) == {"limit", "before", "owner", "after"}


def test_explain_one_clock(desk: Desk):
    case = a_case("2026-10-09 22:00").then("handed_over", "2026-10-09 22:00")
    desk.tell(case)
    (told,) = desk.explain(case_no=CASE_NO, clock="opinion")["explanations"]
    assert told["clock"] == desk.clock_of("opinion")
    assert told["rule"] == {
        "title": {"zh": "处理意见", "en": "opinion"},
        "source": "S0 7.2.3b",
        "counting": "working_days",
        "words": {
            "zh": "3个工作日，起算当日不计，至最后一日下班时止",
            "en": "3 working days, not counting the day it starts, to the close of the last one",
        },
        "calendar": "cn",
        "zone": "Asia/Shanghai",
        "stops_on": ["opinion_given", "resolved"],
        "amount": 3,
    }
    assert told["started_by"] == {"fact": "handed_over", "at": "2026-10-09T22:00:00+08:00", "by": "li"}
    assert told["counted"][0] == {"from": "2026-10-10T09:00:00+08:00", "to": "2026-10-10T12:00:00+08:00"}
    assert told["days_off"] == [{"date": "2026-10-11", "why": "weekend"}]
    assert told["make_up_days"] == ["2026-10-10"]
    assert told["pauses"] == []
    assert told["cut"] is False
    assert told["text"]["en"].startswith("opinion: from Fri 9 Oct 2026 22:00, 3 working days")


def test_explain_a_wait_and_a_stop(desk: Desk):
    case = a_case(MONDAY).then("waiting_started", "2026-10-12 11:00")
    desk.tell(case)
    (told,) = desk.explain(case_no=CASE_NO, clock="resolution")["explanations"]
    assert told["pauses"] == [{"from": "2026-10-12T11:00:00+08:00"}]
    assert told["rule"]["ours"] == "the limit"
    desk.tell(case.then("resolved", "2026-10-12 14:00"))
    (told,) = desk.explain(case_no=CASE_NO, clock="resolution")["explanations"]
    assert told["pauses"] == [{"from": "2026-10-12T11:00:00+08:00", "to": "2026-10-12T14:00:00+08:00"}]
    assert told["stopped_by"]["fact"] == "resolved"


def test_explain_every_clock(desk: Desk):
    desk.tell(a_case(MONDAY))
    assert [each["clock"]["clock"] for each in desk.explain(case_no=CASE_NO)["explanations"]] == [
        each["clock"] for each in desk.clocks()
    ]


def test_explain_what_is_not_there(desk: Desk):
    with pytest.raises(NotFound, match="has no clocks"):
        desk.explain(case_no=CASE_NO)
    desk.tell(a_case(MONDAY))
    with pytest.raises(NotFound, match="has no clock opinion; it has first_response, handover, progress, resolution"):
        desk.explain(case_no=CASE_NO, clock="opinion")


def test_explain_what_a_wait_would_do(desk: Desk):
    desk.tell(a_case("2026-10-12 10:00").then("handed_over", "2026-10-12 10:00"))
    resumed = "2026-10-14T10:00:00+08:00"
    asked = {"if_waiting_from": "2026-10-13T10:00:00+08:00", "if_resumed_at": resumed}
    (told,) = desk.explain(case_no=CASE_NO, clock="opinion", **asked)["explanations"]
    text = told["if"].pop("text")
    assert told["if"] == {
        "waits": True,
        "due_at": "2026-10-16T18:00:00+08:00",
        "moved_seconds": 86400.0,
        "provisional": False,
        "waiting_from": "2026-10-13T10:00:00+08:00",
        "resumed_at": resumed,
    }
    assert "instead of Thu 15 Oct 2026 18:00" in text["en"]
    assert desk.clock_of("opinion")["state"] == "running"


def test_explain_what_a_wait_from_now_would_do(desk: Desk):
    desk.tell(a_case("2026-10-12 10:00").then("handed_over", "2026-10-12 10:00"))
    (told,) = desk.explain(case_no=CASE_NO, clock="opinion", if_waiting_from="now")["explanations"]
    assert told["if"]["due_at"] == told["clock"]["due_at"]
    assert "working hours left" in told["if"]["text"]["en"]
    with pytest.raises(Invalid, match="later than if_waiting_from"):
        desk.explain(case_no=CASE_NO, if_waiting_from="now", if_resumed_at="2020-01-01T00:00:00Z")
    with pytest.raises(Invalid) as caught:
        desk.explain(case_no=CASE_NO, if_waiting_from="soon")
    assert set(caught.value.detail) == {"if_waiting_from"}
