"""A case as it stands: what its facts so far make of it, never the facts themselves.

Everything the rules ask of the past (what is open, what was promised, which fact came when) is kept here,
so a step costs the same however long the history is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from services.intake.domain.handling import NOTHING, Handling
from services.intake.domain.threads import Threads
from services.intake.domain.vocabulary import OPEN


@dataclass(frozen=True, slots=True)
class Customer:
    """Who complains, and how they are reached; all of it may be unknown.

    Of somebody `protected` the identity is kept, and shown to those alone who must know it.
    """

    name: str | None = None
    phone: str | None = None
    email: str | None = None
    anonymous: bool = False
    protected: bool = False

    def known(self) -> dict[str, Any]:
        """All of it, as it is kept; `protected` only where it is so."""
        known = asdict(self)
        return known if self.protected else {name: known[name] for name in known if name != "protected"}


@dataclass(frozen=True, slots=True)
class Account:
    """What the customer told: free text that stays with intake."""

    subject: str
    description: str
    demand: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case; steps give new values, none is ever changed in place."""

    case_no: str
    mode: str
    kind: str
    channel: str
    region: str
    severity: str
    verifiable: bool
    state: str
    received_at: datetime
    category: str | None = None
    source: str = ""
    external_ref: str | None = None
    waiting: bool = False
    repeat_of: str | None = None
    cause: str | None = None
    department: str | None = None
    owner: str | None = None
    product: Mapping[str, Any] = field(default_factory=dict)
    complained_about: Sequence[str] = field(default_factory=list)
    """Who of ours it is about, by id where we know them (IN-26)."""
    version: int = 0
    last_seq: int = 0
    milestones: Mapping[str, datetime] = field(default_factory=dict)
    threads: Threads = field(default_factory=Threads)
    handling: Handling = NOTHING
    customer: Customer = field(default_factory=Customer)
    account: Account = field(default_factory=lambda: Account("", ""))
    customer_id: str | None = None
    """Whose it is in the customer file; found by their number or address, so no fact carries it."""

    @property
    def is_open(self) -> bool:
        """Whether the matter is still being worked on."""
        return self.state in OPEN

    @property
    def is_first_complaint(self) -> bool:
        """Whether this is a complaint that repeats no earlier case (IN-20)."""
        return self.kind == "complaint" and self.repeat_of is None

    def next_version(self) -> "Case":
        """The same case, one request later."""
        return replace(self, version=self.version + 1)
