"""What a case means for its survey: resolving it asks its customer, a score given to one of us is an answer (IN-17)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from services.intake.domain.case import Case
from services.intake.domain.surveys import from_step
from services.intake.storage.surveys import Row, SurveyFile, new_code
from shared.base.database import UnitOfWork
from shared.kernel.vocabulary import HISTORY

SCORED: Final = ("revisit", "record_reaction")
"""Steps in which a customer may say how content they are."""


def follow_step(uow: UnitOfWork, case: Case, request: Mapping[str, Any]) -> None:
    """What a step means for the survey of its case: resolving asks, a score given to one of us answers."""
    step = request["step"]
    if step == "resolve" and case.mode != HISTORY and _is_reached(case):
        SurveyFile(uow.connection).ask_of(case, new_code(), uow.now)
    elif step in SCORED and "score" in request:
        answer = {"score": from_step(request["score"]), "comment": request.get("text"), "via": "clerk"}
        answer_of_case(SurveyFile(uow.connection), case, answer | {"answered_at": uow.now}, uow.now)


def answer_of_case(file: SurveyFile, case: Case, answer: Row, now: datetime) -> Row:
    """Keep what the customer of a case answered."""
    survey = file.of_case(case.case_no)
    # Where nobody was asked, as of a case whose customer left no address, the answer counts all the same.
    return file.answer(survey or file.ask_of(case, new_code(), now), answer, case)


def _is_reached(case: Case) -> bool:
    customer = case.customer
    return not customer.anonymous and bool(customer.phone or customer.email)
