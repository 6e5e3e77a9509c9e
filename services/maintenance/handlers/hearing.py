"""What intake tells of the repair cases that our defects opened (MA-5)."""

from typing import Any, Final

from services.maintenance.storage import findings
from shared.base.database import UnitOfWork
from shared.base.logs import logger
from shared.events import Envelope
from shared.kernel.told import understood
from shared.kernel.vocabulary import HISTORY

log = logger(__name__)

SOURCE: Final = "maintenance"
CASE_EVENTS: Final = tuple(f"case.{fact}.v1" for fact in ("registered", "resolved", "closed", "withdrawn", "reopened"))
"""What a defect's case may become; every event carries the whole case, so that the newest version is enough."""


def case_changed(uow: UnitOfWork, event: Envelope) -> None:
    """Keep the number and state of a defect's case; raises Rejected for what is no case."""
    with understood("a case"):
        case = event.data["case"]
        if case["mode"] == HISTORY or case.get("source") != SOURCE:
            return
        told = _told(case)
    if told is not None and not findings.link_case(uow.connection, *told):
        log.info("a case of maintenance is known already, or belongs to no defect", case_no=told[1])


def _told(case: Any) -> tuple[str, str, int, str] | None:
    """The defect, its case, that case's version and state."""
    if case.get("external_ref") is None:
        return None
    return str(case["external_ref"]), str(case["case_no"])[:20], int(case["version"]), str(case["state"])[:20]
