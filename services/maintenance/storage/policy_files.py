"""Policy files: YAML on disk to a checked policy; every mistake is told at once, with its path (MA-2, MA-9)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from services.maintenance.domain.checklist import LEVELS, Item, Level, Reading
from services.maintenance.domain.policy import Outage, Policy
from services.maintenance.storage.policy_schema import PolicySchema, contained
from shared.base.schema import load
from shared.base.yaml_file import read_yaml
from shared.kernel.errors import Invalid, Misconfigured

BUILTIN: Final = Path(__file__).parents[1] / "policies" / "builtin.yaml"


def load_policy(path: Path = BUILTIN) -> Policy:
    """The policy in a file; raises Misconfigured with every mistake, each with file, path and remedy."""
    try:
        data = load(PolicySchema(), read_yaml(path))
    except Invalid as error:
        # marshmallow says `levels.routine.value.period` for what the file calls `levels.routine.period`.
        detail = {place.replace(".value.", "."): reasons for place, reasons in error.detail.items()}
        problems = [f"{path.name}: {place}: {why}" for place, reasons in detail.items() for why in reasons]
        raise Misconfigured(problems) from None
    levels = {name: _level(data["levels"], name) for name in LEVELS}
    return Policy(
        name=data["policy"],
        version=data["version"],
        lead_days=data["lead_days"],
        due_soon_days=data["due_soon_days"],
        window_days=data["window_days"],
        postpone_times=data["postpone"]["times"],
        postpone_days=data["postpone"]["days"],
        outage=Outage(**data["outage"]),
        parts=data["parts"],
        levels=levels,
    )


def _level(levels: Mapping[str, Any], name: str) -> Level:
    smaller = contained(levels, name)
    items = [_item(item) for each in (*smaller, name) for item in levels[each]["items"]]
    level = levels[name]
    return Level(
        name=name,
        title=level["title"],
        period=level["period"],
        visit_hours=level["visit_hours"],
        contains=frozenset(smaller),
        items={item.key: item for item in items},
    )


def _item(item: Mapping[str, Any]) -> Item:
    reading = item.get("reading")
    measured = Reading(reading["unit"], reading.get("min"), reading.get("max")) if reading else None
    return Item(key=item["key"], part=item["part"], text=item["text"], required=item["required"], reading=measured)
