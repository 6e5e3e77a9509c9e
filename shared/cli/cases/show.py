"""`aftercare case show`."""

from typing import Annotated, Any

import typer

from shared.cli.cases.language import EN, Lang
from shared.cli.cases.numbers import case_number, with_remedy
from shared.cli.cases.page import Told, case_page
from shared.cli.options import DEFAULT_DATA, AsJson, Data
from shared.cli.output import show as show_page
from shared.cli.output import show_json
from shared.cli.rpc import Answer, Rpc
from shared.cli.suite import Suite
from shared.kernel.errors import NotFound, Unavailable

CaseNo = Annotated[list[str], typer.Argument(metavar="CASE", help="The case number; spaces and hyphens do not matter.")]
Everything = Annotated[bool, typer.Option("--all", help="Explain also the clocks that were met or cancelled.")]
Identity = Annotated[bool, typer.Option("--identity", help="Also who somebody protected is.")]

Looks = Annotated[
    str | None,
    typer.Option("--by", metavar="NAME", help="Who looks; every look is on record.", show_default=False),
]


def show(  # noqa: PLR0913 - each is an option of the command
    number: CaseNo,
    everything: Everything = False,
    by: Looks = None,
    identity: Identity = False,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
    lang: Lang = EN,
) -> None:
    """Show a case: its facts, its clocks with the time left, why each is due when it is, and what stops it.

    Of a serious one also the handling form and whose turn it is, what is owed, and what is missing before it closes.

    \b
    Examples:
      aftercare case show 1234 5678 9012
      aftercare case show 123456789012 --lang zh
      aftercare case show 123456789012 --all
      aftercare case show 123456789012 --by auditor --identity
      aftercare case show 123456789012 --json
    """
    suite, case_no = Suite.at(data), case_number(number)
    with suite.rpc() as rpc:
        try:
            case = rpc.call("intake.get_case", looked_at(case_no, by, identity=identity))
        except NotFound as error:
            raise with_remedy(error) from None
        clocks, explanations = _clocks(rpc, case["case_no"])
    if as_json:
        show_json({"case": case, "clocks": clocks, "explanations": explanations})
    else:
        show_page(case_page(Told(case, clocks, explanations), lang.value, everything=everything))


def looked_at(case_no: str, by: str | None, *, identity: bool) -> dict[str, Any]:
    """The question for a case, as whoever looks may see it."""
    return {"case_no": case_no} | ({"by": by} if by else {}) | ({"identity": True} if identity else {})


def _clocks(rpc: Rpc, case_no: str) -> tuple[list[Answer] | None, list[Any]]:
    """The clocks and why they are due; None when sla does not answer: the case can be shown without."""
    try:
        clocks: list[Answer] = rpc.call("sla.clocks", {"case_no": case_no})["clocks"]
        return clocks, rpc.call("sla.explain", {"case_no": case_no})["explanations"] if clocks else []
    except Unavailable:
        return None, []
    except NotFound:
        return [], []
