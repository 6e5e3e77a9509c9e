"""The `aftercare` command: a table of contents.

Only the command asked for is imported, so that help is there at once and no command waits for what another needs.
"""

import json
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version
from typing import Annotated, NamedTuple

import typer

from shared.cli.examples import fit_examples
from shared.cli.problems import as_json, lines
from shared.kernel.errors import AftercareError

FAILED = 2


class Entry(NamedTuple):
    """Where a command lives: a Typer app or a plain function; `help` is what the table of contents says."""

    module: str
    attribute: str
    help: str


COMMANDS = {
    "up": Entry("shared.cli.up", "up", "Run the whole suite here until Ctrl-C."),
    "demo": Entry("shared.cli.demo", "demo", "Play a story through a suite of its own, and leave a report."),
    "status": Entry("shared.cli.status", "status", "Show whether every service is ready, and what waits."),
    "case": Entry("shared.cli.cases", "app", "Cases: register, look at, work on, approve, print them."),
    "audit": Entry("shared.cli.audit", "app", "Prove the record: verify it, seal it, see who read which case."),
    "calls": Entry("shared.cli.calls", "app", "Phone calls: list, look at one, find those that were lost."),
    "customer": Entry("shared.cli.customers", "app", "Customers: put on file, find, hand over or erase their data."),
    "import": Entry("shared.cli.import_", "import_", "Take cases in from a file."),
    "export": Entry("shared.cli.export", "export", "Write cases as JSON Lines."),
    "subscribe": Entry("shared.cli.subscribe", "subscribe", "Read a regional team's alerts as they come."),
    "escalation": Entry("shared.cli.escalation", "app", "Escalations: read the story, acknowledge, form a team."),
    "sla": Entry("shared.cli.sla", "app", "How timely the work is, and who held the cases."),
    "policy": Entry("shared.cli.rules.policy", "app", "The policy of time limits: check, preview, publish it."),
    "calendar": Entry("shared.cli.rules.calendar", "app", "Working calendars: announce days off, preview, publish."),
    "replay-policy": Entry("shared.cli.replay_policy", "replay_policy", "Try a policy on past cases before it counts."),
    "assignment": Entry("shared.cli.assignment", "app", "Who gets a case: rules, checked, loaded, explained."),
    "article": Entry("shared.cli.articles", "app", "Knowledge articles: load them, find what fits."),
    "survey": Entry("shared.cli.surveys", "app", "How content customers are: ask, record, count."),
    "maintenance": Entry("shared.cli.maintenance", "app", "Equipment, its plans, and the work on it."),
    "regions": Entry("shared.cli.regions", "app", "The region tree: load it, show it."),
    "token": Entry("shared.cli.tokens", "app", "Tokens for the HTTP interface: create, list, revoke."),
    "mail": Entry("shared.cli.mail", "app", "Letters of the mailbox: what became of them, take one set aside."),
    "parked": Entry("shared.cli.parked", "app", "Messages that could not be handled: list, replay, drop."),
    "worktime": Entry("shared.cli.worktime", "app", "Working-time arithmetic: when a limit ends, and why."),
    "clock": Entry("shared.cli.clock", "app", "Show the suite's clock, or move it ahead."),
    "migrate": Entry("shared.cli.migrate", "migrate_", "Bring databases to the newest version."),
}


def run(arguments: Sequence[str] | None = None) -> None:
    """The entry point: every error of the suite is told on stderr, a line for each mistake, and exit code 2."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    try:
        build(words)(words, prog_name="aftercare")
    except AftercareError as error:
        _tell(error, in_json="--json" in words)
        sys.exit(FAILED)


def _tell(error: AftercareError, *, in_json: bool) -> None:
    told = (
        [json.dumps(as_json(error), ensure_ascii=False)] if in_json else [f"aftercare: {each}" for each in lines(error)]
    )
    sys.stderr.write("".join(f"{line}\n" for line in told))


def build(arguments: Sequence[str]) -> typer.Typer:
    """The application for these arguments: the command that they ask for, and the names of the others."""
    app = typer.Typer(
        help="After-sales service: cases, their deadlines, and everyone who must hear of them.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
    )
    asked = next((word for word in arguments if not word.startswith("-")), None)
    for name, entry in COMMANDS.items():
        if name == asked:
            _add(app, name, entry)
        else:
            app.command(name, help=entry.help)(_listed)
    app.callback()(_root)
    return app


def _add(app: typer.Typer, name: str, entry: Entry) -> None:
    command = getattr(import_module(entry.module), entry.attribute)
    if isinstance(command, typer.Typer):
        app.add_typer(command, name=name)
    else:
        app.command(name)(command)
    fit_examples(app)


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"aftercare {version('aftercare')}")
        raise typer.Exit


Version = Annotated[bool, typer.Option("--version", is_eager=True, callback=_show_version, help="Show the version.")]


def _root(_version: Version = False) -> None:
    """Shows help when no command is given."""


def _listed() -> None:
    """Stands for a command that was not asked for."""


if __name__ == "__main__":
    run()
