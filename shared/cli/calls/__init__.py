"""`aftercare calls`: what the exchange told, and what it did not tell."""

import typer

from shared.cli.calls.listing import list_, show_
from shared.cli.calls.reconcile import reconcile

app = typer.Typer(help="Phone calls: list, look at one, find those that were lost.", no_args_is_help=True)
app.command("list")(list_)
app.command("show")(show_)
app.command("reconcile")(reconcile)
