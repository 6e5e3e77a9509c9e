"""`aftercare maintenance orders` and `aftercare maintenance order`."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer
from rich.text import Text

from shared.cli.cases.language import Lang, Language
from shared.cli.maintenance.given import OrderNo, request_of
from shared.cli.options import DEFAULT_DATA, AsJson, Data, FieldOption, with_fields
from shared.cli.output import say, show, show_json, table
from shared.cli.rpc import Answer, Rpc
from shared.cli.suite import Suite
from shared.cli.times import when

PAGE = 500
FILTERS = (
    FieldOption("equipment", "equipment_id", "Only orders of this equipment."),
    FieldOption("region", "region", "Only this region and those below it."),
    FieldOption("state", "state", "Only orders in this state."),
    FieldOption("technician", "technician", "Only orders of this technician."),
    FieldOption("from", "from", "Due on this day or instant or later."),
    FieldOption("to", "to", "Due before this day or instant."),
)
STYLES = {"missed": "bold red", "cancelled": "dim", "done": "green", "checked": "green", "in_progress": "cyan"}
RESULT_STYLES = {"ok": "green", "failed": "bold red"}

Limit = Annotated[int, typer.Option("--limit", min=1, help="How many to show at most.")]


@with_fields(FILTERS)
def orders(limit: Limit = 100, data: Data = DEFAULT_DATA, as_json: AsJson = False, **given: Any) -> None:
    """List orders, those due first coming first.

    \b
    Examples:
      aftercare maintenance orders --state planned
      aftercare maintenance orders --region south --from 2026-10-01 --to 2026-11-01
      aftercare maintenance orders --technician technician-south --json
    """
    with Suite.at(data).rpc() as rpc:
        found = [each for each, _ in zip(_find(rpc, request_of(FILTERS, given)), range(limit), strict=False)]
    if as_json:
        show_json({"orders": found})
    elif found:
        columns = ("order", "due on", "level", "state", "region", "technician", "visit", "defects")
        show(table(*columns, rows=map(_row, found)))
    else:
        say("No order is like that.")


def order(order_no: OrderNo, data: Data = DEFAULT_DATA, as_json: AsJson = False, lang: Lang = Language.EN) -> None:
    """Show an order: its checklist with the answers, its defects and their cases, what happened.

    \b
    Examples:
      aftercare maintenance order W12-3
      aftercare maintenance order W12-3 --lang zh
    """
    found = Suite.at(data).call("maintenance.get_order", {"order_no": order_no})
    if as_json:
        show_json(found)
        return
    piece = found["equipment"]
    say(f"Order {found['order_no']} is {found['state']}: {found['level']}, due on {found['due_on']}")
    say(f"{piece['model']} {piece['serial_no']}  {piece.get('site', '')}  {piece['region']}")
    if found.get("visit_at"):
        say(f"{found['technician']} comes {when(found['visit_at'])}")
    if found.get("reason"):
        say(found["reason"])
    show(table("item", "", "result", "reading", "note", rows=[_item(line, lang.value) for line in found["checklist"]]))
    for defect in found["defects"]:
        say(f"{defect['defect_id']}: case {defect.get('case_no', 'not opened yet')} {defect.get('case_state', '')}")
    steps = [[when(each["at"]), each["step"], each["by"], each.get("note", "")] for each in found["steps"]]
    show(table("at", "step", "by", "", rows=steps))


def _find(rpc: Rpc, wanted: Mapping[str, Any]) -> Iterator[Answer]:
    """Every order like that, a page at a time."""
    after: dict[str, Any] = {}
    while True:
        answer = rpc.call("maintenance.orders", {**wanted, "limit": PAGE, **after})
        yield from answer["orders"]
        if "next" not in answer:
            return
        after = {"after": answer["next"]}


def _row(order: Answer) -> list[str | Text]:
    late = order["overdue"]
    return [
        order["order_no"],
        Text(order["due_on"], "bold red" if late else ""),
        order["level"],
        Text(order["state"], STYLES.get(order["state"], "")),
        order["region"],
        order.get("technician", ""),
        when(order["visit_at"]) if order.get("visit_at") else "",
        "  ".join(each.get("case_no", each["item"]) for each in order["defects"]),
    ]


def _item(line: Answer, lang: str) -> list[str | Text]:
    result = line.get("result", "")
    return [
        line["item"],
        line["text"][lang],
        Text(result, RESULT_STYLES.get(result, "")),
        line.get("reading") or "",
        line.get("note") or "",
    ]
