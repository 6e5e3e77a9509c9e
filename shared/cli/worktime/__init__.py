"""`aftercare worktime`: working-time arithmetic at the desk, without a suite (SL-1, SL-2)."""

import typer

from shared.cli.worktime.commands import add, between, explain

app = typer.Typer(
    help="Working-time arithmetic: when a limit ends, how long something took, and why.", no_args_is_help=True
)
app.command()(add)
app.command()(between)
app.command()(explain)
