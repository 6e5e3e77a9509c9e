"""CloudEvents 1.0, structured JSON: the one form in which facts travel (contracts 5)."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.kernel.errors import Invalid, Undecodable
from shared.kernel.instants import format_instant, parse_instant
from shared.kernel.plain_json import encodable, parse_json, quoted, written

CONTENT_TYPE = "application/cloudevents+json"
SPEC_VERSION = "1.0"

# What every database can keep as a key: no controls (PostgreSQL has no NUL), no lone surrogates, not too long.
_NAME = re.compile("[^\x00-\x1f\x7f\ud800-\udfff]{1,200}")
_SEQUENCE = re.compile(r"\d{1,18}", re.ASCII)
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


@dataclass(frozen=True)
class Event:
    """Something that happened, as a service says it: what, about which subject, the how-manieth of it."""

    type: str
    subject: str
    sequence: int
    data: dict[str, Any]


class Form:
    """The text of bodies that have speaker, type, time and trace in common, with little work for each (SL-7)."""

    def __init__(self, source: str, kind: str, time: datetime, traceparent: str) -> None:
        self._speaker = f'"source":{quoted(source)},"type":{quoted(kind)}'
        self._time = f'"time":"{format_instant(time)}","datacontenttype":"application/json"'
        self._trace = f'"traceparent":{quoted(traceparent)}'

    def body(self, event_id: str, subject: str, sequence: int, data: str) -> str:
        """The body of one event, whose data are JSON text."""
        return (
            f'{{"specversion":"{SPEC_VERSION}","id":{quoted(event_id)},{self._speaker},"subject":{quoted(subject)},'
            f'{self._time},"sequence":"{sequence}",{self._trace},"data":{data}}}'
        )


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
        form = Form(self.source, self.type, self.time, self.traceparent)
        return encodable(form.body(self.id, self.subject, self.sequence, written(self.data).text)).encode()

    @classmethod
    def from_bytes(cls, body: bytes) -> "Envelope":
        """The envelope in a message body; raises Undecodable when it is none."""
        try:
            return cls._read(parse_json(body))
        except (ValueError, Invalid) as error:
            raise Undecodable(f"not an event of the suite: {error}") from None

    @classmethod
    def _read(cls, raw: Any) -> "Envelope":
        if not isinstance(raw, dict) or raw.get("specversion") != SPEC_VERSION:
            raise ValueError("no CloudEvents 1.0 object")
        if not isinstance(raw.get("data"), dict):
            raise ValueError("data is no object")
        return cls(
            id=_name(raw, "id"),
            source=_name(raw, "source"),
            type=_name(raw, "type"),
            subject=_name(raw, "subject") if raw.get("subject") else "",
            time=parse_instant(raw.get("time", ""), "time"),
            sequence=_sequence(raw.get("sequence", "0")),
            data=raw["data"],
            traceparent=trace_or_none(raw.get("traceparent")),
        )


def _name(raw: dict[str, Any], key: str) -> str:
    value = raw.get(key)
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise ValueError(f"{key} is no text of 1 to 200 characters without controls")
    return value


def _sequence(value: Any) -> int:
    if isinstance(value, bool) or not _SEQUENCE.fullmatch(str(value)):
        raise ValueError("sequence is no number")
    return int(value)


def trace_or_none(value: Any) -> str:
    """The W3C traceparent itself, or nothing where it is none: a broken trace stops no message."""
    return value if isinstance(value, str) and _TRACEPARENT.fullmatch(value) else ""


def source_of(service: str) -> str:
    """The CloudEvents source of a service."""
    return f"/aftercare/{service}"
