"""Pages of cases -> pages of a file."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Final

from shared.cli.exporting.forms import FORMS
from shared.cli.exporting.part import PartFile
from shared.cli.rpc import Answer, Rpc

PAGE: Final = 50
"""Cases that are asked for at once."""

Watch = Callable[[int], None]
"""Hears how many cases are written."""


def export_file(rpc: Rpc, path: Path, form: str, wanted: Mapping[str, Any], watch: Watch) -> int:
    """Write the file, or go on with it where it was broken off; how many cases are in it."""
    with PartFile(path, {"suite": rpc.suite, "form": form, **wanted}) as part:
        watch(part.place.cases)
        for page, following in pages(rpc, wanted, part.place.after, begun=part.place.size > 0):
            part.add(FORMS[form](rpc, page, part.place.size == 0), len(page), following)
            watch(part.place.cases)
        part.complete()
        return part.place.cases


def export_stream(rpc: Rpc, out: IO[str], form: str, wanted: Mapping[str, Any]) -> None:
    """Write everything at once to whoever reads."""
    first = True
    for page, _following in pages(rpc, wanted, None):
        out.write(FORMS[form](rpc, page, first))
        first = False


def pages(
    rpc: Rpc, wanted: Mapping[str, Any], after: str | None, *, begun: bool = False
) -> Iterator[tuple[list[Answer], str | None]]:
    """Pages of cases, oldest first, each with the place behind it; nothing when all were read already."""
    if begun and after is None:
        return
    while True:
        here = {"after": after} if after else {}
        answer = rpc.call("intake.find_cases", {**wanted, "limit": PAGE, **here})
        after = answer.get("next")
        yield answer["cases"], after
        if after is None:
            return
