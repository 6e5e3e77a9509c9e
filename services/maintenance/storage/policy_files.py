"""Policy files: YAML on disk to a checked policy; every mistake is told at once, with its path (MA-2, MA-9)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from services.maintenance.domain.checklist import LEVELS, Item, Level, Reading
from services.maintenance.domain.policy import Outage, Policy
from services.maintenance.storage.policy_schema import PolicySchema, contained
from shared.base.schema import load
from shared.kernel.errors import Invalid, Misconfigured

BUILTIN: Final = Path(__file__).parents[1] / "policies" / "builtin.yaml"


class _Loader(yaml.SafeLoader):
    """YAML as it is, but a key written twice is refused: the second would silently replace the first."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"{key.value!r} is written twice; keep one", problem_mark=key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def load_policy(path: Path = BUILTIN) -> Policy:
    """The policy in a file; raises Misconfigured with every mistake, each with file, path and remedy."""
    try:
        data = load(PolicySchema(), _read(path))
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


def _read(path: Path) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), _Loader)  # a SafeLoader: builds plain data only
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        why = " ".join(str(error).split())
        raise Misconfigured([f"{path.name}: cannot be read as YAML in UTF-8: {why}"]) from None


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
