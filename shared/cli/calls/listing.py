"""`aftercare calls list` and `aftercare calls show`."""

from typing import Annotated, Any

import typer

from shared.cli.calls.page import call_lines, calls_page, events_page
from shared.cli.options import DEFAULT_DATA, AsJson, Data, FieldOption, with_fields
from shared.cli.output import say, show, show_json
from shared.cli.suite import Suite

FILTERS = (
    FieldOption("number", "number", "Only calls with this number, in any way of writing it."),
    FieldOption("state", "state", "Only calls in this state: ringing, answered, ended, missed."),
    FieldOption("direction", "direction", "Only calls that came in, or went out: in, out."),
    FieldOption("from", "from", "Begun at this instant or later, with offset."),
    FieldOption("to", "to", "Begun before this instant, with offset."),
    FieldOption("without-case", "without_case", "Only calls that led to no case.", is_flag=True),
)

Limit = Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many to show at most.")]
After = Annotated[
    str | None, typer.Option("--after", metavar="TOKEN", help="Go on behind an earlier list.", show_default=False)
]
Oldest = Annotated[bool, typer.Option("--oldest", help="The oldest first.")]
CallId = Annotated[str, typer.Argument(metavar="CALL_ID", help="The exchange's own id of the call.")]
Source = Annotated[str, typer.Option("--source", metavar="NAME", help="The exchange, where it gave a name.")]


@with_fields(FILTERS)
def list_(
    limit: Limit = 50,
    after: After = None,
    oldest: Oldest = False,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
    **given: Any,
) -> None:
    """List calls, the newest first.

    \b
    Examples:
      aftercare calls list
      aftercare calls list --state missed --limit 20
      aftercare calls list --number 13800138000 --json
      aftercare calls list --direction in --without-case
    """
    wanted = {option.field: given[option.name] for option in FILTERS if given[option.name]}
    page = {"limit": limit, "newest": not oldest, **({"after": after} if after else {})}
    answer = Suite.at(data).call("intake.find_calls", {**wanted, **page})
    if as_json:
        show_json(answer)
    elif answer["calls"]:
        show(calls_page(answer["calls"]))
        if "next" in answer:
            more = f"--limit shows more at once, --after {answer['next']} goes on from here."
            say(f"{limit} shown, there are more: {more}")
    else:
        say("No call is like that.")


def show_(call_id: CallId, source: Source = "", data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Show a call: what became of it, and every event as it was told and heard.

    \b
    Examples:
      aftercare calls show 4b5a1c2e
      aftercare calls show 4b5a1c2e --source exchange-1 --json
    """
    asked = {"call_id": call_id, **({"source": source} if source else {})}
    call = Suite.at(data).call("intake.get_call", asked)
    if as_json:
        show_json(call)
        return
    for line in call_lines(call):
        say(line)
    show(events_page(call["events"]))
