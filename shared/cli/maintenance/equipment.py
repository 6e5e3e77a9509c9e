"""`aftercare maintenance register`, `equipment` and `plan`."""

from typing import Annotated, Any

import typer

from shared.cli.maintenance.given import EquipmentId, FromYaml, request_of
from shared.cli.options import DEFAULT_DATA, AsJson, Data, FieldOption, with_fields
from shared.cli.output import say, show, show_json, table
from shared.cli.rpc import Answer
from shared.cli.suite import Suite

EQUIPMENT = (
    FieldOption("serial-no", "serial_no", "The serial number; the same one again is the same equipment."),
    FieldOption("model", "model", "The model."),
    FieldOption("customer", "customer", "The customer that it belongs to."),
    FieldOption("site", "site", "Where it stands."),
    FieldOption("region", "region", "In which region, largest first: south.guangdong.foshan."),
    FieldOption("installed-on", "installed_on", "The day it was installed, YYYY-MM-DD."),
    FieldOption("warranty-until", "warranty_until", "The last day of its warranty, YYYY-MM-DD."),
    FieldOption("state", "state", "in_use, standby or out_of_use; in_use unless said."),
    FieldOption("administrator", "administrator.name", "Who looks after it at the customer's."),
    FieldOption("phone", "administrator.phone", "The administrator's number; China unless it begins with +."),
    FieldOption("email", "administrator.email", "The administrator's mail address."),
)
PLAN = (
    FieldOption("period", "period", "monthly, quarterly or annual; the level's own unless said."),
    FieldOption("anchor", "anchor", "The day of the first visit, YYYY-MM-DD; without it a period after installation."),
    FieldOption("until", "until", "The last day of the plan, YYYY-MM-DD; without it there is no end."),
    FieldOption("by", "by", "Who sets it."),
)

Level = Annotated[str, typer.Argument(metavar="LEVEL", help="routine, quarterly, annual or terminal.")]


@with_fields(EQUIPMENT)
def register(from_yaml: FromYaml = None, data: Data = DEFAULT_DATA, as_json: AsJson = False, **given: Any) -> None:
    """Put a piece of equipment on file.

    \b
    Examples:
      aftercare maintenance register --serial-no SN-1 --model DM-30 --site "Hall 2" --region south.guangdong \\
        --administrator "Lin" --phone 13812345678
      aftercare maintenance register --from-yaml line.yaml --json
    """
    answer = Suite.at(data).call("maintenance.register_equipment", request_of(EQUIPMENT, given, from_yaml))
    if as_json:
        show_json(answer)
        return
    say(f"Equipment {answer['equipment_id']}: {answer['model']} {answer['serial_no']}, {answer['region']}")
    if answer["duplicate"]:
        differs = ", ".join(answer["differs"])
        say("It was on file before" + (f"; this time differs: {differs}" if differs else ""))


def equipment(equipment_id: EquipmentId, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Show a piece of equipment: its plans, its orders, its defects.

    \b
    Examples:
      aftercare maintenance equipment E7
      aftercare maintenance equipment E7 --json
    """
    found = Suite.at(data).call("maintenance.get_equipment", {"equipment_id": equipment_id})
    if as_json:
        show_json(found)
        return
    say(f"Equipment {found['equipment_id']}: {found['model']} {found['serial_no']}, {found['state']}")
    say("  ".join(str(found[name]) for name in ("customer", "site", "region") if name in found))
    for each in found["plans"]:
        _say_plan(each)
    rows = [[each["order_no"], each["level"], each["due_on"], each["state"]] for each in found["orders"]]
    show(table("order", "level", "due on", "state", rows=rows))
    for defect in found["defects"]:
        say(f"{defect['defect_id']}: case {defect.get('case_no', 'not opened yet')} {defect.get('case_state', '')}")


@with_fields(PLAN)
def plan(
    equipment_id: EquipmentId, level: Level, data: Data = DEFAULT_DATA, as_json: AsJson = False, **given: Any
) -> None:
    """Set how often a level of upkeep is done at a piece of equipment.

    \b
    Examples:
      aftercare maintenance plan E7 routine
      aftercare maintenance plan E7 quarterly --anchor 2026-10-31 --until 2028-12-31 --by lin
    """
    request = {**request_of(PLAN, given), "equipment_id": equipment_id, "level": level}
    answer = Suite.at(data).call("maintenance.set_plan", request)
    if as_json:
        show_json(answer)
        return
    _say_plan(answer)
    if answer["cancelled"]:
        say(f"Cancelled: {', '.join(answer['cancelled'])}")


def _say_plan(plan: Answer) -> None:
    coming = ", ".join(each["due_on"] for each in plan["upcoming"]) or "nothing more"
    say(f"Plan {plan['plan_id']}: {plan['level']}, {plan['period']} from {plan['anchor']}; next: {coming}")
