"""How a case looks: pure, from what the services answer."""

import pytest
from rich.console import Console

from shared.cli.cases.list_page import cases_page, urgent_page
from shared.cli.cases.page import Told, case_page, registered_page
from shared.cli.telling import spoken
from shared.cli.times import when

CASE = {
    "case_no": "123456789012",
    "state": "handed_over",
    "waiting": True,
    "version": 2,
    "mode": "live",
    "kind": "complaint",
    "channel": "phone",
    "region": "south.guangdong",
    "category": None,
    "severity": "major",
    "verifiable": True,
    "owner": "lin",
    "customer": {"name": "王芳", "phone": "+8613812345678", "anonymous": False},
    "subject": "Tiles [bold]came[/bold] off",
    "description": "Twelve of them.",
    "milestones": {"received": "2026-10-09T22:00:00+08:00"},
    "facts": [
        {
            "seq": 1,
            "fact": "received",
            "at": "2026-10-09T22:00:00+08:00",
            "by": "system:phone",
            "set": {"kind": "complaint"},
        },
        {
            "seq": 2,
            "fact": "promised",
            "at": "2026-10-09T22:10:00+08:00",
            "by": "lin",
            "key": "p2",
            "due_at": "2026-10-12T18:00:00+08:00",
        },
    ],
}
CLOCK = {
    "clock": "opinion",
    "case_no": "123456789012",
    "generation": 1,
    "revision": 1,
    "state": "running",
    "started_at": "2026-10-09T22:00:00+08:00",
    "due_at": "2026-10-13T18:00:00+08:00",
    "warned": [],
    "used_seconds": 0,
    "left_seconds": 86_400,
    "measure": "working",
    "provisional": False,
    "policy_version": "1",
    "calendar_version": "1",
}
OVERRUN = CLOCK | {"clock": "first_response", "state": "breached", "left_seconds": 0, "overdue_seconds": 180_000}
LATE = CLOCK | {"state": "late", "stopped_at": "2026-10-13T20:30:00+08:00"}
MET = CLOCK | {"state": "met", "stopped_at": "2026-10-12T09:00:00+08:00"}
STOPPED_BY = {"fact": "opinion_given", "at": "2026-10-13T20:30:00+08:00", "by": "lin"}


def explained(clock, **more):
    return {
        "clock": clock,
        "rule": {"source": "S0 7.2.3b", "stops_on": ["opinion_given"]},
        "text": {"zh": "自周五起三个工作日。", "en": "three working days from Friday."},
        "stops": {"zh": "给出处理意见时停止。", "en": "stops when an opinion is given."},
    } | more


def drawn(page, width: int = 160) -> str:
    console = Console(width=width, file=None, force_terminal=False)
    with console.capture() as captured:
        console.print(page)
    return captured.get()


def page_of(clocks, lang="en", *, case=CASE, explanations=None, width=160, everything=False) -> str:
    told = Told(case, clocks, [explained(each) for each in clocks or ()] if explanations is None else explanations)
    return drawn(case_page(told, lang, everything=everything), width)


def test_a_page_tells_what_it_is_what_is_due_why_and_what_stops_it():
    page = page_of([CLOCK])
    assert "1234 5678 9012" in page
    assert "handed_over (waiting for the customer)" in page
    assert "name: 王芳  phone: +8613812345678" in page
    assert "24h 00m of working time  10-13 18:00" in page
    assert "three working days from Friday. Stops when an opinion is given.  [S0 7.2.3b]" in page
    assert "p2  due: 10-12 18:00" in page
    assert "Times: 2026, +08:00" in page


def test_a_customers_words_are_shown_as_they_are():
    assert "Tiles [bold]came[/bold] off" in page_of([])


def test_the_whole_page_is_in_chinese_when_asked_for():
    page = page_of([OVERRUN], "zh")
    for said in ("已移交", "重大", "类型: 投诉", "客户: 姓名: 王芳", "首次答复", "已超时2天2小时", "受理", "承诺"):
        assert said in page
    assert "自周五起三个工作日。给出处理意见时停止。" in page
    for name in ("handed_over", "first_response", "promised", "complaint", "breached"):
        assert name not in page


def test_a_case_is_shown_without_its_clocks_when_sla_is_away():
    page = page_of(None)
    assert "sla does not answer now" in page
    assert "promised" in page


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        ({"state": "met", "stopped_at": "2026-10-12T09:00:00+08:00"}, "10-12 09:00"),
        ({"left_seconds": -60}, "-0h 01m"),
        ({"provisional": True}, "* provisional: holidays are not announced yet"),
        ({"generation": 3}, "opinion #3"),
        ({"key": "p2"}, "opinion p2"),
        ({"due_at": "2027-01-04T18:00:00+08:00"}, "2027-01-04 18:00"),
        ({"measure": "workdays", "left_seconds": 90_000}, "1d 1h on working days"),
    ],
)
def test_what_a_clock_shows(change, shown):
    assert shown in page_of([CLOCK | change])


def test_a_broken_deadline_says_how_much_it_is_overdue():
    assert page_of([OVERRUN]).count("2d 2h overdue") == 2


def test_late_clocks_are_explained_and_met_ones_when_asked_for():
    page = page_of([LATE], explanations=[explained(LATE, stopped_by=STOPPED_BY)])
    assert "late by 2h 30m: three working days from Friday. Stopped 10-13 20:30 by opinion_given (lin)." in page
    assert "three working days" not in page_of([MET])
    assert "three working days" in page_of([MET], everything=True)


def test_the_history_tells_what_only_intake_keeps():
    entry = {"seq": 3, "fact": "opinion_given", "at": "2026-10-10T09:00:00+08:00", "by": "chen", "version": 3}
    notice = entry | {"seq": 4, "fact": "warning_settled", "set": {"warning": True}, "text": "Check the batch."}
    detail = {"accountable": "lin", "text": "Laid too wet.", "unknown": ["by"]}
    page = page_of([], case=CASE | {"history": [entry | {"detail": detail}, notice]})
    assert "accountable: lin" in page
    assert "Laid too wet." in page
    assert "warning: yes" in page
    assert "not in the people file: by" in page


@pytest.mark.parametrize("width", [40, 60, 80, 100])
def test_numbers_and_times_are_never_cut_or_broken(width):
    page = page_of([CLOCK, OVERRUN, LATE], width=width)
    for whole in ("1234 5678 9012", "10-13 18:00", "10-13 20:30", "10-12 18:00", "first_response"):
        assert whole in page or (width < 80 and whole == "10-13 20:30")
    listed = drawn(cases_page([CASE]), width) + drawn(urgent_page([(CASE, [CLOCK])]), width)
    assert listed.count("123456789012") == 2
    assert max(len(line) for line in (page + listed).splitlines()) <= width


def test_broken_deadlines_are_named_in_the_list_of_an_owner():
    page = drawn(urgent_page([(CASE, [OVERRUN, OVERRUN, CLOCK]), (CASE, [CLOCK]), (CASE, [])]))
    assert "BREACHED first_response (+1)" in page
    assert "2d 2h overdue" in page
    assert "24h 00m of working time" in page


def test_lists_are_in_chinese_when_asked_for():
    page = drawn(cases_page([CASE | {"repeat_of": "1"}], "zh")) + drawn(urgent_page([(CASE, [OVERRUN])], "zh"))
    for said in ("工单", "已移交", "投诉", "重大", "(重复投诉 1)", "已超时 首次答复", "已超时2天2小时", "时间：2026年"):
        assert said in page


def test_a_registration_is_read_out():
    promise = {
        "reply_by": "2026-10-10T22:00:00+08:00",
        "opinion_by": "2026-10-14T18:00:00+08:00",
        "provisional": False,
        "explanation": {"zh": "我们将于周六答复您。", "en": "We will reply by Saturday."},
    }
    answer = {"case_no": "123456789012", "state": "registered", "duplicate": False, "promise": promise}
    page = drawn(registered_page(answer))
    assert "Case 1234 5678 9012" in page
    assert "Reply by    Sat 2026-10-10 22:00:00 +08:00" in page
    assert "We will reply by Saturday." in page
    assert "No promise" in drawn(registered_page(answer | {"promise": None}))
    again = answer | {"duplicate": True, "differs": ["subject"]}
    assert "registered before; this time differs: subject" in drawn(registered_page(again))
    chinese = drawn(registered_page(again, "zh"))
    for said in ("工单 1234", "已登记", "答复期限", "我们将于周六答复您。", "本次不同之处：主题"):
        assert said in chinese


def test_numbers_and_instants():
    assert spoken("123456789012") == "1234 5678 9012"
    assert when("2026-10-10T14:00:00.5+00:00") == "Sat 2026-10-10 14:00:00 +00:00"


def test_who_is_complained_about_is_shown_and_that_the_case_needs_another_owner():
    text = {"zh": "请转交给他人", "en": "hand it over to somebody else"}
    case = CASE | {"complained_about": ["li.qiang", "老王"], "needs_owner": {"owner": "li.qiang", "text": text}}
    assert "li.qiang, 老王" in page_of([], case=case)
    assert "hand it over to somebody else" in page_of([], case=case)
    assert "被投诉人: li.qiang、老王" in page_of([], "zh", case=case)
