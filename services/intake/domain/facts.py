"""A fact: one thing that happened to a case, in the form in which it is kept for ever."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What happened, when, when we wrote it down, by whom.

    `key` tells promises, appointments, improvements and authorities apart; `set` holds the attributes that
    changed with the fact; `voids` names the key that this fact makes void; `text` is written for others: a reply and a
    result for the customer, a warning notice for everybody.
    """

    seq: int
    name: str
    at: datetime
    recorded_at: datetime
    by: str
    key: str | None = None
    due_at: datetime | None = None
    set: Mapping[str, Any] = field(default_factory=dict)
    voids: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A fact that is not numbered and dated yet, with the detail that only the history keeps."""

    name: str
    key: str | None = None
    due_at: datetime | None = None
    set: Mapping[str, Any] = field(default_factory=dict)
    voids: str | None = None
    text: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact with what belongs to it in the history: free text, grounds, marks."""

    fact: Fact
    detail: Mapping[str, Any] = field(default_factory=dict)
