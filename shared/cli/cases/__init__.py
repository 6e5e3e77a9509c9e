"""`aftercare case`: a clerk's and an owner's work from the terminal."""

import typer

from shared.cli.cases.attach import attach, fetch
from shared.cli.cases.clocks import clocks
from shared.cli.cases.compensate import app as compensate
from shared.cli.cases.deciding import approve, reject
from shared.cli.cases.explain import explain
from shared.cli.cases.history import history
from shared.cli.cases.listing import list_, mine
from shared.cli.cases.print_ import print_
from shared.cli.cases.proof import proof
from shared.cli.cases.register import register
from shared.cli.cases.repeats import confirm_repeat, reject_repeat, repeats
from shared.cli.cases.show import show
from shared.cli.cases.step import step
from shared.cli.cases.tasks import renew_tasks, tasks, urge

app = typer.Typer(help="Cases: register, look at, work on, approve, print them.", no_args_is_help=True)
app.command()(register)
app.command()(show)
app.command()(explain)
app.command()(clocks)
app.command()(step)
app.command()(history)
app.command()(tasks)
app.command()(urge)
app.command("renew-tasks")(renew_tasks)
app.command()(approve)
app.command()(reject)
app.command()(attach)
app.command()(fetch)
app.add_typer(compensate, name="compensate")
app.command("print")(print_)
app.command()(proof)
app.command()(mine)
app.command("list")(list_)
app.command()(repeats)
app.command("confirm-repeat")(confirm_repeat)
app.command("reject-repeat")(reject_repeat)
