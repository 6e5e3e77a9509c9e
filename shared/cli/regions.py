"""`aftercare regions`: which regions there are (contracts 3)."""

from pathlib import Path
from typing import Annotated

import typer

from shared.base.yaml_file import read_yaml
from shared.cli.options import DEFAULT_DATA, AsJson, Data
from shared.cli.output import say, show_json
from shared.cli.suite import Suite
from shared.kernel.regions import tree_paths

app = typer.Typer(help="The region tree.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(metavar="FILE", help="A YAML or JSON file: names below names.")]


@app.command()
def load(file: File, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Load the region tree; it replaces the one before.

    From then on a case is taken in these regions only (and in `unassigned`). Cases on file stay where they are.

    A file holds names below names, largest first:

    \b
      south:
        guangdong:
          foshan:
          shenzhen:
        hainan:
      north:

    \b
    Examples:
      aftercare regions load regions.yaml
      aftercare regions show > regions.yaml
    """
    suite = Suite.at(data)
    tree = read_yaml(file)
    tree_paths(tree, file.name)  # here, and not at the service: JSON would make texts of the values that are no names
    answer = suite.call("intake.load_regions", {"tree": tree})
    if as_json:
        show_json(answer)
        return
    say(f"There are {len(answer['regions'])} regions: {len(answer['added'])} new, {len(answer['removed'])} gone.")


@app.command()
def show(data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Show the region tree, as a file of it is written.

    \b
    Examples:
      aftercare regions show
      aftercare regions show --json
    """
    answer = Suite.at(data).call("intake.regions", {})
    if as_json:
        show_json(answer)
        return
    for path in answer["regions"]:
        say(f"{'  ' * path.count('.')}{path.rpartition('.')[2]}:")
    if not answer["regions"]:
        say("# No region tree is loaded: any well-formed path is taken.")
