"""`aftercare case print`."""

from collections.abc import Sequence
from datetime import UTC
from typing import Annotated

import typer

from shared.base.clock import SuiteClock
from shared.cli.cases.look import Wire
from shared.cli.cases.numbers import case_number, with_remedy
from shared.cli.cases.show import CaseNo, Identity, looked_at
from shared.cli.files import STANDARD_OUTPUT, save
from shared.cli.options import DEFAULT_DATA, AsJson, Data
from shared.cli.output import note, say, show_json
from shared.cli.printing.request import Form, case_paper, printed
from shared.cli.printing.words import Tongue, Words
from shared.cli.suite import Suite
from shared.kernel.errors import NotFound
from shared.kernel.instants import format_instant, parse_instant

By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who prints it; it stands at the foot of every page.")]
Which = Annotated[Form, typer.Option("--form", help="The register, the handling form, or both.")]
In = Annotated[Tongue, typer.Option("--lang", help="Chinese, English, or both beside each other.")]
Out = Annotated[
    str | None,
    typer.Option("--out", metavar="FILE.pdf", help="Where to; case-NUMBER.pdf unless said, - for standard output."),
]
Font = Annotated[
    str | None,
    typer.Option("--font", metavar="FILE", help="A TrueType font with Chinese; several with : between."),
]


def print_(  # noqa: PLR0913 - each is an option of the command
    number: CaseNo,
    by: By,
    form: Which = Form.ALL,
    lang: In = Tongue.BOTH,
    out: Out = None,
    font: Font = None,
    identity: Identity = False,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Print a case as PDF: the register, with every step, and the handling form, with its approvals.

    Who somebody protected is stays out unless --identity is given. The file is readable by you only.

    \b
    Examples:
      aftercare case print 123456789012 --by zhang.min
      aftercare case print 123456789012 --by zhang.min \\
        --form handling --lang zh --out handling.pdf
      aftercare case print 123456789012 --by auditor --identity
    """
    suite, case_no = Suite.at(data), case_number(number)
    with suite.rpc() as rpc:
        try:
            case = rpc.call("intake.get_case", looked_at(case_no, by, identity=identity))
        except NotFound as error:
            raise with_remedy(error) from None
    made = printed(case_paper(case, form, Words(lang), by=by, now=_now(suite, case)), font)
    file = out or f"case-{case_no}.pdf"
    save(file, made.data)
    warn_of_missing(made.missing)
    if as_json and file != STANDARD_OUTPUT:
        show_json({"case_no": case_no, "file": file, "bytes": len(made.data), "missing": list(made.missing)})
    elif file != STANDARD_OUTPUT:
        say(f"{file} is written.")


def warn_of_missing(letters: Sequence[str]) -> None:
    """Say which letters were replaced."""
    if letters:
        note(f"warning: no font here has {', '.join(letters)}; name one that has with --font")


def _now(suite: Suite, case: Wire) -> str:
    """The suite's time, to the second, with the offset of the case."""
    there = parse_instant(case["milestones"]["received"]).tzinfo or UTC
    return format_instant(SuiteClock(suite.clock_file).now().replace(microsecond=0), there)
