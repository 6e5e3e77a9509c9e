"""What other services tell of a case becomes a fact of it, a defect a case; what concerns no case is left alone."""

from typing import Any, Final

from marshmallow import EXCLUDE, Schema, fields

from services.intake.domain.dating import Dated
from services.intake.domain.facts import Draft
from services.intake.domain.vocabulary import HEAD_ACKNOWLEDGED, TEAM_FORMED, VISIT_DONE, VISIT_PLANNED
from services.intake.handlers.house import House
from services.intake.handlers.repairing import DEFECT_FOUND, open_repair
from services.intake.handlers.stepping import bring_back
from shared.base.database import UnitOfWork
from shared.base.fields import NAME, CaseNumber, Moment, Text
from shared.base.logs import logger
from shared.base.people import HEAD
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
ACKNOWLEDGED: Final = "escalation.acknowledged.v1"
_FACTS: Final = {
    ACKNOWLEDGED: HEAD_ACKNOWLEDGED,
    "team.formed.v1": TEAM_FORMED,
    "order.planned.v1": VISIT_PLANNED,
    "order.completed.v1": VISIT_DONE,
}
FROM_ESCALATION: Final = (ACKNOWLEDGED, "team.formed.v1")
_VISITS: Final = ("order.planned.v1", "order.completed.v1")
FROM_MAINTENANCE: Final = (*_VISITS, DEFECT_FOUND)


def hear(house: House, uow: UnitOfWork, event: Envelope) -> None:
    """What another service tells becomes a fact of a case, or a case."""
    if event.type == DEFECT_FOUND:
        open_repair(house.people, uow, event)
    else:
        bring_back_fact(house, uow, event)


def bring_back_fact(house: House, uow: UnitOfWork, event: Envelope) -> None:
    """The fact that this event brings back to its case, if it does."""
    told = load(_TOLD, event.data)
    if event.type == ACKNOWLEDGED and not house.people.has_role(told.get("by", ""), HEAD):
        return  # only the head's own acknowledgement says that the head has heard of it (SLA table, major_report)
    case_no = _case_no(told)
    if case_no is None:
        return
    # An order's number tells the visits of a case apart.
    key = event.subject if event.type in _VISITS else None
    by = told.get("by") or f"system:{event.source.rpartition('/')[2]}"
    dated = Dated(told.get("at") or event.time)
    if not bring_back(uow, house.handbook, case_no, Draft(name=_FACTS[event.type], key=key), by, dated):
        log.warning("an event names a case that is not here", type=event.type, case_no=case_no)


def _case_no(told: dict[str, Any]) -> str | None:
    """The case named in the event, directly or as its `case`."""
    found: str | None = told.get("case_no") or told.get("case", {}).get("case_no")
    return found
