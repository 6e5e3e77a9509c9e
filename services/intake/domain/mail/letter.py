"""A letter as it was read: plain values, nothing of the form in which it came."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Attachment:
    """What came with a letter: by reference, never opened; `digest` is the SHA-256 of its content."""

    name: str
    content_type: str
    size: int
    digest: str

    def as_wire(self) -> dict[str, Any]:
        """As it stands in the history of the case."""
        return {"name": self.name, "content_type": self.content_type, "size": self.size, "sha256": self.digest}


@dataclass(frozen=True, slots=True)
class Report:
    """What a delivery report says of a mail of ours."""

    message_id: str
    action: str
    status: str

    @property
    def is_failure(self) -> bool:
        """Whether the mail will not arrive any more."""
        return self.action == "failed" or (not self.action and self.status.startswith("5"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message of the mailbox."""

    message_id: str
    digest: str
    """Of its content: two messages with the same Message-ID and other content are two letters."""
    arrived_at: datetime
    size: int
    sender: str | None = field(default=None, repr=False)
    sender_name: str | None = field(default=None, repr=False)
    subject: str = field(default="", repr=False)
    text: str = field(default="", repr=False)
    to: str = field(default="", repr=False)
    """The addresses that it was sent to, as one text."""
    answers: Sequence[str] = ()
    """The Message-IDs that it answers, the nearest first."""
    marks: Mapping[str, str] = field(default_factory=dict)
    """The headers by which machines say that they are machines; names in small letters."""
    attachments: Sequence[Attachment] = ()
    left_out: Sequence[str] = ()
    """Attachments that were not kept, and why."""
    report: Report | None = None
    is_report: bool = False
