"""`aftercare customer export` and `aftercare customer erase`: what people may ask of their data (AL-4)."""

import json
from typing import Annotated, Any

import typer

from shared.cli.files import STANDARD_OUTPUT, opened
from shared.cli.options import DEFAULT_DATA, AsJson, Data, FieldOption, with_fields
from shared.cli.output import note, say, show, show_json, table
from shared.cli.suite import Suite
from shared.kernel.errors import Unavailable

WHOSE = (
    FieldOption("customer-id", "customer_id", "The id of the customer."),
    FieldOption("phone", "phone", "Or a number: also of somebody who is not on file."),
    FieldOption("email", "email", "Or a mail address."),
)
By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who does it.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, as it is written into their cases.")]
Out = Annotated[str, typer.Option("--out", metavar="FILE", help="Where to; - is standard output.")]
Really = Annotated[bool, typer.Option("--yes", help="Do it; without this only what would go is shown.")]


@with_fields(WHOSE)
def export(by: By, out: Out = STANDARD_OUTPUT, data: Data = DEFAULT_DATA, **given: Any) -> None:
    """Write everything that is held about somebody, as JSON: their page, cases with history, calls, messages.

    \b
    Examples:
      aftercare customer export --customer-id C1234567890 --by desk --out li.json
      aftercare customer export --phone 13900139000 --by desk
    """
    with Suite.at(data).rpc() as rpc:
        told = rpc.call("intake.export_customer", _whose(given) | {"by": by})
        try:
            sent = [rpc.call("notify.messages", {"case_no": case["case_no"]})["messages"] for case in told["cases"]]
        except Unavailable:
            note("notify does not answer: the messages that were sent are missing; try again")
            sent = []
    told["messages"] = [message for some in sent for message in some]
    with opened(out) as file:
        file.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")


@with_fields(WHOSE)
def erase(
    by: By, reason: Reason, yes: Really = False, data: Data = DEFAULT_DATA, as_json: AsJson = False, **given: Any
) -> None:
    """Erase somebody's name, numbers and addresses everywhere. The record stays: cases, facts, deadlines, statistics.

    Without --yes nothing is erased: it shows what would be. It cannot be undone.

    \b
    Examples:
      aftercare customer erase --customer-id C1234567890 --by desk --reason "asked on 9 October"
      aftercare customer erase --customer-id C1234567890 --by desk --reason "asked on 9 October" --yes
    """
    request = {**_whose(given), "by": by, "reason": reason, "dry_run": not yes}
    answer = Suite.at(data).call("intake.erase_customer", request)
    if as_json:
        show_json(answer)
        return
    show(table("table", "rows", rows=[[name, str(count)] for name, count in answer["rows"].items()]))
    if answer["open_cases"]:
        say(f"Still open, and nobody can be reached there any more: {', '.join(answer['open_cases'])}")
    files = sum(map(len, answer["files"].values()))
    what = f"{len(answer['cases'])} cases, {files} letters and attachments"
    say(f"Erased: {what}; the other services follow." if yes else f"This would go: {what}. --yes erases it.")


def _whose(given: dict[str, Any]) -> dict[str, str]:
    return {option.field: given[option.name] for option in WHOSE if given[option.name]}
