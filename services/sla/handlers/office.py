"""What questions about many cases need."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import sqlalchemy as sa

from services.sla.handlers.rules import Rules
from services.sla.storage.statistics import OF_CASE, Wanted
from shared.base.people import People

T = TypeVar("T")
AT_ONCE = 10_000
"""Clocks in one query: timers fire between two of them."""
NOBODY, UNKNOWN = "nobody", "unknown"
OWNER, REGION, DEPARTMENT, PERIOD = "owner", "region", "department", "period"
NOT_KEPT = frozenset({DEPARTMENT, PERIOD})


class Ask(Protocol):
    """Runs a query in a read of its own."""

    def __call__(self, query: Callable[[sa.Connection], T], /) -> T:
        """Its answer."""


@dataclass(frozen=True)
class Office:
    """The rules, the people, and a way to ask."""

    rules: Rules
    people: People
    ask: Ask
    at_once: int = AT_ONCE


def wanted(people: People, request: Mapping[str, Any]) -> Wanted:
    """What the database is asked; it knows no departments, only owners."""
    groups = [name for name in request.get("by", ()) if name not in NOT_KEPT]
    if DEPARTMENT in request.get("by", ()) and OWNER not in groups:
        groups.append(OWNER)
    plain = {"clock", "policy", *OF_CASE} - {OWNER, REGION}
    equal = {name: request[name] for name in plain & request.keys()}
    owners = people.names_of(request[OWNER]) if OWNER in request else None
    return Wanted(groups, equal, request.get(REGION), owners)


def department_of(people: People, owner: str | None) -> str:
    """Of an owner; said plainly when there is no owner, and when nobody knows his."""
    return NOBODY if owner is None else people.department_of(owner) or UNKNOWN
