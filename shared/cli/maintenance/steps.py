"""`aftercare maintenance schedule`, `start`, `check` and `postpone`."""

from pathlib import Path
from typing import Annotated, Any

import typer

from shared.cli.maintenance.given import By, OrderNo, request_of
from shared.cli.options import DEFAULT_DATA, AsJson, Data, FieldOption, with_fields
from shared.cli.output import say, show_json
from shared.cli.rpc import Answer
from shared.cli.suite import Suite
from shared.cli.times import when

VISIT = (
    FieldOption("technician", "technician", "Who comes."),
    FieldOption("at", "visit_at", "When the visit begins, with offset."),
    FieldOption("until", "visit_until", "When it ends; as long as usual unless said."),
    FieldOption("by", "by", "Who makes the appointment."),
)

Failed = Annotated[str | None, typer.Option("--failed", metavar="WHY", help="What was not done well.")]
DueOn = Annotated[str, typer.Option("--to", metavar="DAY", help="The new day, YYYY-MM-DD.")]
Reason = Annotated[str, typer.Option("--reason", help="Why.")]


@with_fields(VISIT)
def schedule(order_no: OrderNo, data: Data = DEFAULT_DATA, as_json: AsJson = False, **given: Any) -> None:
    """Make or move an order's appointment.

    \b
    Examples:
      aftercare maintenance schedule W12-3 --technician technician-south --at 2026-10-12T10:00:00+08:00 --by south-desk
    """
    answer = _take(data, as_json, "schedule_order", order_no, request_of(VISIT, given))
    if not as_json:
        say(f"{answer['technician']} comes {when(answer['visit_at'])} until {when(answer['visit_until'])}")


def start(order_no: OrderNo, by: By, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Begin the work of an order.

    \b
    Examples:
      aftercare maintenance start W12-3 --by technician-south
    """
    _take(data, as_json, "start_order", order_no, {"by": by})


def check(order_no: OrderNo, by: By, failed: Failed = None, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Check the work of an order, by somebody else than who did it.

    \b
    Examples:
      aftercare maintenance check W12-3 --by south-desk
      aftercare maintenance check W12-3 --by south-desk --failed "The cabinet is dusty still."
    """
    judged = {"passed": False, "note": failed} if failed else {"passed": True}
    _take(data, as_json, "check_order", order_no, {"by": by, **judged})


def postpone(
    order_no: OrderNo, to: DueOn, reason: Reason, by: By, data: Data = DEFAULT_DATA, as_json: AsJson = False
) -> None:
    """Put an order off, within the limits of the policy.

    \b
    Examples:
      aftercare maintenance postpone W12-3 --to 2026-10-20 --reason "The line runs." --by south-desk
    """
    _take(data, as_json, "postpone_order", order_no, {"by": by, "due_on": to, "reason": reason})


def _take(data: Path, as_json: bool, method: str, order_no: str, request: dict[str, Any]) -> Answer:
    answer = Suite.at(data).call(f"maintenance.{method}", {"order_no": order_no, **request})
    if as_json:
        show_json(answer)
    else:
        say(f"Order {answer['order_no']} is {answer['state']}, due on {answer['due_on']}, version {answer['version']}.")
    return answer
