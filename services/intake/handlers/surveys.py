"""Satisfaction (IN-17): what customers answer; nothing that they answered earlier is lost."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from services.intake.domain.dating import refuse_ahead
from services.intake.domain.handling.book import CONTRACT, Handbook
from services.intake.domain.refusals import conflict, no_such_case
from services.intake.domain.steps import legal_steps
from services.intake.domain.surveys import figures, to_step
from services.intake.domain.take import Asked, take
from services.intake.domain.vocabulary import CLOSED, RESOLVED, REVISITED
from services.intake.handlers.rights import Rights
from services.intake.handlers.stepping import keep
from services.intake.handlers.survey_answers import answer_of_case
from services.intake.handlers.vouching import actor_of, marks_of
from services.intake.storage.repository import CaseFile, Kept
from services.intake.storage.surveys import Row, Sought, SurveyFile
from shared.base.database import UnitOfWork
from shared.base.paging import cut, place_after
from shared.base.people import People
from shared.kernel.errors import NotFound
from shared.kernel.instants import format_instant

Answer = dict[str, Any]
NOBODY: Final = "system:survey"
"""Who records what a customer answers without one of us."""
REACTION: Final = "record_reaction"
_ENDED: Final = (RESOLVED, REVISITED, CLOSED)


def record_survey(uow: UnitOfWork, people: People, request: Mapping[str, Any], book: Handbook = CONTRACT) -> Answer:
    """Keep an answer; that to the survey of a case is the customer's reaction, too, and stands in the case."""
    by = request.get("by", NOBODY)
    actor = actor_of(people, by)
    at = request.get("at", uow.now)
    refuse_ahead(at, uow.now, "at")
    file = SurveyFile(uow.connection)
    case_no = request.get("case_no")
    if case_no is None:
        survey = _meant(file, request)
        case_no = survey["case_no"]
        if case_no is None:
            return {"survey": as_wire(file.answer(survey, _answer(request, at), None))}
    kept = _ended_case(uow, book, case_no, request.get("phone"))
    answered = answer_of_case(file, kept.case, _answer(request, at), uow.now)
    fields = {"text": request.get("text") or f"{request['score']} / 5", "score": to_step(request["score"])}
    asked = Asked(step=REACTION, actor=actor, fields=fields, at=at, marks=marks_of(people, by=by))
    taken = take(kept.case, asked, uow.now, book)
    keep(uow, CaseFile(uow.connection), kept, taken, book)
    return {"survey": as_wire(answered), "state": taken.case.state, "version": taken.case.version}


def survey_statistics(connection: sa.Connection, request: Mapping[str, Any]) -> Answer:
    """How content customers are, by groups, each figure with the interval of 95 %."""
    by: Sequence[str] = request["by"]
    samples = SurveyFile(connection).samples(_sought(request), by)
    return {"rows": [{**_group(group), **figures(sample)} for group, sample in samples]}


def find_surveys(connection: sa.Connection, request: Mapping[str, Any], rights: Rights | None = None) -> Answer:
    """A page of answers, in the order in which customers were asked; those that `by` may see."""
    sight = rights.sight(request.get("by")) if rights else None
    found = SurveyFile(connection).page(replace(_sought(request), sight=sight), request["limit"], place_after(request))
    page, following = cut(found, request["limit"], lambda row: (row["asked_at"], row["id"]))
    return {"surveys": [as_wire(row) for row in page], **following}


def as_wire(row: Row) -> Answer:
    """A survey as it goes out."""
    told = {name: row[name] for name in ("code", "kind", "case_no", "customer_id", "period", "region", "score")}
    told |= {"text": row["comment"], "via": row["via"], "asked_at": format_instant(row["asked_at"])}
    if row["answered_at"]:
        told["answered_at"] = format_instant(row["answered_at"])
    told["answers"] = len(row["earlier"]) + bool(row["answered_at"])
    return {name: value for name, value in told.items() if value is not None}


def _meant(file: SurveyFile, request: Mapping[str, Any]) -> Row:
    if "code" in request:
        survey = file.of_code(request["code"])
    else:
        survey = file.of_period(request["customer_id"], request["period"])
    if survey is None:
        raise NotFound("no survey was sent with this code, or to this customer for this period")
    return survey


def _ended_case(uow: UnitOfWork, book: Handbook, case_no: str, phone: str | None) -> Kept:
    kept = CaseFile(uow.connection).find_to_change(case_no)
    if kept is None or (phone is not None and kept.case.customer.phone != phone):
        raise no_such_case(case_no)
    if kept.case.state not in _ENDED:
        why = f"it is {kept.case.state}; its customer is asked once it is resolved"
        raise conflict(kept.case, why, legal_steps(kept.case, book))
    return kept


def _answer(request: Mapping[str, Any], at: datetime) -> Answer:
    answer = {"score": float(request["score"]), "comment": request.get("text"), "via": request["via"]}
    return answer | {"answered_at": at}


def _sought(request: Mapping[str, Any]) -> Sought:
    same = ("kind", "period", "case_no", "customer_id", "region", "most_score")
    given = {name: request[name] for name in same if name in request}
    return Sought(since=request.get("from"), before=request.get("to"), **given)


def _group(group: Mapping[str, Any]) -> Answer:
    """The names of a group; a month as people write it."""
    shown = dict(group)
    if shown.get("month") is not None:
        year, month = divmod(int(shown["month"]), 100)
        shown["month"] = f"{year}-{month:02}"
    return shown
