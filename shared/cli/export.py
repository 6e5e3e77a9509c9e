"""`aftercare export`: cases as JSON Lines, one whole case a line (IN-18)."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, Annotated, Any

import typer

from shared.cli.cases.listing import FILTERS, filters, find
from shared.cli.options import DEFAULT_DATA, Data, with_fields
from shared.cli.output import say
from shared.cli.rpc import Answer, Rpc
from shared.cli.suite import Suite
from shared.kernel.errors import AftercareError, Misconfigured

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
    with Suite.at(data).rpc() as rpc, _opened(file) as out:
        found = find(rpc, filters(given))
        while page := list(islice(found, AT_ONCE)):
            for case in _whole(rpc, [case["case_no"] for case in page]):
                out.write(json.dumps(case, ensure_ascii=False) + "\n")
            count += len(page)
    if file != "-":
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


@contextmanager
def _opened(file: str) -> Iterator[IO[str]]:
    """The file, readable by its owner only, there when it is complete; or standard output."""
    if file == "-":
        yield sys.stdout
        return
    path = Path(file)
    temporary = path.with_name(path.name + ".part")
    try:
        temporary.unlink(missing_ok=True)
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise Misconfigured([f"cannot write {path}: {error.strerror}"]) from None
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        yield out
    temporary.replace(path)
