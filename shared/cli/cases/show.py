"""`aftercare case show`."""

from enum import StrEnum
from typing import Annotated, Any

import typer

from shared.cli.cases.page import case_page
from shared.cli.options import DEFAULT_DATA, AsJson, Data
from shared.cli.output import show as show_page
from shared.cli.output import show_json
from shared.cli.rpc import Answer, Rpc
from shared.cli.suite import Suite
from shared.kernel.errors import NotFound, Unavailable

CaseNo = Annotated[str, typer.Argument(metavar="CASE", help="The case number; spaces and hyphens do not matter.")]


class Language(StrEnum):
    """In which explanations come."""

    EN = "en"
    ZH = "zh"


Lang = Annotated[Language, typer.Option(help="The language of explanations.")]


def show(case_no: CaseNo, data: Data = DEFAULT_DATA, as_json: AsJson = False, lang: Lang = Language.EN) -> None:
    """Show a case: its facts, its clocks with the time left, and why each is due when it is.

    \b
    Examples:
      aftercare case show 123456789012
      aftercare case show "1234 5678 9012" --lang zh
      aftercare case show 123456789012 --json
    """
    with Suite.at(data).rpc() as rpc:
        case = rpc.call("intake.get_case", {"case_no": case_no})
        clocks, explanations = _clocks(rpc, case["case_no"])
    if as_json:
        show_json({"case": case, "clocks": clocks, "explanations": explanations})
    else:
        show_page(case_page(case, clocks, explanations, lang.value))


def _clocks(rpc: Rpc, case_no: str) -> tuple[list[Answer] | None, list[Any]]:
    """The clocks and why they are due; None when sla does not answer: the case can be shown without."""
    try:
        clocks: list[Answer] = rpc.call("sla.clocks", {"case_no": case_no})["clocks"]
        return clocks, rpc.call("sla.explain", {"case_no": case_no})["explanations"] if clocks else []
    except Unavailable:
        return None, []
    except NotFound:
        return [], []
