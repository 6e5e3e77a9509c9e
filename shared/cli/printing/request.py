"""From what a service answers to a file on paper."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import Final

from shared.cli.printing.blocks import Paper, Sheet
from shared.cli.printing.handling_form import handling_sheet
from shared.cli.printing.letters import Letters, code_point
from shared.cli.printing.proof_form import proof_sheets
from shared.cli.printing.register_form import register_sheet
from shared.cli.printing.words import Words, moment
from shared.cli.telling import Wire, spoken
from shared.kernel.errors import Misconfigured


class Form(StrEnum):
    """What of a case is printed."""

    REGISTER = "register"
    HANDLING = "handling"
    ALL = "all"


SHEETS: Final[Mapping[Form, tuple[Callable[[Wire, Words], Sheet], ...]]] = {
    Form.REGISTER: (register_sheet,),
    Form.HANDLING: (handling_sheet,),
    Form.ALL: (register_sheet, handling_sheet),
}


@dataclass(frozen=True)
class Printed:
    """A file, and the letters that no font could draw."""

    data: bytes
    missing: tuple[str, ...]


def case_paper(case: Wire, form: Form, words: Words, *, by: str, now: str) -> Paper:
    """A case on paper, as it stands."""
    return _paper(case["case_no"], [make(case, words.knowing(case)) for make in SHEETS[form]], words, by=by, now=now)


def proof_paper(proof: Wire, words: Words, *, by: str) -> Paper:
    """The proof of a case on paper."""
    return _paper(proof["case_no"], proof_sheets(proof, words), words, by=by, now=proof["made_at"])


def _paper(case_no: str, sheets: Sequence[Sheet], words: Words, *, by: str, now: str) -> Paper:
    number = spoken(case_no)
    return Paper(
        title=f"{words.label('case')} {number}",
        sheets=sheets,
        foot=f"{number}  {words.say('打印', 'printed')} {moment(now)}  {by}",
        page="{number} / {total}",
        made_at=now,
    )


def printed(paper: Paper, font: str | None) -> Printed:
    """The paper as PDF; raises Misconfigured when there is no library or no font for it."""
    try:
        fonts = import_module("shared.cli.printing.fonts")
        press = import_module("shared.cli.printing.paper")
    except ModuleNotFoundError as error:
        if error.name != "reportlab":
            raise
        raise Misconfigured(["printing needs reportlab; install it: pip install aftercare[print]"]) from None
    letters = Letters(fonts.faces(font))
    data: bytes = press.pdf_of(paper, letters)
    return Printed(data, tuple(code_point(letter) for letter in letters.missing))
