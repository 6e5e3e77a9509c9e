"""`aftercare clock`: what time it is in the suite, and moving it ahead."""

from datetime import datetime, timedelta
from typing import Annotated

import typer
from rich.status import Status

from shared.cli.durations import parse_duration
from shared.cli.forward import TimeMachine, Watch
from shared.cli.options import DEFAULT_DATA, AsJson, Data
from shared.cli.output import console, say, show_json
from shared.cli.suite import Suite
from shared.cli.times import at_home, when
from shared.kernel.errors import Invalid
from shared.kernel.instants import format_instant, parse_instant

app = typer.Typer(help="The suite's clock.", no_args_is_help=True)

Duration = Annotated[str | None, typer.Argument(help="How far: 90m, 3d, 1h30m or PT1H30M.", show_default=False)]
To = Annotated[str | None, typer.Option("--to", metavar="INSTANT", help="Or until when, with offset.")]


@app.command()
def show(data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Show the suite's time and how fast it runs.

    \b
    Examples:
      aftercare clock show
      aftercare clock show --json
    """
    machine = _machine(Suite.at(data))
    now, anchor = machine.now(), machine.anchor()
    if as_json:
        show_json({"now": format_instant(now), **_clock(machine), "running": anchor.running})
    else:
        speed = "stands" if not anchor.running else f"runs at {anchor.speed:g} times real time"
        say(f"{_told(now)}, {speed}")


@app.command()
def forward(duration: Duration = None, to: To = None, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Move the suite's clock ahead in every process; every timer on the way fires, in order.

    Returns when every process stands at the new time and what was due by then is committed.

    \b
    Examples:
      aftercare clock forward 90m
      aftercare clock forward 3d --data var/suite
      aftercare clock forward --to 2026-10-13T18:00:00+08:00
    """
    if (duration is None) == (to is None):
        raise Invalid.field("duration", "give a duration or --to, one of them")
    goal = parse_instant(to, "--to") if to else None
    span = parse_duration(duration) if duration else None
    suite = Suite.at(data)
    machine = _machine(suite)
    with machine, console().status("moving time ahead") as status:
        moved = machine.forward_to(lambda now: goal or now + (span or timedelta()), _telling(status))
    suite.wait_until_told(_clock(machine))
    if as_json:
        show_json({"from": format_instant(moved.since), "now": format_instant(moved.now), "hops": moved.hops})
    else:
        say(f"{_told(moved.now)}; {moved.hops} stops at timers on the way")


def _machine(suite: Suite) -> TimeMachine:
    return TimeMachine(lambda: Suite.at(suite.data).http, suite.clock_file)


def _clock(machine: TimeMachine) -> dict[str, object]:
    anchor = machine.anchor()
    return {
        "start": format_instant(anchor.start),
        "speed": anchor.speed,
        "real_start": format_instant(anchor.real_start),
    }


def _told(instant: datetime) -> str:
    """An instant for people; in the same zone as everywhere else on the terminal."""
    return when(at_home(format_instant(instant)))


def _telling(status: Status) -> Watch:
    def tell(instant: datetime) -> None:
        status.update(f"moving time ahead: {_told(instant)}")

    return tell
