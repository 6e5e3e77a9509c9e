"""`aftercare customer`: the customer file, and what the law gives its people."""

import typer

from shared.cli.customers.adding import add
from shared.cli.customers.finding import find, show_
from shared.cli.customers.importing import import_
from shared.cli.customers.rights import erase, export

app = typer.Typer(help="Customers: put on file, find, hand over or erase their data.", no_args_is_help=True)
app.command("add")(add)
app.command("show")(show_)
app.command("find")(find)
app.command("import")(import_)
app.command("export")(export)
app.command("erase")(erase)
