"""What is owed in many cases at once: from their registration on, and when the duties themselves changed (IN-21)."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.intake.domain.handling.book import Handbook
from services.intake.domain.handling.duties import Duties
from services.intake.domain.handling.tasks import tasks_of
from services.intake.handlers.house import House
from services.intake.storage import tasks
from services.intake.storage.repository import Kept
from shared.base.database import UnitOfWork
from shared.base.people import People
from shared.base.vouching import admit

Answer = dict[str, Any]


def owe_at_once(house: House, uow: UnitOfWork, batch: Sequence[Kept]) -> None:
    """What the duties ask of a case that was only registered; nothing at all where they ask nothing.

    Steps go on meanwhile: what is owed is what the case makes that stands there by now.
    """
    if house.handbook.duties.begins_at_once:
        _make(uow, house.handbook.duties, tasks.as_they_stand(uow.connection, [kept.id for kept in batch]))


def renew_tasks(uow: UnitOfWork, people: People, book: Handbook, request: Mapping[str, Any]) -> Answer:
    """Make the tasks of a page of cases again, by the duties as they are now; `next` is there while there are more."""
    admit(people, request["by"])
    page = tasks.live_cases(uow.connection, request.get("after", 0), request["limit"])
    following = {"next": page[-1].id} if len(page) == request["limit"] else {}
    return {"cases": len(page), "changed": _make(uow, book.duties, page), **following}


def _make(uow: UnitOfWork, duties: Duties, page: Sequence[Kept]) -> int:
    rows = [row for kept in page for row in tasks.rows_of(kept.id, kept.case, tasks_of(kept.case, duties))]
    return tasks.store(uow.connection, [kept.id for kept in page], rows)
