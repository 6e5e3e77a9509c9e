"""`aftercare case`: a clerk's and an owner's work from the terminal."""

import typer

from shared.cli.cases.clocks import clocks
from shared.cli.cases.explain import explain
from shared.cli.cases.listing import list_, mine
from shared.cli.cases.print_ import print_
from shared.cli.cases.register import register
from shared.cli.cases.repeats import confirm_repeat, reject_repeat, repeats
from shared.cli.cases.show import show
from shared.cli.cases.step import step

app = typer.Typer(help="Register cases, look at them, take their steps.", no_args_is_help=True)
app.command()(register)
app.command()(show)
app.command()(explain)
app.command()(clocks)
app.command()(step)
app.command("print")(print_)
app.command()(mine)
app.command("list")(list_)
app.command()(repeats)
app.command("confirm-repeat")(confirm_repeat)
app.command("reject-repeat")(reject_repeat)
