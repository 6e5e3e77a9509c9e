"""`aftercare survey`: how content customers are, from the terminal (IN-17)."""

import typer

from shared.cli.surveys.answers import answers, record
from shared.cli.surveys.rounds import ask
from shared.cli.surveys.statistics import statistics

app = typer.Typer(help="How content customers are: ask, record, count.", no_args_is_help=True)
app.command()(record)
app.command("list")(answers)
app.command()(ask)
app.command()(statistics)
