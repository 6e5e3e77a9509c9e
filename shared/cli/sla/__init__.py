"""`aftercare sla`: how timely the work is."""

import typer

from shared.cli.sla.holders import holders
from shared.cli.sla.statistics import statistics

app = typer.Typer(help="How timely the work is, and who held the cases.", no_args_is_help=True)
app.command()(statistics)
app.command()(holders)
