"""The steps of joint analysis: what each asks beyond its row of the table (IN-4)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from services.intake.domain.case import Case
from services.intake.domain.facts import Draft
from services.intake.domain.handling.analysis import WAITED_FOR
from services.intake.domain.handling.book import Handbook
from services.intake.domain.handling.gate import Missing
from services.intake.domain.refusals import not_now
from shared.kernel.errors import Invalid
from shared.kernel.vocabulary import HISTORY

Fields = Mapping[str, Any]
FREED_BY: Final = "`give_finding`, `urge` its task, or `excuse_department` with the reason"


def missing_request(case: Case, _book: Handbook) -> list[Missing]:
    """A finding is given by those who were asked for it."""
    if case.mode == HISTORY or case.handling.analysis.asked:
        return []
    return [Missing("request for findings", "ask the departments: `request_analysis`")]


def missing_debtor(case: Case, _book: Handbook) -> list[Missing]:
    """Only who owes a finding is excused."""
    if case.mode == HISTORY or case.handling.analysis.missing():
        return []
    return [Missing("department that owes a finding", "nothing is to be done: nobody owes one")]


def missing_findings(case: Case, _book: Handbook) -> list[Missing]:
    """The cause is determined once everybody who was asked has said what they found (IN-4)."""
    if case.mode == HISTORY:
        return []
    return [Missing(f"finding of {each}", FREED_BY) for each in case.handling.analysis.missing()]


def give_finding(case: Case, fields: Fields, _at: datetime) -> Draft:
    """A department's own finding; given again, the later one counts."""
    return _of_department("finding_given", case, fields)


def excuse_department(case: Case, fields: Fields, _at: datetime) -> Draft:
    """A department that need not be waited for, with the reason."""
    asked = case.handling.analysis.asked.get(fields["department"])
    if case.mode != HISTORY and asked is not None and asked.state != WAITED_FOR:
        missing = case.handling.analysis.missing()
        raise not_now(case, f"{fields['department']} owes no finding any more", missing=missing)
    return _of_department("department_excused", case, fields)


def show_appraisal(case: Case, fields: Fields, _at: datetime) -> Draft:
    """The appraisal, as the customer was shown it; where it is not ours what comes next is still agreed (IN-4)."""
    judged = case.handling.analysis.judged
    if case.mode != HISTORY and judged and not judged.ours and "next_steps" not in fields:
        raise Invalid.field("next_steps", "is missing: the case was judged not ours; say what comes next for them")
    return Draft(name="appraisal_shown", detail=fields)


def _of_department(fact: str, case: Case, fields: Fields) -> Draft:
    department, asked = fields["department"], case.handling.analysis.asked
    if case.mode != HISTORY and department not in asked:
        why = f"{department} was not asked for its finding; asked are {', '.join(asked) or 'none'} (`request_analysis`)"
        raise not_now(case, why, asked=list(asked))
    return Draft(name=fact, key=department, detail={name: fields[name] for name in fields if name != "department"})
