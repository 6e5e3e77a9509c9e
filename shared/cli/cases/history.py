"""`aftercare case history`."""

from typing import Annotated

import typer

from shared.cli.cases.history_page import history_page
from shared.cli.cases.language import EN, Lang
from shared.cli.cases.numbers import case_number, with_remedy
from shared.cli.cases.show import CaseNo, Identity, Looks, looked_at
from shared.cli.options import DEFAULT_DATA, AsJson, Data
from shared.cli.output import show, show_json
from shared.cli.suite import Suite
from shared.kernel.errors import NotFound

Since = Annotated[int, typer.Option("--from", metavar="NO", min=1, help="Begin with the entry of this number.")]


def history(  # noqa: PLR0913 - each is an option of the command
    number: CaseNo,
    since: Since = 1,
    by: Looks = None,
    identity: Identity = False,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
    lang: Lang = EN,
) -> None:
    """Show every step of a case: who, what, when it happened, when it was recorded.

    Corrections show what stood there before; what was dated back is marked, and so is a time that was claimed and
    did not count.

    \b
    Examples:
      aftercare case history 123456789012
      aftercare case history 123456789012 --by auditor --lang zh
      aftercare case history 123456789012 --from 200 --json
    """
    asked = looked_at(case_number(number), by, identity=identity)
    try:
        case = Suite.at(data).call("intake.get_case", asked)
    except NotFound as error:
        raise with_remedy(error) from None
    if as_json:
        show_json({"case_no": case["case_no"], "history": [each for each in case["history"] if each["seq"] >= since]})
    else:
        show(history_page(case, lang.value, since=since))
