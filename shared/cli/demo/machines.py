"""Machines beside the story's: each with monthly upkeep, which is mostly done in time. Pure but for a seed."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from shared.cli.demo.acts import Act, Ref
from shared.cli.demo.journal import Heard
from shared.cli.demo.people import Crowd
from shared.cli.demo.words import ZONE
from shared.kernel.instants import parse_instant

MODELS: Final = ("PJ-06 喷涂机", "JB-12 搅拌机", "BZ-20 包装线", "SS-08 输送机")
CITIES: Final = ("guangzhou", "shenzhen", "foshan")
TECHNICIAN: Final = "technician-south"
ITEMS: Final = (
    "power_supply hardware electrical_parts feedback_test lines_and_connectors alarms_and_archives switching "
    "review_with_administrator cabinets equipment_wiped motors performance lines"
).split()
READINGS: Final = {"power_supply": 2.0, "motors": 9.5}
DAYS_APART: Final = 4
HOURS: Final = (14, 16)
"""The one technician of the south is at one place at a time."""
FORGOTTEN: Final = 0.2


def machines(seed: int, count: int, crowd: Crowd, begin: datetime) -> list[Act]:
    """So many machines, each registered and given its plan."""
    return [act for number in range(1, count + 1) for act in _machine(Random(f"{seed} {number}"), number, crowd, begin)]


def _machine(random: Random, number: int, crowd: Crowd, begin: datetime) -> Iterator[Act]:
    label, city = f"m{number}", random.choice(CITIES)
    at, anchor = begin + timedelta(hours=1), begin + timedelta(days=DAYS_APART * number + 3)
    equipment = {
        "serial_no": f"SB-{number:04}",
        "model": random.choice(MODELS),
        "region": f"south.guangdong.{city}",
        "administrator": crowd.person(city).contact(),
    }
    yield Act(at=at, label=label, method="maintenance.register_equipment", request=equipment)
    plan = {"equipment_id": Ref("equipment", label), "level": "routine", "anchor": anchor.date().isoformat()}
    yield Act(at=at, label=label, method="maintenance.set_plan", request=plan)


def upkeep(heard: Heard, seed: int) -> Iterator[Act]:
    """What is done about an order that was planned: a visit on the afternoon when it is due, or nothing at all."""
    order = heard.data["order"]
    random = Random(f"{seed} {order['equipment_id']} {order['slot']}")
    if random.random() < FORGOTTEN:
        return
    number, machine = order["order_no"], int(order["equipment_id"].lstrip("E"))
    visit = parse_instant(order["due_at"]).astimezone(ZONE).replace(hour=HOURS[machine % len(HOURS)], minute=0)
    steps: list[tuple[datetime, str, dict[str, Any]]] = [
        (visit - timedelta(days=1), "schedule", {"technician": TECHNICIAN, "visit_at": visit.isoformat()}),
        (visit, "start", {}),
        (visit, "complete", {"items": [_well(item) for item in ITEMS]}),
    ]
    for at, name, fields in steps:
        request = {"order_no": number, "by": TECHNICIAN, **fields}
        yield Act(at=at, label=number, method=f"maintenance.{name}_order", request=request)


def _well(item: str) -> dict[str, Any]:
    reading = {"reading": READINGS[item]} if item in READINGS else {}
    return {"item": item, "result": "ok", **reading}
