"""Reminding whoever owes a task (催办, IN-21)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from services.intake.domain.case import Case
from services.intake.domain.facts import Draft
from services.intake.domain.handling.urges import URGED
from services.intake.domain.refusals import not_now
from shared.kernel.errors import NotFound
from shared.kernel.instants import format_instant

OPEN: Final = "open"


@dataclass(frozen=True, slots=True)
class Meant:
    """The task that a name means, by the duties as they are now; `told` is what others hear of it."""

    state: str
    since: datetime
    due_at: datetime
    told: Mapping[str, Any]


def urge(case: Case, fields: Mapping[str, Any], _at: datetime) -> Draft:
    """The task is urged; whoever tells others is given its words and who owes it."""
    task_id, meant, still = fields["task_id"], fields.get("task"), fields.get("open", [])
    if meant is None:
        raise NotFound(f"case {case.case_no} has no task {task_id}", {"task_id": task_id, "open": still})
    if meant.state != OPEN:
        raise not_now(case, f"task {task_id} is {meant.state}; only an open one is urged", open=still)
    told = {**meant.told, "since": format_instant(meant.since)}
    text = {"text": fields["text"]} if "text" in fields else {}
    return Draft(name=URGED, key=task_id, due_at=meant.due_at, set=told, detail=text)
