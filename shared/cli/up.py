"""`aftercare up`: the whole suite in the foreground."""

import contextlib
import os
import signal
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from shared.base.broker import SERVICES
from shared.cli.output import say
from shared.kernel.instants import parse_instant
from shared.nodes.supervisor import READY, Plan, Supervisor

DEFAULT_DATA = Path("var/suite")

Data = Annotated[Path, typer.Option("--data", metavar="DIR", help="Where all state lives: databases, broker, logs.")]
Start = Annotated[
    str | None,
    typer.Option("--clock-start", metavar="INSTANT", help="Let the suite's clock begin here, RFC 3339 with offset."),
]
Speed = Annotated[
    float | None,
    typer.Option(
        "--clock-speed", metavar="N", min=0.001, max=1e6, help="How many times faster than real time it runs."
    ),
]


def up(data: Data = DEFAULT_DATA, clock_start: Start = None, clock_speed: Speed = None) -> None:
    """Run all five services and a private broker in DIR until Ctrl-C.

    DIR/suite.json tells where everything answers; it is there while the suite is ready. A second start on the same
    folder carries on, its clock included. Two folders run side by side.

    AFTERCARE_AMQP_URI names another broker, AFTERCARE_INTAKE_DB_URL (and so on) another database,
    AFTERCARE_INTAKE_HTTP_PORT (and so on) a fixed port.

    \b
    Examples:
      aftercare up
      aftercare up --data /var/lib/aftercare
      aftercare up --data var/trial --clock-speed 60 \\
        --clock-start 2026-10-09T09:00:00+08:00
    """
    start: datetime | None = parse_instant(clock_start, "--clock-start") if clock_start else None
    plan = Plan(data, SERVICES, dict(os.environ), start, clock_speed)
    supervisor = Supervisor(plan, partial(_tell, data))
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: supervisor.stop())
    supervisor.run()


def _tell(data: Path, line: str) -> None:
    with contextlib.suppress(OSError):  # a terminal that was closed must not keep the suite from stopping in good order
        say(line)
        if line.startswith(READY):
            there = "" if data == DEFAULT_DATA else f" --data {data}"
            say(f"Ctrl-C stops it; try `aftercare status{there}` in another terminal")
