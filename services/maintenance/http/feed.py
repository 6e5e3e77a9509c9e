"""Orders as iCalendar (RFC 5545): UIDs that stay, times in their zone, nothing of the administrator (MA-8, AL-4)."""

from collections.abc import Iterable
from datetime import timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

import icalendar

from services.maintenance.domain.order import CANCELLED, MISSED, PLANNED
from services.maintenance.handlers import Entry

PRODUCT: Final = "-//aftercare//maintenance//EN"
DOMAIN: Final = "maintenance.aftercare"


def render(name: str, entries: Iterable[Entry], zone: ZoneInfo) -> bytes:
    """The calendar; equal orders make equal bytes, so that a client can ask whether anything changed."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", zone.key)
    calendar.add_component(_timezone(zone.key))
    for entry in entries:
        calendar.add_component(_event(entry, zone))
    return bytes(calendar.to_ical())


@cache
def _timezone(key: str) -> icalendar.Timezone:
    return icalendar.Timezone.from_tzid(key)


def _event(entry: Entry, zone: ZoneInfo) -> icalendar.Event:
    """One order: its appointment, or the whole day on which it is due."""
    order, equipment = entry.order, entry.equipment
    event = icalendar.Event()
    event.add("uid", f"{order.order_no}@{DOMAIN}")
    event.add("dtstamp", order.changed_at)
    event.add("last-modified", order.changed_at)
    event.add("sequence", order.version)
    if order.visit_at and order.visit_until:
        event.add("dtstart", order.visit_at.astimezone(zone))
        event.add("dtend", order.visit_until.astimezone(zone))
    else:
        event.add("dtstart", order.times.due_on)
        event.add("dtend", order.times.due_on + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    event.add("summary", f"{entry.title['zh']} {equipment.model} / {entry.title['en']}")
    event.add("description", _description(entry))
    event.add("status", _status(order.state))
    if equipment.site:
        event.add("location", equipment.site)
    return event


def _status(state: str) -> str:
    if state in (CANCELLED, MISSED):
        return "CANCELLED"
    return "TENTATIVE" if state == PLANNED else "CONFIRMED"


def _description(entry: Entry) -> str:
    order, equipment = entry.order, entry.equipment
    lines = [
        f"{order.order_no} ({order.state})",
        f"{equipment.model}, {equipment.serial_no}",
        f"due / 截止 {order.times.due_on}",
        f"technician / 技师 {order.technician}" if order.technician else "",
    ]
    return "\n".join(line for line in lines if line)
