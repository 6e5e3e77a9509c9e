"""The operator's file of duties: every mistake at once, each with its place and remedy (IN-21)."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from services.intake.domain.handling.duties import Duties, Limit
from services.intake.domain.handling.duties_file import Known, read_duties
from services.intake.storage.policy_files import HandlingFiles, load_handbook
from shared.kernel.errors import Misconfigured

KNOWN = Known(lambda who: who == "desk", ("head", "ops"))
SAYS = {"zh": "做", "en": "do it"}
DUTY: dict[str, Any] = {
    "says": SAYS,
    "steps": "reply",
    "owed_by": "owner",
    "after": "objected",
    "due": {"hours": 8},
}
EXAMPLE = Path(__file__).parents[3] / "deploy" / "examples" / "duties.yaml"
FRIDAY_NIGHT = datetime(2026, 10, 9, 14, tzinfo=UTC)


def read(duty: dict[str, Any] | None = None, **departments: Any) -> Duties:
    data = {"departments": departments, "duties": {"answer": {**DUTY, **(duty or {})}}}
    return read_duties(data, "duties.yaml", KNOWN)


def problems(duty: dict[str, Any] | None = None, **departments: Any) -> list[str]:
    with pytest.raises(Misconfigured) as refused:
        read(duty, **departments)
    return [each.removeprefix("duties.yaml: ") for each in refused.value.problems]


@pytest.mark.parametrize(
    ("given", "place", "remedy"),
    [
        ({"steps": "dance"}, "duties.answer.steps[0]", "'dance' is no step that does it; use add_evidence"),
        (
            {"steps": "reply", "owed_by": "asked", "after": "analysis_requested"},
            "duties.answer.steps[0]",
            "give_finding",
        ),
        ({"owed_by": "improver", "steps": "improve"}, "duties.answer.after", "effect_checked, improvement_set"),
        ({"after": "yesterday"}, "duties.answer.after", "'yesterday' begins no duty of this kind"),
        ({"owed_by": "nobody"}, "duties.answer.owed_by", "or {person: id}; use asked"),
        ({"owed_by": {"person": "ghost"}}, "duties.answer.owed_by.person", "is not in the people file"),
        ({"owed_by": {"department": "x"}}, "duties.answer.owed_by.department", "no department of this file"),
        ({"owed_by": {}}, "duties.answer.owed_by", "names nobody"),
        ({"due": {"days": 3}}, "duties.answer.due", "'days' is not known here"),
        ({"due": {}}, "duties.answer.due", "must be one limit"),
        ({"due": {"workdays": 0}}, "duties.answer.due.workdays", "from 1 to 250"),
        ({"due": {"hours": "8"}}, "duties.answer.due.hours", "must be a number"),
        ({"field": "shoe"}, "duties.answer.field", "'shoe' is no field of the form"),
        ({"severities": []}, "duties.answer.severities", "names no severity"),
        ({"ours": "yes"}, "duties.answer.ours", "true or false"),
        ({"says": "do it"}, "duties.answer.says", "must be a mapping"),
        ({"colour": 1}, "duties.answer", "'colour' is not known here"),
    ],
)
def test_each_mistake_is_told_with_its_place(given: dict[str, Any], place: str, remedy: str) -> None:
    found = problems(given)
    assert any(each.startswith(f"{place}: ") and remedy in each for each in found), found


def test_departments_are_told_apart_by_every_name() -> None:
    quality = {"names": {"zh": "品质部", "en": "Quality"}}
    found = problems(quality=quality, other={"names": {"zh": "其他", "en": "quality"}, "head": {"role": "cook"}})
    assert found == [
        "departments.other.head.role: 'cook' is not known; use one of head, ops",
        "departments.other: 'quality' is a name of quality too; give each department names of its own",
    ]
    duties = read(quality=quality)
    assert [duties.code_of(each) for each in ("QUALITY", "品质部", "质检")] == ["quality", "quality", "质检"]


def test_all_mistakes_are_told_at_once() -> None:
    assert len(problems({"steps": "dance", "due": 3, "after": None}, Bad={"names": {}})) >= 5


@pytest.mark.parametrize("data", [None, [], "x", {"duties": [1]}, {"departments": {"a": 1}}, {"duties": {"x": None}}])
def test_what_is_no_file_of_duties_is_refused(data: Any) -> None:
    with pytest.raises(Misconfigured):
        read_duties(data, "duties.yaml", KNOWN)


def test_the_built_in_file_is_good_and_asks_nothing_at_registration() -> None:
    duties = load_handbook().duties
    assert duties.by_name.keys() >= {"finding", "measure", "approval", "feedback", "effect"}
    assert not duties.begins_at_once


def test_the_example_is_good() -> None:
    duties = load_handbook(HandlingFiles(duties=EXAMPLE)).duties
    assert duties.begins_at_once
    assert duties.code_of("生产车间") == "works"


@pytest.mark.parametrize(
    ("limit", "due"),
    [
        (Limit(workdays=3), "2026-10-13T18:00:00+08:00"),
        (Limit(hours=8), "2026-10-10T18:00:00+08:00"),
        (Limit(elapsed_hours=1.5), "2026-10-09T15:30:00+00:00"),
    ],
)
def test_limits_are_counted_in_working_time(limit: Limit, due: str) -> None:
    assert limit.due(FRIDAY_NIGHT) == datetime.fromisoformat(due)
