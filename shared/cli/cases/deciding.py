"""`aftercare case approve` and `aftercare case reject`."""

from typing import Annotated

import typer

from shared.cli.cases.handling_part import turn_line
from shared.cli.cases.numbers import case_number
from shared.cli.cases.show import CaseNo
from shared.cli.cases.taking import By, taken, told
from shared.cli.options import DEFAULT_DATA, AsJson, Data
from shared.cli.output import say, show_json
from shared.cli.suite import Suite

Department = Annotated[
    str, typer.Option("--department", metavar="D", help="For which department, as the form names it.")
]
Reason = Annotated[str | None, typer.Option("--reason", help="Why.", show_default=False)]
OPTIONS = {"department": "--department", "reason": "--reason"}


def approve(
    number: CaseNo,
    department: Department,
    by: By,
    reason: Reason = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Approve what was agreed with the customer, for a department.

    \b
    Examples:
      aftercare case approve 123456789012 --department 品质部 \\
        --by aftersales-lead
    """
    _decide("approve", number, {"department": department, "by": by, "reason": reason}, data, as_json)


def reject(
    number: CaseNo,
    department: Department,
    by: By,
    reason: Reason = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Refuse what was agreed with the customer, for a department; it goes back to the customer.

    \b
    Examples:
      aftercare case reject 123456789012 --department 品质部 \\
        --by aftersales-lead --reason "Check the batch first."
    """
    _decide("reject", number, {"department": department, "by": by, "reason": reason}, data, as_json)


def _decide(step: str, number: list[str], fields: dict[str, str | None], data: Data, as_json: bool) -> None:
    given = {name: value for name, value in fields.items() if value is not None}
    request = {"case_no": case_number(number), "step": step, **given}
    with Suite.at(data).rpc() as rpc:
        case = taken(rpc, request, OPTIONS)
        if as_json:
            show_json(case)
            return
        told(case)
        look = {"case_no": case["case_no"], "by": given["by"]}
        form = rpc.call("intake.get_case", look).get("handling", {}).get("form")
    if form:
        say(f"Approvals: {turn_line(form, 'en')}")
