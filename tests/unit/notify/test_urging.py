"""Who owes a task is told that it is urged: the department's people, its head, or the person (IN-21)."""

from typing import Any

import pytest

from services.notify.domain.intents import intents
from services.notify.domain.recipients import Directory
from services.notify.domain.told_cases import happenings_of_case
from services.notify.storage.policy_files import load_policy
from services.notify.storage.templates import Templates
from shared.base.people import load_people
from tests.unit.notify.events import Case

POLICY = load_policy()
DIRECTORY = Directory(load_people())
WHAT = {"zh": "提交原因分析", "en": "give your finding on the cause"}
DUE = "2026-10-13T18:00:00+08:00"


def told(owed_by: dict[str, Any], **attributes: Any) -> list[Any]:
    case = Case(**attributes).add("urged", key="t", due_at=DUE, set={"what": WHAT, "owed_by": owed_by})
    happenings = happenings_of_case(case.event().data["case"], frozenset({1}), None)
    found, skips = intents(happenings, POLICY, DIRECTORY)
    assert skips == []
    assert {each.rule for each in found} == {"urged"}
    return found


@pytest.mark.parametrize(
    ("owed_by", "who"),
    [
        ({"department": "aftersales", "names": ["aftersales", "售后服务部"], "persons": ["desk"]},
         ["aftersales-lead", "desk", "li.qiang"]),
        ({"department": "maintenance", "names": ["维保部"], "persons": []}, None),
        ({"persons": ["li.qiang"]}, ["li.qiang"]),
        ({"department": "quality", "names": ["quality", "品质部"], "persons": []}, ["south-desk"]),
        ({"persons": []}, ["south-desk"]),
    ],
)  # fmt: skip
def test_whoever_owes_it_is_told(owed_by: dict[str, Any], who: list[str] | None) -> None:
    found = told(owed_by, owner="south-desk")
    expected = who or [each.id for each in load_people().of_department(["维保部"])]
    assert sorted(each.recipient for each in found) == expected


@pytest.mark.parametrize(("language", "says"), [("zh-CN", "请品质部提交原因分析"), ("en", "on the cause (品质部)")])
def test_the_text_says_what_is_owed_by_whom_until_when(language: str, says: str) -> None:
    (intent,) = told({"department": "quality", "names": ["quality", "品质部"], "persons": []}, owner="south-desk")
    templates = Templates(None, POLICY.zone)
    text = templates.render("urged", "sms", language, intent.variables)
    assert says in str(text)
    assert "260000000017" in str(text)
    assert "品质部" in templates.render("urged", "email", language, intent.variables).subject
