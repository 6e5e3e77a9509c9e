"""What somebody outside does to the suite at a moment: one request, with gaps for what only the run will know."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Request = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Ref:
    """A gap in a request: something that an earlier answer or event named.

    `what`: `case` (its number), `order`, `equipment`, `escalation`, or a fact of the case whose key is meant.
    """

    what: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One request at one moment, about the case, machine or order that the script calls `label`."""

    at: datetime
    label: str
    method: str
    request: Request = field(repr=False)
    may_be_late: bool = False
    """Whether it is no mistake when the services say that there is nothing left to do."""


def step(at: datetime, label: str, name: str, by: str, **fields: Any) -> Act:
    """A step of the case with this label."""
    request = {"case_no": Ref("case", label), "step": name, "by": by, **fields}
    return Act(at=at, label=label, method="intake.take_step", request=request)
