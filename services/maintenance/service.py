"""Maintenance on nameko: what it hears, what it times, what it answers."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import sqlalchemy as sa

from services.maintenance import handlers, schemas
from services.maintenance.handlers import House
from services.maintenance.http import Api, render
from services.maintenance.settings import Settings
from services.maintenance.storage.personal import PLACES
from services.maintenance.storage.policy_files import BUILTIN, load_policy
from shared.base.database import UnitOfWork
from shared.base.people import load_people
from shared.runtime.events import Batch, events
from shared.runtime.operations import Operated
from shared.runtime.providers import Built, Desk, EventRelay, Housekeeping, Work
from shared.runtime.resources import Resources
from shared.runtime.rpc import rpc
from shared.runtime.timers import timers

Answer = dict[str, Any]
Command = Callable[[House, UnitOfWork, Answer], Answer]
Question = Callable[[House, sa.Connection, datetime, Answer], Answer]


def house_of(resources: Resources) -> House:
    """The operator's policy and people, or the built-in ones; raises Misconfigured with every mistake in them."""
    settings = resources.settings
    own = settings.policy if isinstance(settings, Settings) else None
    return House(load_policy(own or BUILTIN), load_people(settings.people))


def do(desk: Desk, house: House, command: Command, request: Answer) -> Answer:
    """Run a command once per request id."""
    return desk.do(lambda uow: command(house, uow, request))


def ask(desk: Desk, house: House, question: Question, request: Answer) -> Answer:
    """Answer a question."""
    return desk.ask(lambda connection: question(house, connection, desk.now(), request))


def fire(desk: Desk, house: House) -> int:
    """Let a batch of what is due happen."""
    return desk.fire(handlers.timers(house))


class Service(Operated):
    """Maintenance on nameko: what it hears, what it times, what it answers."""

    name = "maintenance"

    work = Work()
    house = Built(house_of)
    relay = EventRelay()
    forgotten = Built(lambda resources: resources.forgotten)
    housekeeping = Housekeeping()

    @events("maintenance.erasures", {"intake": ["customer.erased.v1"]})
    def erasures(self, batch: Batch) -> None:
        """Customers whose data are to be forgotten."""
        batch.apply(partial(self.forgotten.forget, PLACES))

    @events("maintenance.cases", {"intake": handlers.CASE_EVENTS})
    def cases(self, batch: Batch) -> None:
        """The repair cases that defects opened."""
        batch.apply(handlers.case_changed)

    @timers(handlers.next_due)
    def fire(self) -> int:
        """Slots to decide, orders that fall due."""
        return fire(self.work, self.house)

    @rpc(schemas.RegisterEquipment)
    def register_equipment(self, request: Answer) -> Answer:
        """Put a piece of equipment on file."""
        return do(self.work, self.house, handlers.register_equipment, request)

    @rpc(schemas.GetEquipment)
    def get_equipment(self, request: Answer) -> Answer:
        """A piece of equipment with everything."""
        return ask(self.work, self.house, handlers.get_equipment, request)

    @rpc(schemas.SetPlan)
    def set_plan(self, request: Answer) -> Answer:
        """Set how often a level of upkeep is done."""
        return do(self.work, self.house, handlers.set_plan, request)

    @rpc(schemas.Orders)
    def orders(self, request: Answer) -> Answer:
        """A page of orders."""
        return ask(self.work, self.house, handlers.find_orders, request)

    @rpc(schemas.GetOrder)
    def get_order(self, request: Answer) -> Answer:
        """An order with everything."""
        return ask(self.work, self.house, handlers.get_order, request)

    @rpc(schemas.ScheduleOrder)
    def schedule_order(self, request: Answer) -> Answer:
        """Make or move the appointment."""
        return do(self.work, self.house, handlers.schedule_order, request)

    @rpc(schemas.StartOrder)
    def start_order(self, request: Answer) -> Answer:
        """Begin the work."""
        return do(self.work, self.house, handlers.start_order, request)

    @rpc(schemas.CompleteOrder)
    def complete_order(self, request: Answer) -> Answer:
        """Answer the checklist."""
        return do(self.work, self.house, handlers.complete_order, request)

    @rpc(schemas.CheckOrder)
    def check_order(self, request: Answer) -> Answer:
        """Check the work."""
        return do(self.work, self.house, handlers.check_order, request)

    @rpc(schemas.PostponeOrder)
    def postpone_order(self, request: Answer) -> Answer:
        """Put an order off."""
        return do(self.work, self.house, handlers.postpone_order, request)

    @rpc(schemas.Coverage)
    def coverage(self, request: Answer) -> Answer:
        """Which regions are served."""
        return ask(self.work, self.house, handlers.coverage, request)


def http(resources: Resources) -> Api:
    """The HTTP interface, mounted beside health."""
    house = house_of(resources)

    def feed(kind: str, key: str) -> bytes:
        with resources.database.read() as connection:
            entries = handlers.calendar(house, connection, resources.clock.now(), kind, key)
        return render(f"{kind} {key}", entries, house.days(key).work.zone)

    return Api(feed)
