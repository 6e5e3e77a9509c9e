"""`aftercare maintenance`: equipment, plans and orders from the terminal."""

import typer

from shared.cli.maintenance.complete import complete
from shared.cli.maintenance.equipment import equipment, plan, register
from shared.cli.maintenance.orders import order, orders
from shared.cli.maintenance.steps import check, postpone, schedule, start

app = typer.Typer(help="Equipment, its plans, and the work on it.", no_args_is_help=True)
app.command()(orders)
app.command()(order)
app.command()(equipment)
app.command()(register)
app.command()(plan)
app.command()(schedule)
app.command()(start)
app.command()(complete)
app.command()(check)
app.command()(postpone)
