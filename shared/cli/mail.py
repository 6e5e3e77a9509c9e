"""`aftercare mail`: the letters of the mailbox, and what became of them."""

from enum import StrEnum
from typing import Annotated

import typer

from shared.cli.cases.language import EN, Lang
from shared.cli.mail_page import letter_page, list_page
from shared.cli.options import DEFAULT_DATA, AsJson, Data
from shared.cli.output import say, show, show_json
from shared.cli.suite import Suite
from shared.kernel.errors import Invalid

app = typer.Typer(
    help="Letters of the mailbox: what became of them; take one that was set aside.", no_args_is_help=True
)


class State(StrEnum):
    """What became of a letter."""

    CASE = "case"
    JOINED = "joined"
    ASIDE = "aside"
    FAILED = "failed"


Letter = Annotated[str, typer.Argument(metavar="ID", help="The letter's number, as `aftercare mail list` shows it.")]
OnlyState = Annotated[State | None, typer.Option("--state", help="Only letters of which this became.")]
OnlyReason = Annotated[str | None, typer.Option("--reason", help="Only letters set aside for this reason.")]
OnlyCase = Annotated[str | None, typer.Option("--case", metavar="CASE", help="Only letters of this case.")]
OnlySender = Annotated[str | None, typer.Option("--sender", help="Only letters from this address.")]
Most = Annotated[int, typer.Option("--limit", help="How many at most.")]
Before = Annotated[str | None, typer.Option("--before", metavar="ID", help="Go on behind this letter.")]


@app.command("list")
def list_(  # noqa: PLR0913 - each is an option of the command
    state: OnlyState = None,
    reason: OnlyReason = None,
    case: OnlyCase = None,
    sender: OnlySender = None,
    limit: Most = 50,
    before: Before = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
    lang: Lang = EN,
) -> None:
    """List letters, newest first, and say how the mailbox does.

    A letter became a case, joined one, was set aside because no person wrote it to us (aside), or could not be
    handled (failed). Nobody is told of what is set aside: look here now and then.

    \b
    Examples:
      aftercare mail list --state aside
      aftercare mail list --reason bounce --limit 10
      aftercare mail list --case 123456789012 --json
    """
    given = {"state": state and state.value, "reason": reason, "case_no": case, "sender": sender, "limit": limit}
    wanted = {name: value for name, value in given.items() if value is not None}
    if before is not None:
        wanted["before"] = _number(before, "--before")
    told = Suite.at(data).call("intake.list_mail", wanted)
    show_json(told) if as_json else show(list_page(told, lang.value))


@app.command("show")
def show_(letter: Letter, data: Data = DEFAULT_DATA, as_json: AsJson = False, lang: Lang = EN) -> None:
    """Show one letter: who sent it, what became of it and why, what was attached.

    \b
    Examples:
      aftercare mail show 17
      aftercare mail show 17 --lang zh
    """
    told = Suite.at(data).call("intake.show_mail", {"id": _number(letter, "ID")})
    show_json(told) if as_json else show(letter_page(told, lang.value))


@app.command()
def retry(letter: Letter, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Take a letter that was set aside: it joins its case or becomes one, whatever it looked like.

    \b
    Examples:
      aftercare mail retry 17
    """
    told = Suite.at(data).call("intake.retry_mail", {"id": _number(letter, "ID")})
    if as_json:
        show_json(told)
    else:
        became = "is a case now" if told["state"] == State.CASE else "belongs to a case now"
        say(f"Letter {told['id']} {became}: {told['case_no']}")


def _number(text: str, field: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        raise Invalid.field(field, "write a letter's number, as `aftercare mail list` shows it")
    return int(text)
