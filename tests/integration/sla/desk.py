"""SLA as a test speaks to it: cases are told, time goes on, what was said is read from the outbox."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from services.sla import handlers
from services.sla.domain.facts import Fact
from services.sla.handlers import Rules
from services.sla.schemas import Clocks, Due, Explain
from services.sla.storage.tables import messaging
from shared.base.database import Database
from shared.base.people import load_people
from shared.base.schema import load
from shared.events import Envelope
from shared.testing.clock import ManualClock
from tests.unit.sla.cases import PUBLICATIONS, Told, at

RULES = Rules(tuple(PUBLICATIONS))
PEOPLE = load_people()
CASE_NO = "260000000017"


@dataclass(frozen=True)
class Heard:
    """An event of the outbox."""

    change: str
    clock: dict[str, Any]
    case: dict[str, Any]
    sequence: int
    time: datetime

    @property
    def short(self) -> tuple[str, str]:
        return self.clock["clock"], self.change


class Desk:
    """Sla's handlers on one database under one clock."""

    def __init__(self, database: Database, clock: ManualClock) -> None:
        self.database = database
        self.clock = clock
        self._read = 0

    def tell(self, case: Told, *, case_no: str = CASE_NO, version: int | None = None, **more: Any) -> list[Heard]:
        """The case as it is now, told by intake; what sla says to that."""
        envelope = event_of(case, case_no, version or len(case.facts), **more)
        with self.database.write() as uow:
            handlers.case_changed(RULES, uow, envelope)
        return self.heard()

    def fire(self, until: str | None = None, limit: int = 100) -> list[Heard]:
        """Every timer on the way to an instant fires in its turn; what sla says."""
        goal = at(until) if until else self.clock.now()
        while True:
            with self.database.read() as connection:
                due = handlers.next_due(connection)
            if due is None or due > goal:
                break
            self.clock.move_to(max(due, self.clock.now()))
            self.fire_now(limit)
        self.clock.move_to(goal)
        return self.heard()

    def fire_now(self, limit: int = 100) -> int:
        """One batch of timers due by now."""
        with self.database.write() as uow:
            return handlers.fire_due(RULES, uow, limit)

    def listen(self) -> None:
        """From now on: what was said before is not heard."""
        with self.database.read() as connection:
            self._read = connection.scalar(sa.select(sa.func.max(messaging.outbox.c.id))) or 0

    def heard(self) -> list[Heard]:
        """What was said since the last time."""
        query = sa.select(messaging.outbox).where(messaging.outbox.c.id > self._read).order_by(messaging.outbox.c.id)
        with self.database.read() as connection:
            rows = connection.execute(query).all()
        self._read = max((row.id for row in rows), default=self._read)
        return [_heard(json.loads(row.body)) for row in rows]

    def clocks(self, case_no: str = CASE_NO) -> list[dict[str, Any]]:
        """The clocks of a case."""
        return self.answer(handlers.clocks_of_case, load(Clocks(), {"case_no": case_no}))["clocks"]

    def clock_of(self, name: str, case_no: str = CASE_NO) -> dict[str, Any]:
        """The newest generation of one clock."""
        return [clock for clock in self.clocks(case_no) if clock["clock"] == name][-1]

    def due(self, **asked: Any) -> dict[str, Any]:
        """A page of what is due."""
        return self.answer(partial(handlers.due, PEOPLE), load(Due(), asked))

    def explain(self, **asked: Any) -> dict[str, Any]:
        """Why clocks are due when they are."""
        return self.answer(handlers.explain, load(Explain(), asked))

    def answer(self, question: Any, request: dict[str, Any]) -> dict[str, Any]:
        """The answer to any question."""
        with self.database.read() as connection:
            return question(RULES, connection, self.clock.now(), request)


def event_of(case: Told, case_no: str, version: int, **more: Any) -> Envelope:
    """The case event as intake says it."""
    known: dict[str, Any] = {}
    for fact in case.facts:
        known |= fact.set
    facts = [fact_json(fact) for fact in case.facts]
    data = {
        "case_no": case_no,
        "version": version,
        "mode": known["mode"],
        "kind": known["kind"],
        "region": known["region"],
        "category": known.get("category"),
        "severity": known["severity"],
        "owner": known.get("owner"),
        "facts": facts,
    } | more
    return Envelope(
        id=str(uuid4()),
        source="/aftercare/intake",
        type=f"case.{case.facts[-1].name}.v1",
        subject=case_no,
        time=case.facts[-1].recorded_at,
        sequence=version,
        data={"case": data, "fact": facts[-1]},
    )


def fact_json(fact: Fact) -> dict[str, Any]:
    """A fact on the wire."""
    told = {
        "seq": fact.seq,
        "fact": fact.name,
        "at": fact.at.isoformat(),
        "recorded_at": fact.recorded_at.isoformat(),
        "by": fact.by,
        "key": fact.key,
        "due_at": fact.due_at and fact.due_at.isoformat(),
        "set": dict(fact.set),
        "voids": fact.voids,
    }
    return {name: value for name, value in told.items() if value is not None}


def _heard(body: dict[str, Any]) -> Heard:
    change = body["type"].split(".")[1]
    time = datetime.fromisoformat(body["time"])
    return Heard(change, body["data"]["clock"], body["data"]["case"], int(body["sequence"]), time)
