"""What was heard of a run: the one source of the time line, the figures and the report."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shared.base.broker import ALERTS_EXCHANGE
from shared.events import Envelope

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Heard:
    """One message of the suite, and the exchange on which it came."""

    exchange: str
    routing_key: str
    envelope: Envelope = field(repr=False)

    @property
    def type(self) -> str:
        """The event's type."""
        return self.envelope.type

    @property
    def data(self) -> Data:
        """What the event says."""
        return self.envelope.data

    @property
    def is_alert(self) -> bool:
        """Whether it came on the exchange of the regional teams."""
        return self.exchange == ALERTS_EXCHANGE

    @property
    def case_no(self) -> str | None:
        """The case that it is about, if any."""
        for name in ("case", "escalation", "message", "alert", "clock"):
            found = (self.data.get(name) or {}).get("case_no")
            if isinstance(found, str):
                return found
        return self.data.get("case_no")

    @property
    def order_no(self) -> str | None:
        """The work order that it is about, if any."""
        for name in ("order", "escalation", "message", "alert"):
            found = (self.data.get(name) or {}).get("order_no")
            if isinstance(found, str):
                return found
        return None


class Journal:
    """Everything heard, each message once, in the order of arrival."""

    def __init__(self, heard: Iterable[Heard] = ()) -> None:
        self._heard: list[Heard] = []
        self._known: set[tuple[str, str]] = set()
        for each in heard:
            self.add(each)

    def add(self, heard: Heard) -> bool:
        """Take a message in; False when it was here before: the relay sends again when a confirm is lost."""
        known = (heard.exchange, heard.envelope.id)
        if known in self._known:
            return False
        self._known.add(known)
        self._heard.append(heard)
        return True

    def __iter__(self) -> Iterator[Heard]:
        return iter(self._heard)

    def __len__(self) -> int:
        return len(self._heard)

    def events(self, prefix: str = "") -> Iterator[Heard]:
        """The services' events whose type begins so; not their copies for the teams."""
        return (each for each in self._heard if not each.is_alert and each.type.startswith(prefix))

    def alerts(self) -> Iterator[Heard]:
        """What the regional teams were sent."""
        return (each for each in self._heard if each.is_alert)

    def write(self, path: Path) -> None:
        """Keep it as JSON Lines."""
        with path.open("w", encoding="utf-8") as file:
            for each in self._heard:
                body = json.loads(each.envelope.to_bytes())
                line = {"exchange": each.exchange, "routing_key": each.routing_key, "event": body}
                file.write(json.dumps(line, ensure_ascii=False) + "\n")

    @classmethod
    def read(cls, path: Path) -> "Journal":
        """The journal that `write` kept."""
        with path.open(encoding="utf-8") as file:
            lines = [json.loads(line) for line in file]
        return cls(
            Heard(line["exchange"], line["routing_key"], Envelope.from_bytes(json.dumps(line["event"]).encode()))
            for line in lines
        )
