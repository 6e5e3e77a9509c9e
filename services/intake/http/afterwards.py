"""Routes about what is decided behind the caller's back: repeats and assignment."""

from typing import Final

from services.intake.http.route import BODY, Route, scopes
from services.intake.schemas import answers_afterwards as answers
from services.intake.schemas.answers import CaseWithFacts

AFTERWARDS: Final = (
    Route(
        method="GET",
        path="/repeats",
        command="repeats",
        answers=answers.RepeatPage,
        by="by",
        scopes=scopes("clerk", "owner", "auditor"),
        summary="Cases that seem to be the same matter again; without case and state those to be decided",
    ),
    Route(
        method="POST",
        path="/cases/{case_no}/repeat/confirm",
        command="confirm_repeat",
        answers=CaseWithFacts,
        takes=BODY,
        scopes=scopes("clerk", "owner"),
        by="by",
        summary="It is the same matter: the case is linked to its first",
    ),
    Route(
        method="POST",
        path="/cases/{case_no}/repeat/reject",
        command="reject_repeat",
        answers=answers.Proposal,
        takes=BODY,
        scopes=scopes("clerk", "owner"),
        by="by",
        summary="It is a matter of its own, and never proposed again",
    ),
    Route(
        method="GET",
        path="/cases/{case_no}/assignment",
        command="explain_assignment",
        answers=answers.Explained,
        by="by",
        scopes=scopes("clerk", "owner", "auditor"),
        summary="Why a case went to whom it went, and what the rules would make of it now",
    ),
)
