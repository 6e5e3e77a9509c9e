"""Steps that have a command of their own: taken, refused in the words of the command, and told."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from shared.cli.cases.numbers import with_remedy
from shared.cli.cases.warnings import warn_of_unknown
from shared.cli.output import say
from shared.cli.problems import in_words_of
from shared.cli.rpc import Answer, Rpc
from shared.cli.telling import spoken
from shared.cli.times import when
from shared.kernel.errors import Invalid, NotFound

By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who does it.", show_default=False)]


def taken(rpc: Rpc, request: Mapping[str, Any], options: Mapping[str, str] | None = None) -> Answer:
    """The case after the step; `options` are the command's names for fields of the step."""
    try:
        case = rpc.call("intake.take_step", request)
    except Invalid as error:
        raise in_words_of(error, {"by": "--by", "text": "--text", **(options or {})}) from None
    except NotFound as error:
        raise with_remedy(error) if error.detail == {"case_no": request["case_no"]} else error from None
    warn_of_unknown(rpc, case, request)
    return case


def told(case: Answer) -> None:
    """Say what was written down."""
    fact = case["facts"][-1]
    key = f", {fact['key']}" if "key" in fact else ""
    say(f"Case {spoken(case['case_no'])} is {case['state']}, version {case['version']}.")
    say(f"{fact['fact']}{key} at {when(fact['at'])} by {fact['by']}")
