"""What other services tell of a case becomes a fact of it; what concerns no case of ours is left alone."""

from typing import Any, Final

from marshmallow import EXCLUDE, Schema, fields

from services.intake.domain.dating import Dated
from services.intake.domain.facts import Draft
from services.intake.handlers.stepping import bring_back
from services.intake.schemas.common import CaseNumber
from shared.base.database import UnitOfWork
from shared.base.fields import NAME, Moment, Text
from shared.base.logs import logger
from shared.base.people import HEAD, People
from shared.base.schema import load
from shared.events import Envelope

log = logger(__name__)


class _Lenient(Schema):
    class Meta:
        unknown = EXCLUDE


class CaseNamed(_Lenient):
    """The case that an event names."""

    case_no = CaseNumber()


class Told(CaseNamed):
    """What intake reads of another service's event."""

    by = Text(NAME)
    at = Moment()
    case = fields.Nested(CaseNamed)


_TOLD: Final = Told()


def escalation_acknowledged(people: People, uow: UnitOfWork, event: Envelope) -> None:
    """The head has heard of the case, when it was the head who acknowledged (SLA table, major_report)."""
    if people.has_role(str(event.data.get("by")), HEAD):
        _bring_back(uow, event, Draft(name="head_acknowledged"))


def team_formed(uow: UnitOfWork, event: Envelope) -> None:
    """A handling team works on the case (ES-4)."""
    _bring_back(uow, event, Draft(name="team_formed"))


def order_planned(uow: UnitOfWork, event: Envelope) -> None:
    """A visit for the case is planned; `key` is the order's number."""
    _bring_back(uow, event, Draft(name="visit_planned", key=event.subject))


def order_completed(uow: UnitOfWork, event: Envelope) -> None:
    """A visit for the case is done; `key` is the order's number."""
    _bring_back(uow, event, Draft(name="visit_done", key=event.subject))


def _bring_back(uow: UnitOfWork, event: Envelope, draft: Draft) -> None:
    told = load(_TOLD, event.data)
    case_no = _case_no(told)
    if case_no is None:
        return
    by = told.get("by") or f"system:{event.source.rpartition('/')[2]}"
    if not bring_back(uow, case_no, draft, by, Dated(told.get("at") or event.time)):
        log.warning("an event names a case that is not here", type=event.type, case_no=case_no)


def _case_no(told: dict[str, Any]) -> str | None:
    """The case named in the event, directly or as its `case`."""
    found: str | None = told.get("case_no") or told.get("case", {}).get("case_no")
    return found
