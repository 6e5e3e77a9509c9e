"""Refusals of the domain: each names the state and what is legal instead (IN-7)."""

from collections.abc import Sequence
from typing import Any

from services.intake.domain.case import Case
from services.intake.domain.numbers import is_case_number
from shared.kernel.errors import Conflict, NotFound


def conflict(case: Case, why: str, legal: Sequence[str], **more: Any) -> Conflict:
    """Not possible in the case's present state; `legal` are the steps that are."""
    return not_now(case, why, legal=list(legal), **more)


def not_now(case: Case, why: str, **more: Any) -> Conflict:
    """Not possible as the case stands; whoever takes the step adds which steps are."""
    detail = {"state": case.state, "waiting": case.waiting, "version": case.version, **more}
    return Conflict(f"case {case.case_no}: {why}", detail)


def no_such_case(case_no: str) -> NotFound:
    """The refusal of a number that no case has."""
    hint = "" if is_case_number(case_no) else ": its check digit is wrong, so a digit was mistyped"
    return NotFound(f"no case {case_no}{hint}", {"case_no": case_no})
