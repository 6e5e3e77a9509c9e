"""Which rules of warranty are in force, and what they say of what a customer owns and complains about (IN-12)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from services.intake.domain.case import Case
from services.intake.domain.customers import Item, as_wire
from services.intake.domain.warranty import Judgement, Rule, judge
from services.intake.domain.warranty_file import read_rules
from services.intake.domain.wire import zone_of
from services.intake.storage.customers import owned_as
from shared.base.yaml_file import read_yaml
from shared.kernel.errors import Misconfigured
from shared.kernel.regions import UNASSIGNED

Answer = dict[str, Any]
BUILTIN: Final = Path(__file__).parents[1] / "policies" / "warranty.yaml"


def load_rules(path: Path | None) -> Sequence[Rule]:
    """The operator's rules, or the house's own; raises Misconfigured with every mistake in them."""
    file = path or BUILTIN
    rules, problems = read_rules(read_yaml(file))
    if problems:
        raise Misconfigured([f"{file}: {problem}" for problem in problems])
    return rules


def day_of(now: datetime) -> date:
    """The day that it is for those who ask."""
    return now.astimezone(zone_of(UNASSIGNED)).date()


def item_shown(rules: Sequence[Rule], on: date, item: Item) -> Answer:
    """Something owned, with its warranty on this day."""
    shown = as_wire(item)
    return shown | _shown(judge(rules, shown, on))


def case_judged(connection: sa.Connection, rules: Sequence[Rule], case: Case) -> Answer:
    """Whether the product of a case was within its warranty when the case came in; nothing where there is no product.

    Days that the case does not tell are taken from the customer file, by the serial number.
    """
    if not case.product:
        return {}
    on = case.received_at.astimezone(zone_of(case.region)).date()
    return _shown(judge(rules, _known(connection, case), on, misused=case.cause == "human_factor"))


def _known(connection: sa.Connection, case: Case) -> Mapping[str, Any]:
    serial_no = case.product.get("serial_no")
    owned = owned_as(connection, serial_no) if serial_no else None
    return {**(as_wire(owned) if owned else {}), **case.product}


def _shown(judgement: Judgement | None) -> Answer:
    return {"warranty": judgement.as_wire()} if judgement else {}
