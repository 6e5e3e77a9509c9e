"""`aftercare survey ask`."""

import sys
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from shared.cli.options import DEFAULT_DATA, AsJson, Data, FieldOption, with_fields
from shared.cli.output import say, show_json
from shared.cli.suite import Suite

Period = Annotated[str, typer.Argument(metavar="PERIOD", help="2026, 2026-Q4 or 2026-11.")]
Percent = Annotated[int, typer.Option("--percent", min=1, max=100, help="So many of every hundred, drawn by lot.")]
Rest = Annotated[int, typer.Option("--rest-days", min=0, help="Nobody who was asked in so many days before.")]
OTHERS = (
    FieldOption("region", "region", "Only this region and those below it."),
    FieldOption("by", "by", "Who asks."),
)


@with_fields(OTHERS)
def ask(
    period: Period,
    percent: Percent = 100,
    rest_days: Rest = 90,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
    **given: Any,
) -> None:
    """Ask the customers on file how content they are, each once a period; run it again to go on.

    \b
    Examples:
      aftercare survey ask 2026-Q4 --percent 10 --by desk
      aftercare survey ask 2026-11 --region south.guangdong --by desk
    """
    wanted = {"period": period, "percent": percent, "rest_days": rest_days}
    wanted |= {option.field: given[option.name] for option in OTHERS if given[option.name]}
    tally = {"customers": 0, "asked": 0}
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    bar = Progress(*columns, console=Console(file=sys.stderr), disable=as_json or not sys.stderr.isatty())
    with bar, Suite.at(data).rpc() as rpc:
        task = bar.add_task("asking")
        after: dict[str, Any] = {}
        while True:
            answer = rpc.call("intake.ask_surveys", {**wanted, **after})
            tally = {name: count + answer[name] for name, count in tally.items()}
            bar.update(task, description=f"{tally['asked']} asked of {tally['customers']} customers")
            if "next" not in answer:
                break
            after = {"after": answer["next"]}
    if as_json:
        show_json(tally)
    else:
        say(f"{tally['asked']} of {tally['customers']} customers are asked for {period}.")
