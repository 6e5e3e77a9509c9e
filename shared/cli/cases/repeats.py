"""`aftercare case repeats`, `confirm-repeat`, `reject-repeat`: whether it is the same matter again (IN-20)."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType
from rich.text import Text

from shared.cli.cases.numbers import case_number, with_remedy
from shared.cli.grid import Column
from shared.cli.options import DEFAULT_DATA, AsJson, Data
from shared.cli.output import say, show, show_json, table
from shared.cli.suite import Suite
from shared.cli.times import Times, at_home
from shared.kernel.errors import NotFound

Case = Annotated[list[str], typer.Argument(metavar="CASE", help="The case number.")]
Of = Annotated[str, typer.Option("--case", help="Only about this case, or of which it is the first.")]
State = Annotated[str, typer.Option("--state", help="proposed, confirmed or rejected.")]
Region = Annotated[str, typer.Option("--region", help="Only this region and those below it.")]
By = Annotated[str, typer.Option("--by", help="Who decides.")]
Reason = Annotated[str, typer.Option("--reason", help="A word on why.", show_default=False)]


def repeats(
    case: Of = "",
    state: State = "",
    region: Region = "",
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Show which cases seem to be the same matter again, with the reasons; without options those to be decided.

    \b
    Examples:
      aftercare case repeats
      aftercare case repeats --region south
      aftercare case repeats --case 954770952750
    """
    given = {"case_no": case, "state": state, "region": region}
    request: dict[str, Any] = {name: value for name, value in given.items() if value}
    found: list[Mapping[str, Any]] = []
    page: Mapping[str, Any] = {"next": ""}
    with Suite.at(data).rpc() as rpc:
        while "next" in page:
            page = rpc.call("intake.repeats", request | ({"after": page["next"]} if page["next"] else {}))
            found += page["repeats"]
    if as_json:
        show_json({"repeats": found})
        return
    show(repeats_page(found)) if found else say("Nothing is proposed.")


def repeats_page(found: Sequence[Mapping[str, Any]]) -> RenderableType:
    """What seems to be the same matter, a row each, in the suite's time."""
    proposed = [at_home(each["proposed_at"]) for each in found]
    times = Times(proposed)
    rows = [
        [
            each["case_no"],
            each["first_case"],
            str(each["score"]),
            ", ".join(reason["reason"] for reason in each["reasons"]),
            each["state"],
            times.short(at),
            each["case"].get("subject", ""),
        ]
        for each, at in zip(found, proposed, strict=True)
    ]
    columns = (
        *("case", "seems to repeat", "score", "because of the same", "state"),
        Column("proposed", drop=2),
        Column("subject", wraps=True, drop=1),
    )
    return Group(table(*columns, rows=rows), Text(times.note(), "dim"))


def confirm_repeat(case: Case, by: By, reason: Reason = "", data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Say that it is the same matter: the case is linked to the first, never merged, and has no new limits.

    \b
    Examples:
      aftercare case confirm-repeat 954770952750 --by desk
    """
    told = _decide("confirm_repeat", case, by, reason, data)
    show_json(told) if as_json else say(f"{told['case_no']} repeats {told['repeat_of']}: linked.")


def reject_repeat(case: Case, by: By, reason: Reason = "", data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Say that it is a matter of its own: it is never proposed again.

    \b
    Examples:
      aftercare case reject-repeat 954770952750 --by desk --reason "another machine"
    """
    told = _decide("reject_repeat", case, by, reason, data)
    show_json(told) if as_json else say(f"{told['case_no']} is a matter of its own; it is not proposed again.")


def _decide(method: str, case: list[str], by: str, reason: str, data: Any) -> Mapping[str, Any]:
    request = {"case_no": case_number(case), "by": by} | ({"reason": reason} if reason else {})
    try:
        return Suite.at(data).call(f"intake.{method}", request)
    except NotFound as error:
        raise with_remedy(error) if error.detail == {"case_no": request["case_no"]} else error from None
