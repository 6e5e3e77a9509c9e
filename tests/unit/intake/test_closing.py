"""What a case needs before it closes, and what a call back reopens: by an operator's file."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.intake.domain.case import Case
from services.intake.domain.handling.book import Handbook
from services.intake.domain.handling.closing_rules import NEEDS, ClosingRules, read_closing
from services.intake.domain.handling.gate import missing_to_close
from services.intake.domain.handling.telling import handling_as_wire
from services.intake.domain.steps import legal_steps
from services.intake.domain.take import Taken, take
from services.intake.storage.policy_files import HandlingFiles, load_handbook
from shared.kernel.errors import Conflict, Misconfigured
from shared.kernel.vocabulary import KINDS, SEVERITIES
from tests.unit.intake.builders import FIELDS, NOW, a_case, asked

BOOK = load_handbook()
LIFE = (
    *("hand_over", "give_opinion", "determine_cause", "propose_measure"),
    *("approve", "resolve", "record_reaction", "improve"),
)
LACKS = {
    "record_reaction": ("reaction", "`record_reaction`"),
    "determine_cause": ("cause", "`reopen` it, then"),
    "improve": ("improvement", "`improve`"),
    "approve": ("approval of quality", "`reopen` it, then `approve`"),
}


def lived(*but: str, case: Case | None = None, **given: Any) -> Case:
    """A serious case after everything that closing asks for, but these steps."""
    case = case or a_case(**{"severity": "serious", **given})
    for step in (*LIFE, "revisit"):
        if step not in but:
            case = do(case, step).case
    return case


def do(case: Case, step: str, book: Handbook = BOOK, hours: int = 0, **fields: Any) -> Taken:
    return take(case, asked(step, fields=fields), NOW + timedelta(hours=hours), book)


@pytest.mark.parametrize("severity", SEVERITIES[1:])
def test_a_serious_case_closes_when_everything_is_there(severity: str) -> None:
    case = lived(severity=severity)
    assert handling_as_wire(case, BOOK)["handling"]["closing"] == {"missing": []}
    assert do(case, "close").case.state == "closed"


@pytest.mark.parametrize("step", LACKS)
def test_what_is_missing_is_named_with_what_brings_it(step: str) -> None:
    what, remedy = LACKS[step]
    case = lived(step)
    with pytest.raises(Conflict) as refused:
        do(case, "close")
    [missing] = refused.value.detail["missing"]
    assert missing["what"] == what
    assert remedy in missing["remedy"]
    assert what in refused.value.message
    assert refused.value.detail["state"] == "revisited"
    assert refused.value.detail["legal"] == legal_steps(case, BOOK)
    assert "close" not in refused.value.detail["legal"]
    assert handling_as_wire(case, BOOK)["handling"]["closing"]["missing"] == [missing]


def test_everything_that_is_missing_is_told_at_once() -> None:
    case = lived("determine_cause", "propose_measure", "approve", "record_reaction", "improve")
    assert [each.what for each in missing_to_close(case, BOOK)] == ["reaction", "cause", "improvement", "approvals"]


def test_who_closes_too_early_hears_when_it_is_possible_and_what_is_missing() -> None:
    case = replace(lived("record_reaction", "improve"), state="resolved")
    with pytest.raises(Conflict, match="while it is resolved, only while it is revisited") as refused:
        do(case, "close")
    assert [each["what"] for each in refused.value.detail["missing"]] == ["reaction", "improvement"]


def test_a_mild_case_and_the_past_close_as_the_table_says() -> None:
    for case in (lived(*LIFE[2:5], *LIFE[6:], severity="minor"), lived(*LIFE[2:5], *LIFE[6:], mode="history")):
        assert "close" in legal_steps(case, BOOK)
        assert do(case, "close").case.state == "closed"


@pytest.mark.parametrize("kind", KINDS)
def test_the_gate_stands_before_every_kind(kind: str) -> None:
    case = replace(a_case(kind=kind, severity="serious"), state="resolved" if kind == "inquiry" else "revisited")
    assert "close" not in legal_steps(case, BOOK)


def test_what_an_answer_resolved_asks_for_no_handling() -> None:
    answered = do(do(a_case(kind="inquiry", severity="serious"), "start_investigation").case, "resolve").case
    assert [each.what for each in missing_to_close(answered, BOOK)] == ["reaction"]
    assert do(do(answered, "record_reaction", hours=1).case, "close", hours=2).case.state == "closed"
    worked_out = do(do(a_case(kind="inquiry", severity="serious"), "hand_over").case, "give_opinion").case
    missing = [each.what for each in missing_to_close(do(worked_out, "resolve").case, BOOK)]
    assert missing == ["reaction", "cause", "improvement", "approvals"]


def test_a_reaction_to_an_earlier_result_is_none_to_this_one() -> None:
    case = do(do(lived(), "reopen", hours=1).case, "give_opinion", hours=2).case
    case = do(do(case, "resolve", hours=3).case, "revisit", hours=4).case
    assert [each.what for each in missing_to_close(case, BOOK)] == ["reaction"]
    assert do(do(case, "record_reaction", hours=5).case, "close", hours=6).case.state == "closed"


def test_who_is_told_that_it_is_not_ours_was_shown_why() -> None:
    case = do(a_case(severity="serious"), "determine_cause", ours=False).case
    case = lived("determine_cause", case=case)
    assert missing_to_close(case, BOOK) == [], "as shipped it is owed, and stops nobody"
    stricter = replace(BOOK, closing=ClosingRules(needs={"serious": ("appraisal",)}))
    assert [each.what for each in missing_to_close(case, stricter)] == ["appraisal"]
    shown = replace(case, milestones={**case.milestones, "appraisal_shown": NOW})
    assert missing_to_close(shown, stricter) == []


def test_money_that_was_promised_is_paid_first() -> None:
    case = do(lived(), "propose_compensation").case
    key = f"c{case.last_seq}"
    assert [each.what for each in missing_to_close(case, BOOK)] == [f"decision on compensation {key}"]
    case = do(case, "approve_compensation", compensation_id=key).case
    assert [each.what for each in missing_to_close(case, BOOK)] == [f"payment of compensation {key}"]
    assert missing_to_close(do(case, "refuse_compensation", compensation_id=key).case, BOOK) == []
    assert do(do(case, "pay_compensation", compensation_id=key).case, "close").case.state == "closed"


# --- the call back ---


@pytest.mark.parametrize(
    ("fields", "because"),
    [
        ({"satisfied": False}, ["not_satisfied"]),
        ({"satisfied": True, "score": 3}, ["score_under_limit"]),
        ({"satisfied": True, "demand_met": False}, ["demand_not_met"]),
        (
            {"satisfied": False, "score": 0, "demand_met": False},
            ["not_satisfied", "score_under_limit", "demand_not_met"],
        ),
    ],
)
def test_who_is_not_content_has_the_case_back_one_severity_up(fields: dict[str, Any], because: list[str]) -> None:
    outcome = do(lived("revisit", severity="minor"), "revisit", **fields)
    assert [entry.fact.name for entry in outcome.entries] == ["revisited", "reopened", "severity_raised"]
    assert (outcome.case.state, outcome.case.severity) == ("investigating", "serious")
    assert outcome.entries[1].detail["because"] == because
    assert outcome.entries[2].fact.set == {"severity": "serious"}
    assert outcome.case.version == lived("revisit").version + 1


@pytest.mark.parametrize("fields", [{}, {"score": 4}, {"score": 10, "demand_met": True}])
def test_who_is_content_is_left_in_peace(fields: dict[str, Any]) -> None:
    assert do(lived("revisit"), "revisit", **fields).case.state == "revisited"


def test_above_critical_there_is_nothing() -> None:
    outcome = do(lived("revisit", severity="critical"), "revisit", satisfied=False)
    assert [entry.fact.name for entry in outcome.entries] == ["revisited", "reopened"]
    assert outcome.case.severity == "critical"


def test_only_the_call_back_reopens_and_never_the_past() -> None:
    assert do(lived("revisit"), "record_reaction", score=0).case.state == "resolved"
    past = lived("revisit", mode="history")
    assert do(past, "revisit", satisfied=False, score=0).case.state == "revisited"


# --- the file ---


def test_an_operator_s_own_file(tmp_path: Path) -> None:
    file = tmp_path / "closing.yaml"
    file.write_text("needs: {minor: reaction}\nscore_limit: 0\n")
    book = load_handbook(HandlingFiles(closing=file))
    assert book.closing == ClosingRules(needs={"minor": ("reaction",)}, score_limit=0)
    mild, serious = (replace(a_case(severity=each), state="revisited") for each in ("minor", "serious"))
    assert "close" not in legal_steps(mild, book)
    assert "close" in legal_steps(serious, book)
    assert do(lived("revisit"), "revisit", book, score=0).case.state == "revisited"


def test_every_mistake_in_the_file_is_told() -> None:
    with pytest.raises(Misconfigured) as refused:
        read_closing({"needs": {"serious": ["result", "cake"], "huge": []}, "score_limit": 11, "more": 1}, "mine.yaml")
    told = "\n".join(refused.value.problems)
    for place in ("mine.yaml: needs.serious[1]", "'huge'", "score_limit", "'more'"):
        assert place in told


def test_the_built_in_file_asks_for_everything_from_serious_on() -> None:
    assert BOOK.closing.needs["minor"] == ()
    assert {BOOK.closing.needs[each] for each in SEVERITIES[1:]} == {
        tuple(need for need in NEEDS if need != "appraisal")
    }
    assert BOOK.closing.score_limit == 4
    assert set(LIFE) <= set(FIELDS)
