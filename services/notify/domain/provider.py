"""The seam between the sending engine and what delivers: one rendered message goes out, one result comes back.

The engine commits the attempt before it calls `send` and records the result afterwards (NO-2). A gateway holds no
state of ours and touches no database; it may block (its sockets are green) and should give up after 10 s.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One rendered message, ready to go.

    `reference` is ours and unique per attempt: it goes to the provider and comes back in receipts.
    `channel` is email, sms, webhook or amqp; `to` is an address, an E.164 number, a URL or a queue's name.
    `subject` and `html` are for e-mail. For webhook and amqp `text` is the JSON body, and `headers` go beside it.
    """

    reference: str
    channel: str
    to: str = field(repr=False)
    subject: str = field(default="", repr=False)
    text: str = field(repr=False)
    html: str | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)
    urgent: bool = False
    case_no: str | None = None
    """The case to which an answer of its customer belongs."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider has it. `is_final`: no receipt will come, it counts as delivered (spool, webhook, amqp)."""

    provider_reference: str | None = None
    is_final: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """Permanent: never send this again this way. The reason holds nothing personal."""

    reason: str


@dataclass(frozen=True, slots=True)
class Failed:
    """Surely not taken: it may be tried again. The reason holds nothing personal."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """It may or may not have been taken: a connection lost or a time limit after the message went out."""

    reason: str


Result: TypeAlias = Accepted | Refused | Failed | Unclear


class Gateway(Protocol):
    """One provider of one channel."""

    name: str

    def send(self, message: Outgoing) -> Result:
        """Deliver it once; raises nothing that a provider can cause."""
        ...

    def ask(self, reference: str) -> Result | None:
        """What became of an attempt; None when this provider cannot be asked."""
        ...
