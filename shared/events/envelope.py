"""CloudEvents 1.0, structured JSON: the one form in which facts travel (contracts 5)."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.kernel.errors import Invalid, Undecodable
from shared.kernel.instants import format_instant, parse_instant

CONTENT_TYPE = "application/cloudevents+json"
SPEC_VERSION = "1.0"


@dataclass(frozen=True)
class Event:
    """Something that happened, as a service says it: what, about which subject, the how-manieth of it."""

    type: str
    subject: str
    sequence: int
    data: dict[str, Any]


@dataclass(frozen=True)
class Envelope:
    """An event as it travels: with its id, its speaker, and the suite's instant of its commit."""

    id: str
    source: str
    type: str
    subject: str
    time: datetime
    sequence: int
    data: dict[str, Any] = field(repr=False)
    traceparent: str = ""

    def to_bytes(self) -> bytes:
        """The message body."""
        return json.dumps(
            {
                "specversion": SPEC_VERSION,
                "id": self.id,
                "source": self.source,
                "type": self.type,
                "subject": self.subject,
                "time": format_instant(self.time),
                "datacontenttype": "application/json",
                "sequence": str(self.sequence),
                "traceparent": self.traceparent,
                "data": self.data,
            },
            ensure_ascii=False,
            separators=(",", ":"),
        ).encode()

    @classmethod
    def from_bytes(cls, body: bytes) -> "Envelope":
        """The envelope in a message body; raises Undecodable when it is none."""
        try:
            raw = json.loads(body)
            if raw["specversion"] != SPEC_VERSION or not isinstance(raw["data"], dict) or not raw["id"]:
                raise Undecodable("not a CloudEvents 1.0 object with an id and data")
            return cls(
                id=str(raw["id"]),
                source=str(raw["source"]),
                type=str(raw["type"]),
                subject=str(raw.get("subject", "")),
                time=parse_instant(raw["time"]),
                sequence=int(raw.get("sequence") or 0),
                data=raw["data"],
                traceparent=str(raw.get("traceparent", "")),
            )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, Invalid) as error:
            raise Undecodable(f"not an event of the suite: {type(error).__name__}") from None


def source_of(service: str) -> str:
    """The CloudEvents source of a service."""
    return f"/aftercare/{service}"
