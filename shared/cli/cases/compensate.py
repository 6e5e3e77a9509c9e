"""`aftercare case compensate`: what the customer is paid or given, from the proposal to the payment (IN-22)."""

from typing import Annotated, Any

import typer

from shared.cli.cases.numbers import case_number, split_number
from shared.cli.cases.show import CaseNo
from shared.cli.cases.taking import By, taken, told
from shared.cli.options import DEFAULT_DATA, AsJson, Data
from shared.cli.output import show_json
from shared.cli.suite import Suite
from shared.kernel.errors import Invalid

app = typer.Typer(help="Compensation: propose, approve, refuse, pay it.", no_args_is_help=True)

Which = Annotated[
    list[str],
    typer.Argument(metavar="CASE ID", help="The case, and the compensation as its page names it."),
]
Kind = Annotated[str, typer.Option("--kind", help="refund, replacement, repair_free, voucher, money or other.")]
Amount = Annotated[str, typer.Option("--amount", help="How much, like 500 or 499.50.")]
Currency = Annotated[str | None, typer.Option("--currency", help="CNY unless said.", show_default=False)]
Reason = Annotated[str, typer.Option("--reason", help="What for.")]
Note = Annotated[str | None, typer.Option("--note", help="What to keep with it.", show_default=False)]
Grounds = Annotated[str, typer.Option("--grounds", help="Why not; the customer may ask.")]
PaidOn = Annotated[str | None, typer.Option("--paid-on", metavar="DAY", help="YYYY-MM-DD; today unless said.")]
Reference = Annotated[str | None, typer.Option("--reference", help="The number of the payment.", show_default=False)]


@app.command()
def propose(  # noqa: PLR0913 - each is an option of the command
    number: CaseNo,
    kind: Kind,
    amount: Amount,
    reason: Reason,
    by: By,
    currency: Currency = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Propose a compensation.

    \b
    Examples:
      aftercare case compensate propose 123456789012 --kind money \\
        --amount 500 --reason "Three days without a kitchen." \\
        --by li.qiang
    """
    fields = {"kind": kind, "amount": amount, "currency": currency, "reason": reason}
    _take("propose_compensation", {"case_no": case_number(number), "by": by, **fields}, data, as_json)


@app.command()
def approve(words: Which, by: By, note: Note = None, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Approve a compensation; up to which amount somebody may is data of the house.

    \b
    Examples:
      aftercare case compensate approve 123456789012 c9 \\
        --by aftersales-lead
    """
    _take("approve_compensation", {**_named(words), "by": by, "note": note}, data, as_json)


@app.command()
def refuse(words: Which, by: By, grounds: Grounds, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Refuse a compensation, with the grounds.

    \b
    Examples:
      aftercare case compensate refuse 123456789012 c9 \\
        --by aftersales-lead --grounds "Out of warranty."
    """
    _take("refuse_compensation", {**_named(words), "by": by, "grounds": grounds}, data, as_json)


@app.command()
def pay(
    words: Which,
    by: By,
    paid_on: PaidOn = None,
    reference: Reference = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Record that an approved compensation was paid.

    \b
    Examples:
      aftercare case compensate pay 123456789012 c9 --by li.qiang \\
        --paid-on 2026-10-20 --reference T-88
    """
    fields = {"paid_on": paid_on, "reference": reference}
    _take("pay_compensation", {**_named(words), "by": by, **fields}, data, as_json)


def _named(words: list[str]) -> dict[str, str]:
    case_no, rest = split_number(words)
    if len(rest) != 1:
        raise Invalid.field("ID", f"name one compensation; `aftercare case show {case_no}` shows them")
    return {"case_no": case_no, "compensation_id": rest[0]}


def _take(step: str, fields: dict[str, Any], data: Data, as_json: bool) -> None:
    given = {name: value for name, value in fields.items() if value is not None}
    options = {name: f"--{name.replace('_', '-')}" for name in given if name not in ("case_no", "compensation_id")}
    with Suite.at(data).rpc() as rpc:
        case = taken(rpc, {**given, "step": step}, {**options, "compensation_id": "ID"})
    show_json(case) if as_json else told(case)
