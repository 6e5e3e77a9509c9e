"""How the handling of a case, its history and what is owed look: pure, from what intake answers."""

from typing import Any

import pytest

from shared.cli.cases.handling_part import handling_instants, handling_part, turn_line
from shared.cli.cases.history_page import history_page
from shared.cli.cases.task_table import task_table, whose
from shared.cli.problems import lines
from shared.cli.times import Times
from shared.kernel.errors import Conflict, NotFound
from tests.unit.cli.test_case_page import CASE, drawn, page_of

AT = "2026-10-12T10:00:00+08:00"
FORM: dict[str, Any] = {
    "round": 2,
    "measures": [{"department": "品质部", "by": "desk", "at": AT, "round": 1, "seq": 4}],
    "approvers": ["品质部", "生产部", "技术部"],
    "named": True,
    "approvals": [{"department": "品质部", "by": "aftersales-lead", "at": AT, "round": 2, "seq": 9}],
    "waits_for": ["生产部", "技术部"],
    "approved": False,
    "order": "in_turn",
    "next": "生产部",
    "plan": {"subject_to_approval": True, "stands": True},
    "missing_to_treat": [{"what": "approval of 生产部", "remedy": "`approve` by 生产部"}],
}
COMPENSATION = {"compensation_id": "c7", "kind": "money", "amount": "500.00", "currency": "CNY", "state": "proposed"}
MISSING = [
    {"what": "improvement", "remedy": "set a measure against recurrence: `improve`"},
    {"what": "decision on compensation c7", "remedy": "`approve_compensation` or `refuse_compensation`"},
]
TASK: dict[str, Any] = {
    "case_no": "123456789012",
    "task_id": "finding:quality",
    "duty": "finding",
    "what": {"zh": "提交原因分析", "en": "give your finding on the cause"},
    "owed_by": {"department": "quality", "name": {"zh": "品质部", "en": "Quality"}},
    "due_at": "2026-10-14T18:00:00+08:00",
    "state": "overdue",
    "urged": 2,
}
FILE = {"name": "kitchen.jpg", "kind": "photo", "size": 2_048, "by": "li.qiang", "at": AT, "kept": True}
ANALYSIS = {
    "category": "product_quality",
    "cause": "quality_defect",
    "departments": [{"department": "quality", "name": {"zh": "品质部", "en": "Quality"}}],
    "ours": True,
    "asked": [{"name": {"zh": "生产部", "en": "Production"}, "state": "asked", "due_at": AT}],
    "missing": ["production"],
}
IMPROVEMENT = {"improvement_id": "i9", "owner": "lin", "due_at": AT, "effect": "without_effect", "checked_at": AT}
SERIOUS = CASE | {
    "handling": {
        "analysis": ANALYSIS,
        "improvements": [IMPROVEMENT],
        "form": FORM,
        "compensation": [COMPENSATION | {"proposed_by": "li.qiang"}],
        "closing": {"missing": MISSING},
    },
    "tasks": [TASK, TASK | {"task_id": "plan", "state": "done"}],
    "evidence": [FILE | {"digest": "sha256:" + "ab" * 32}],
}


def test_the_page_of_a_serious_case_shows_the_form_and_whose_turn_it_is():
    page = page_of([], case=SERIOUS, width=200)
    for said in (
        "category: product_quality  cause: quality_defect  ours: yes  departments: Quality",
        "Production  asked  10-12 10:00",
        "i9  lin    10-12 10:00  10-12 10:00  without_effect",
        "Handling form #2",
        "approvals: in turn: 生产部 is next, then 技术部",
        "plan: agreed, subject to approval",
        "approval of 生产部: `approve` by 生产部",
        "c7  money  500.00 CNY  proposed",
        "improvement: set a measure against recurrence: `improve`",
        "finding:quality  Quality  10-14 18:00  overdue  2      give your finding on the cause",
        "kitchen.jpg  photo  2048  li.qiang  10-12 10:00  sha256:abab",
    ):
        assert said in page
    assert "plan  " not in page.partition("Tasks owed")[2].partition("\n\n")[0]


def test_it_is_in_chinese_when_asked_for():
    page = page_of([], "zh", case=SERIOUS, width=200)
    for said in (
        "原因判定: 质量异常  属我方责任: 是  部门: 品质部",
        "生产部  待提交",
        "投诉处理单 #2",
        "依次审批，轮到 生产部，其后 技术部",
        "已商定，以审批同意为准",
        "生产部审批（approve）",
        "改进措施（improve）",
        "补偿c7的审批（approve_compensation、refuse_compensation）",
        "现金补偿",
        "待审批",
        "品质部",
        "已逾期",
        "提交原因分析",
        "照片",
    ):
        assert said in page


def test_a_mild_case_has_no_such_part():
    assert list(handling_part(CASE, Times([]), "en")) == []
    assert list(handling_instants(CASE)) == []


@pytest.mark.parametrize(
    ("change", "en", "zh"),
    [
        ({"approved": True}, "none is missing", "要求的审批已齐"),
        ({"waits_for": []}, "nobody is asked to approve yet", "尚无人被要求审批"),
        ({"next": None}, "waits for 生产部, 技术部", "等待审批：生产部、技术部"),
        ({"waits_for": ["生产部"]}, "in turn: 生产部 is next", "依次审批，轮到 生产部"),
    ],
)
def test_whose_turn_it_is(change, en, zh):
    assert (turn_line(FORM | change, "en"), turn_line(FORM | change, "zh")) == (en, zh)


def test_who_owes_a_task():
    assert whose(TASK) == "Quality"
    assert whose(TASK | {"owed_by": {"person": "li.qiang"}}) == "li.qiang"
    assert whose(TASK | {"owed_by": {"person": None}}, "zh") == "尚无负责人"
    narrow = drawn(task_table([TASK], Times([TASK["due_at"]]), with_case=True), 60)
    assert "finding:quality" in narrow
    assert "1234 5678 9012" in narrow


def entry(seq: int, fact: str, **more: Any) -> dict[str, Any]:
    at = f"2026-10-{9 + seq:02}T10:00:00+08:00"
    return {"seq": seq, "fact": fact, "at": at, "recorded_at": at, "by": "lin", "version": seq, "detail": {}} | more


HISTORY = CASE | {
    "history": [
        entry(
            1,
            "received",
            at="2026-10-10T08:30:00+08:00",
            set={"category": "other", "region": "south"},
            detail={"account": {"subject": "Tiles"}, "customer": {"name": "王芳"}},
        ),
        entry(
            2,
            "corrected",
            set={"category": "misuse"},
            detail={
                "set": {"subject": "Floor tiles", "customer": {"name": "王方"}, "category": "misuse"},
                "reason": "x",
            },
        ),
        entry(3, "corrected", set={"category": "other"}, detail={"set": {"category": "other"}, "reason": "y"}),
        entry(4, "arrived", detail={"dated_back": True, "at_reason": "no network"}, at="2026-10-11T09:00:00+08:00"),
        entry(5, "replied", detail={"claimed_at": "2026-10-10T09:00:00+08:00"}, text="We come."),
    ]
}


def test_the_history_shows_when_it_happened_beside_when_it_was_recorded():
    page = drawn(history_page(HISTORY), 200)
    assert "5 entries" in page
    assert "10-10 08:30  10-10 10:00  received" in page
    assert "10-11 09:00  10-13 10:00  arrived" in page


def test_corrections_show_what_stood_there_before():
    page = drawn(history_page(HISTORY), 200)
    for said in (
        "category: misuse (was: other)",
        "subject: Floor tiles (was: Tiles)",
        "customer.name: 王方 (was: 王芳)",
        "category: other (was: misuse)",
    ):
        assert said in page


def test_what_was_dated_back_or_claimed_is_marked():
    page, chinese = drawn(history_page(HISTORY), 200), drawn(history_page(HISTORY, "zh"), 200)
    assert "dated back: no network" in page
    assert "said to have happened 10-10 09:00, which does not count: no reason given" in page
    assert "补记倒填：no network" in chinese
    assert "声称发生于 10-10 09:00，未被采信：未说明理由" in chinese
    assert "（原为：其他）" in chinese
    assert "客户.姓名: 王方" in chinese


def test_the_end_of_a_long_history_is_shown_alone():
    page = drawn(history_page(HISTORY, since=3), 200)
    assert "was: misuse" in page
    assert "received" not in page


def test_a_refusal_names_what_is_missing_and_what_brings_it():
    error = Conflict("case 1: close is not possible yet", {"legal": ["improve"], "missing": MISSING[:1]})
    assert lines(error) == [
        "case 1: close is not possible yet",
        "missing: improvement: set a measure against recurrence: `improve`",
    ]


def test_who_urges_a_task_that_is_none_is_told_which_there_are():
    error = NotFound("case 1 has no task x", {"task_id": "x", "open": ["cause", "plan"]})
    assert lines(error) == ["case 1 has no task x", "open tasks: cause, plan"]


@pytest.mark.parametrize(("lang", "words"), [("en", TASK["what"]["en"]), ("zh", TASK["what"]["zh"])])
def test_an_urge_is_told_by_its_words_and_a_kept_file_by_its_digest(lang, words):
    others = {"duty": "finding", "owed_by": {"persons": ["lin"]}, "since": "2026-10-10T01:00:00+00:00"}
    digest = "sha256:" + "ab" * 32
    file = {"ref": f"evidence:{digest}", "kind": "photo", "digest": digest}
    entries = [
        {"seq": 1, "fact": "urged", "key": TASK["task_id"], "set": {"what": TASK["what"], **others}},
        {"seq": 2, "fact": "evidence_added", "detail": {"evidence": [file, {"ref": "https://f.example/1"}]}},
    ]
    history = [each | {"at": AT, "recorded_at": AT, "by": "zhang.min"} for each in entries]
    page = drawn(history_page(SERIOUS | {"history": history}, lang), 200)
    assert words in page
    assert TASK["task_id"] in page
    assert page.count(digest) == 1
    assert "https://f.example/1" in page
    assert not any(other in page for other in ("owed_by", "since", "09:00"))
