"""The border of maintenance: one schema per request; every wrong field is named at once."""

import math
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, post_load, validates_schema
from marshmallow.validate import Length

from services.maintenance.domain.answers import ALSO, RESULTS
from services.maintenance.domain.checklist import LEVELS
from services.maintenance.domain.equipment import IN_USE
from services.maintenance.domain.equipment import STATES as EQUIPMENT_STATES
from services.maintenance.domain.grid import MONTHS
from services.maintenance.domain.order import STATES
from shared.base.fields import LINE, NAME, PAGE, Choice, Email, Flag, Moment, Phone, Plain, Region, Text
from shared.base.fields import Day as DayText
from shared.base.paging import after_field, limit_field
from shared.kernel.regions import UNASSIGNED
from shared.worktime import default_calendar

MOST_ITEMS: Final = 200
MOST_EVIDENCE: Final = 20
LARGEST: Final = 1e12
Wire = dict[str, Any]


class Day(Plain[date]):
    """A date, YYYY-MM-DD."""

    def understand(self, value: Any) -> date:
        """The value; raises ValidationError."""
        return date.fromisoformat(DayText().understand(value))


class MomentOrDay(Plain[datetime]):
    """An instant with its offset, or a date: then its first instant in the built-in calendar's zone."""

    def understand(self, value: Any) -> datetime:
        """The value; raises ValidationError."""
        if isinstance(value, str) and "T" not in value.upper():
            return datetime.combine(Day().understand(value), time(), default_calendar().zone).astimezone(UTC)
        return Moment().understand(value)


class Measured(Plain[float | str]):
    """A reading: a number, or what was seen in words."""

    def understand(self, value: Any) -> float | str:
        """The value; raises ValidationError."""
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise ValidationError("must be a number or a text")
        if isinstance(value, str):
            return Text(NAME).understand(value)
        if abs(value) > LARGEST or math.isnan(value):
            raise ValidationError("is no number that can be measured")
        return float(value)


class Result(Choice):
    """What came of an item, in any of the words for it."""

    def __init__(self) -> None:
        super().__init__(RESULTS, required=True)

    def understand(self, value: Any) -> str:
        """The value; raises ValidationError."""
        return super().understand(ALSO.get(value, value) if isinstance(value, str) else value)


class Contact(Schema):
    """A person, and how to reach them."""

    name = Text(NAME)
    phone = Phone()
    email = Email()


class Customer(Plain[Wire]):
    """To whom the equipment belongs: a name alone, or a contact as intake takes it."""

    def understand(self, value: Any) -> Wire:
        """The value; raises ValidationError."""
        if not isinstance(value, Mapping):
            return {"name": Text(NAME).understand(value)}
        contact: Wire = Contact().load(value)
        return contact


class RegisterEquipment(Schema):
    """Everything on file of a piece of equipment (MA-1)."""

    serial_no = Text(NAME, required=True)
    model = Text(NAME, required=True)
    customer = Customer()
    site = Text(NAME)
    region = Region(load_default=UNASSIGNED)
    installed_on = Day()
    warranty_until = Day()
    state = Choice(EQUIPMENT_STATES, load_default=IN_USE)
    administrator = fields.Nested(Contact)

    @validates_schema(skip_on_field_errors=True)
    def _warranty_after_installation(self, data: dict[str, Any], **_more: Any) -> None:
        if "installed_on" in data and data.get("warranty_until", date.max) < data["installed_on"]:
            raise ValidationError("must not lie before installed_on", "warranty_until")

    @post_load
    def _whom_to_reach(self, data: Wire, **_more: Any) -> Wire:
        """The customer is kept by name; his contact is the administrator's unless that has one of its own."""
        customer = data.pop("customer", {})
        if "name" in customer:
            data["customer"] = customer["name"]
        administrator = data.get("administrator", {})
        reach = {name: customer[name] for name in ("phone", "email") if name in customer}
        if reach and not administrator.keys() & {"phone", "email"}:
            data["administrator"] = customer | administrator
        return data


class GetEquipment(Schema):
    """One piece of equipment, by its id or its serial number."""

    equipment_id = Text(NAME)
    serial_no = Text(NAME)

    @validates_schema(skip_on_field_errors=True)
    def _one_of_both(self, data: dict[str, Any], **_more: Any) -> None:
        if len(data) != 1:
            raise ValidationError("give either equipment_id or serial_no", "equipment_id")


class SetPlan(Schema):
    """How often a level of upkeep is done."""

    equipment_id = Text(NAME, required=True)
    level = Choice(LEVELS, required=True)
    period = Choice(tuple(MONTHS))
    anchor = Day()
    until = Day()
    by = Text(NAME)


class _Orders(Schema):
    """Orders by equipment, region, state, technician and due instant, a page at a time."""

    equipment_id = Text(NAME)
    region = Region()
    state = Choice(STATES)
    technician = Text(NAME)
    limit = limit_field()
    after = after_field()


# `from` is a word of Python's own, so this field cannot be written as an attribute.
Orders = _Orders.from_dict({"from": MomentOrDay(), "to": MomentOrDay()}, name="Orders")


class GetOrder(Schema):
    """One order."""

    order_no = Text(NAME, required=True)


class Step(GetOrder):
    """What every step names: the order, and who takes it."""

    by = Text(NAME, required=True)


class ScheduleOrder(Step):
    """The appointment."""

    technician = Text(NAME, required=True)
    visit_at = Moment(required=True)
    visit_until = Moment()


class StartOrder(Step):
    """Nothing more."""


class Evidence(Schema):
    """A photo, recording or document, kept elsewhere."""

    ref = Text(LINE, required=True)
    kind = Text(NAME)
    digest = Text(NAME)


class ItemAnswer(Schema):
    """The answer to one item of the checklist."""

    item = Text(NAME, required=True)
    result = Result()
    reading = Measured()
    note = Text(PAGE // 2, lines=True)
    evidence = fields.List(fields.Nested(Evidence), validate=Length(max=MOST_EVIDENCE))


class CompleteOrder(Step):
    """The answered checklist."""

    items = fields.List(fields.Nested(ItemAnswer), required=True, validate=Length(max=MOST_ITEMS))
    note = Text(LINE)


class CheckOrder(Step):
    """Whether the work was done well."""

    passed = Flag(required=True)
    note = Text(LINE)


class PostponeOrder(Step):
    """To when, and why."""

    due_on = Day(required=True)
    reason = Text(LINE, required=True)


class Coverage(Schema):
    """A region and those below it; without one all of them."""

    region = Region()
