"""An item that failed at maintenance becomes a repair case, once, without anybody being asked (MA-5, IN-16)."""

from typing import Any, Final

from marshmallow import EXCLUDE, Schema, fields

from services.intake.handlers.regions import smallest_known
from services.intake.handlers.registering import Answer, register_case
from services.intake.schemas import RegisterCase, to_registration
from shared.base.database import UnitOfWork
from shared.base.fields import LINE, NAME, PAGE, Email, Moment, Phone, Region, Text
from shared.base.people import People
from shared.base.schema import load
from shared.events import Envelope

DEFECT_FOUND: Final = "defect.found.v1"
MAINTENANCE: Final = "maintenance"


class _Lenient(Schema):
    class Meta:
        unknown = EXCLUDE


class _Administrator(_Lenient):
    name = Text(NAME, allow_none=True)
    phone = Phone(allow_none=True)
    email = Email(allow_none=True)


class _Equipment(_Lenient):
    model = Text(NAME, required=True)
    serial_no = Text(NAME, required=True)
    site = Text(LINE, allow_none=True)
    region = Region(required=True)
    administrator = fields.Nested(_Administrator, allow_none=True)


class _Words(_Lenient):
    zh = Text(LINE, required=True)
    en = Text(LINE, required=True)


class _Defect(_Lenient):
    defect_id = Text(NAME, required=True)
    text = fields.Nested(_Words, required=True)
    note = Text(PAGE // 2, lines=True, allow_none=True)
    reading = Text(NAME, allow_none=True)


class _Order(_Lenient):
    order_no = Text(NAME, required=True)


class FoundDefect(_Lenient):
    """What intake reads of `defect.found.v1`."""

    at = Moment(allow_none=True)
    by = Text(NAME, allow_none=True)
    order = fields.Nested(_Order, required=True)
    equipment = fields.Nested(_Equipment, required=True)
    defect = fields.Nested(_Defect, required=True)


_FOUND: Final = FoundDefect()
_REQUEST: Final = RegisterCase()


def open_repair(people: People, uow: UnitOfWork, event: Envelope) -> Answer:
    """Register the repair that a defect asks for; told again, the case of the first time.

    No promise is asked for: the unit of work is open already, and nobody is on the phone. Equipment in a region that
    the tree does not have is no reason to leave it broken: the next region above takes the case.
    """
    found = load(_FOUND, event.data)
    asked = _request(found, event) | {"region": smallest_known(uow.connection, found["equipment"]["region"])}
    return register_case(uow, people, to_registration(load(_REQUEST, asked)), None)


def _request(found: dict[str, Any], event: Envelope) -> dict[str, Any]:
    equipment, text = found["equipment"], found["defect"]["text"]
    named = f"{equipment['model']} {equipment['serial_no']}"
    return {
        "kind": "repair",
        "channel": MAINTENANCE,
        "source": MAINTENANCE,
        "external_ref": found["defect"]["defect_id"],
        "occurred_at": (found.get("at") or event.time).isoformat(),
        "customer": _given(equipment.get("administrator") or {}),
        "subject": f"{text['zh']} / {text['en']} ({named})"[:LINE],
        "description": _description(found, named),
        "product": {"model": equipment["model"], "serial_no": equipment["serial_no"]},
    }


def _description(found: dict[str, Any], named: str) -> str:
    """What whoever repairs it has to know, in lines."""
    defect, equipment = found["defect"], found["equipment"]
    lines = {
        "保养工单 / maintenance order": found["order"]["order_no"],
        "缺陷 / defect": defect["defect_id"],
        "项目 / item": f"{defect['text']['zh']} / {defect['text']['en']}",
        "读数 / reading": defect.get("reading"),
        "说明 / note": defect.get("note"),
        "设备 / equipment": named,
        "地点 / site": equipment.get("site"),
        "区域 / region": equipment["region"],
        "发现人 / found by": found.get("by"),
    }
    return "\n".join(f"{name}: {value}" for name, value in lines.items() if value)


def _given(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if value}
