"""Intake without its broker: requests go through the real schemas and handlers into a real database."""

import json
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from services.intake import handlers
from services.intake.domain.handling.book import Handbook
from services.intake.handlers.after import Hook
from services.intake.schemas import (
    CaseStatus,
    FindCases,
    GetCase,
    LoadRegions,
    LookupCaller,
    Regions,
    RegisterCase,
    TakeStep,
    to_registration,
)
from services.intake.storage.policy_files import load_handbook, load_repeats
from services.intake.storage.tables import MESSAGING
from shared.base.database import Database, UnitOfWork
from shared.base.people import People, load_people
from shared.base.schema import load
from shared.events import Envelope
from shared.kernel.plain_json import parse_json, write_json
from shared.outbox import Held, Inbox
from shared.outbox.firing import Firing
from shared.testing.clock import ManualClock

Answer = dict[str, Any]

WARRANTY = handlers.load_warranty(None)
BOOK = load_handbook()
REPEATS = load_repeats()
CALL: Answer = {
    "kind": "complaint",
    "channel": "phone",
    "customer": {"name": "张三", "phone": "13800138000"},
    "subject": "tile adhesive",
    "description": "it does not stick",
}


@dataclass
class Office:
    """Sends requests as a caller would, one unit of work each."""

    database: Database
    clock: ManualClock
    people: People = field(default_factory=load_people)
    book: Handbook = BOOK

    def register(self, promise: Answer | None = None, **given: Any) -> Answer:
        """Register a case."""
        with self.database.write() as uow:
            return self.registering(uow, promise, **given)

    def registering(self, uow: UnitOfWork, promise: Answer | None = None, **given: Any) -> Answer:
        """Register a case in a unit of work that is begun."""
        asked = to_registration(load(RegisterCase(), {**CALL, **given}))
        return handlers.register_case(uow, self.people, asked, promise)

    def case_no(self, **given: Any) -> str:
        """The number of a case just registered."""
        number: str = self.register(**given)["case_no"]
        return number

    def step(self, case_no: str, step: str, by: str = "desk", **fields: Any) -> Answer:
        """Take a step."""
        with self.database.write() as uow:
            answer = self.stepping(uow, case_no, step, by, **fields)
        told: Answer = parse_json(write_json(answer))
        return told

    def stepping(self, uow: UnitOfWork, case_no: str, step: str, by: str = "desk", **fields: Any) -> Answer:
        """Take a step in a unit of work that is begun."""
        request = load(TakeStep(), {"case_no": case_no, "step": step, "by": by, **fields})
        return handlers.take_step(uow, self.people, request, self.book)

    def house(self) -> handlers.House:
        """What the work after registration goes by."""
        return handlers.House(self.people, REPEATS, handbook=self.book)

    def ask_house(self, command: str, **asked: Any) -> Answer:
        """Something about assignment or repeats that changes something, or a question about it."""
        handler = getattr(handlers, command)
        if command.startswith(("show", "preview", "explain")):
            with self.database.read() as connection:
                house = () if command.startswith("show") else (self.house(),)
                now = () if command.startswith("show") else (self.clock.now(),)
                found: Answer = handler(*house, connection, *now, asked)
                return found
        with self.database.write() as uow:
            done: Answer = handler(self.house(), uow, asked)
        return done

    def look_after(self, *hooks: Hook) -> int:
        """Do what is done after registration, until nothing is left; how many cases."""
        house = self.house()
        chore = handlers.after_registration(house, hooks) if hooks else handlers.after_registration(house)
        inbox, held = Inbox(self.database, MESSAGING), Held(self.database, MESSAGING)
        firing, done = Firing(self.database, inbox, held, what=chore.name), 0
        while batch := firing.run(chore.due):
            done += batch
        return done

    def hear(self, event: Envelope) -> None:
        """Take in another service's event."""
        with self.database.write() as uow:
            handlers.hear(self.house(), uow, event)

    def get(self, case_no: str, **more: bool) -> Answer:
        """One case."""
        with self.database.read() as connection:
            request = load(GetCase(), {"case_no": case_no, **more})
            return handlers.get_case(WARRANTY, connection, request, book=self.book, now=self.clock.now())

    def find(self, **wanted: Any) -> Answer:
        """A page of cases; `since` stands for `from`."""
        request = {"from" if name == "since" else name: value for name, value in wanted.items()}
        with self.database.read() as connection:
            return handlers.find_cases(self.people, connection, load(FindCases(), request))

    def load_regions(self, tree: Any) -> Answer:
        """Replace the region tree."""
        with self.database.write() as uow:
            return handlers.load_regions(uow, load(LoadRegions(), {"tree": tree}))

    def regions(self) -> list[str]:
        """The region tree."""
        with self.database.read() as connection:
            found: list[str] = handlers.show_regions(connection, load(Regions(), {}))["regions"]
            return found

    def lookup(self, phone: str) -> Answer:
        """Who is calling."""
        with self.database.read() as connection:
            return handlers.lookup_caller(
                WARRANTY, self.clock.now(), connection, load(LookupCaller(), {"phone": phone})
            )

    def status(self, **asked: str) -> Answer:
        """How a case stands."""
        with self.database.read() as connection:
            return handlers.case_status(connection, load(CaseStatus(), asked))

    def said(self) -> list[Answer]:
        """Every event staged so far, in order."""
        query = sa.select(MESSAGING.outbox.c.body).order_by(MESSAGING.outbox.c.id)
        with self.database.read() as connection:
            return [json.loads(body) for body in connection.scalars(query)]
