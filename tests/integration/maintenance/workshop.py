"""Maintenance as a test speaks to it: requests through the real schemas, time goes on, events are read back."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import marshmallow as ma
import sqlalchemy as sa

from services.maintenance import handlers, schemas
from services.maintenance.handlers import House
from services.maintenance.storage.policy_files import load_policy
from services.maintenance.storage.tables import messaging
from shared.base.database import Database
from shared.base.people import load_people
from shared.base.schema import load
from shared.events import CATALOGUE, Envelope
from shared.testing.clock import ManualClock

Answer = dict[str, Any]

CN = ZoneInfo("Asia/Shanghai")
HOUSE = House(load_policy(), load_people())
LINE: Answer = {
    "serial_no": "SN 0001",
    "model": "DM-30",
    "customer": "建材厂",
    "site": "二号车间",
    "region": "south.guangdong",
    "administrator": {"name": "林工", "phone": "13800138000", "email": "lin@customer.example"},
}
COMMANDS: dict[str, tuple[type[ma.Schema], Callable[..., Answer]]] = {
    "register_equipment": (schemas.RegisterEquipment, handlers.register_equipment),
    "set_plan": (schemas.SetPlan, handlers.set_plan),
    "schedule_order": (schemas.ScheduleOrder, handlers.schedule_order),
    "start_order": (schemas.StartOrder, handlers.start_order),
    "complete_order": (schemas.CompleteOrder, handlers.complete_order),
    "check_order": (schemas.CheckOrder, handlers.check_order),
    "postpone_order": (schemas.PostponeOrder, handlers.postpone_order),
}
QUESTIONS: dict[str, tuple[type[ma.Schema], Callable[..., Answer]]] = {
    "get_equipment": (schemas.GetEquipment, handlers.get_equipment),
    "orders": (schemas.Orders, handlers.find_orders),
    "get_order": (schemas.GetOrder, handlers.get_order),
    "coverage": (schemas.Coverage, handlers.coverage),
}


def at(text: str) -> datetime:
    """An instant in Shanghai, as `2026-10-09 22:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=CN)


@dataclass(frozen=True)
class Said:
    """An event of the outbox."""

    change: str
    order_no: str
    sequence: int
    time: datetime
    data: Answer

    @property
    def short(self) -> tuple[str, str, str]:
        return self.change, self.order_no, self.time.astimezone(CN).isoformat(" ", "minutes")[:16]


class Workshop:
    """Maintenance's handlers on one database under one clock."""

    def __init__(self, database: Database, clock: ManualClock, house: House = HOUSE) -> None:
        self.database = database
        self.clock = clock
        self.house = house
        self._read = 0

    def do(self, method: str, **request: Any) -> Answer:
        """A command, in a unit of work of its own."""
        schema, command = COMMANDS[method]
        with self.database.write() as uow:
            return command(self.house, uow, load(schema(), request))

    def ask(self, method: str, **request: Any) -> Answer:
        """A question; `since` stands for `from`."""
        schema, question = QUESTIONS[method]
        request = {"from" if name == "since" else name: value for name, value in request.items()}
        with self.database.read() as connection:
            return question(self.house, connection, self.clock.now(), load(schema(), request))

    def line(self, **changed: Any) -> str:
        """A piece of equipment on file; its id."""
        number: str = self.do("register_equipment", **{**LINE, **changed})["equipment_id"]
        return number

    def planned_line(self, anchor: str, *levels: str, **changed: Any) -> str:
        """Equipment with plans from one anchor."""
        equipment_id = self.line(**changed)
        for level in levels or ("routine",):
            self.do("set_plan", equipment_id=equipment_id, level=level, anchor=anchor)
        return equipment_id

    def forward(self, until: str) -> list[Said]:
        """Time goes on, and stops wherever something is due; what was said."""
        goal = at(until)
        while (due := self.next_due()) is not None and due <= goal:
            self.clock.move_to(max(due, self.clock.now()))
            self.fire()
        self.clock.move_to(goal)
        return self.said()

    def jump(self, to: str) -> list[Said]:
        """Time went on while nobody was here; what is said once somebody is again."""
        self.clock.move_to(at(to))
        while self.fire():
            pass
        return self.said()

    def fire(self, limit: int = 100) -> int:
        """One batch of what is due by now."""
        with self.database.write() as uow:
            return handlers.fire_due(self.house, uow, limit)

    def next_due(self) -> datetime | None:
        """When something is due next."""
        with self.database.read() as connection:
            return handlers.next_due(connection)

    def hear(self, case: Answer, type_: str = "case.registered.v1") -> None:
        """A case event of intake."""
        envelope = Envelope(
            str(uuid4()), "/aftercare/intake", type_, "260000000017", self.clock.now(), 1, {"case": case}
        )
        with self.database.write() as uow:
            handlers.case_changed(uow, envelope)

    def said(self) -> list[Said]:
        """What was said since the last time; each event is as the catalogue has it."""
        query = sa.select(messaging.outbox).where(messaging.outbox.c.id > self._read).order_by(messaging.outbox.c.id)
        with self.database.read() as connection:
            rows = connection.execute(query).all()
        self._read = max((row.id for row in rows), default=self._read)
        return [_said(json.loads(row.body)) for row in rows]

    def answers(self, order_no: str, **changed: Answer) -> list[Answer]:
        """An answer to every item of an order's checklist: ok, but where it is said otherwise."""
        items = [line["item"] for line in self.ask("get_order", order_no=order_no)["checklist"]]
        return [{"item": item, "result": "ok", **changed.get(item, {})} for item in items]

    def at_work(self, order_no: str, visit_at: str, technician: str = "technician-south") -> None:
        """Appoint a technician and have them begin."""
        visit = at(visit_at).isoformat()
        self.do("schedule_order", order_no=order_no, by="south-desk", technician=technician, visit_at=visit)
        self.do("start_order", order_no=order_no, by=technician)


def _said(body: Answer) -> Said:
    assert CATALOGUE[body["type"]].schema().validate(body["data"]) == {}, body
    change = body["type"].removesuffix(".v1")
    return Said(change, body["subject"], int(body["sequence"]), datetime.fromisoformat(body["time"]), body["data"])


def shorts(said: Sequence[Said]) -> list[tuple[str, str, str]]:
    """What was said, of which order, when."""
    return [each.short for each in said]
