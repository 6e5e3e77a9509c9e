"""`aftercare export`: cases as JSON Lines, one whole case a line (IN-18)."""

import json
from itertools import islice
from typing import Annotated, Any

import typer

from shared.cli.cases.listing import FILTERS, filters, find
from shared.cli.files import STANDARD_OUTPUT, opened
from shared.cli.options import DEFAULT_DATA, Data, with_fields
from shared.cli.output import say
from shared.cli.rpc import Answer, Rpc
from shared.cli.suite import Suite
from shared.kernel.errors import AftercareError

AT_ONCE = 50

File = Annotated[str, typer.Argument(help="Where to write; - for standard output.")]


@with_fields(FILTERS)
def export(file: File, data: Data = DEFAULT_DATA, **given: Any) -> None:
    """Write cases as JSON Lines, oldest first: each line one case with its facts and its history.

    \b
    Examples:
      aftercare export cases.jsonl
      aftercare export - --state closed --region south | gzip > closed.jsonl.gz
    """
    count = 0
    with Suite.at(data).rpc() as rpc, opened(file) as out:
        found = find(rpc, filters(given))
        while page := list(islice(found, AT_ONCE)):
            for case in _whole(rpc, [case["case_no"] for case in page]):
                out.write(json.dumps(case, ensure_ascii=False) + "\n")
            count += len(page)
    if file != STANDARD_OUTPUT:
        say(f"{count} cases are in {file}.")


def _whole(rpc: Rpc, numbers: list[str]) -> list[Answer]:
    """Every one of these cases with facts and history, asked for at once."""
    arrived: dict[str, Answer | AftercareError] = {}
    for number in numbers:
        rpc.send("intake.get_case", {"case_no": number}, _keeper(arrived, number))
    while len(arrived) < len(numbers):
        rpc.pump()
    return [_good(arrived[number]) for number in numbers]


def _keeper(arrived: dict[str, Answer | AftercareError], number: str) -> Any:
    def keep(outcome: Answer | AftercareError) -> None:
        arrived[number] = outcome

    return keep


def _good(outcome: Answer | AftercareError) -> Answer:
    if isinstance(outcome, AftercareError):
        raise outcome
    return outcome
