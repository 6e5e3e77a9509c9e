"""`aftercare status`."""

import os
from typing import Any

import typer
from rich.text import Text

from shared.base.broker import DEAD_QUEUE
from shared.cli.options import DEFAULT_DATA, AsJson, Data
from shared.cli.output import Column, say, show, show_json, table
from shared.cli.pages import ask, ask_all
from shared.cli.suite import Suite
from shared.cli.times import at_home, when
from shared.kernel.errors import Unavailable

NOT_READY = 1
_COLUMNS = (
    Column("service"),
    Column("state", wraps=True),
    Column("version"),
    Column("pid", drop=1),
    *(Column(figure) for figure in ("outbox", "waiting", "parked")),
    Column("http"),
)
_FIGURES = {
    "aftercare_outbox_pending": "outbox",
    'aftercare_held{state="waiting"}': "waiting",
    'aftercare_held{state="parked"}': "parked",
}


def status(data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Show every service: whether it is ready, its version, its time, and messages that wait.

    Dead letters are messages that no service could read, and requests that nobody took in time.

    Ends with 1 when one of them is not ready.

    \b
    Examples:
      aftercare status
      aftercare status --data var/suite --json
    """
    suite = Suite.at(data)
    found = ask_all(suite.http, _service)
    for name, pid in suite.pids.items():
        found.setdefault(name, {})["pid"] = pid if _lives(pid) else None
    dead = _dead_letters(suite)
    if as_json:
        show_json({"data": str(data), "http": suite.http, "services": found, "dead_letters": dead})
    else:
        _tell(suite, found)
        if dead is not None:
            say(f"Dead letters in the queue {DEAD_QUEUE}: {dead}")
    if not all(service["ready"] for service in found.values()):
        raise typer.Exit(NOT_READY)


def _service(base: str) -> dict[str, Any]:
    checks = _told(base, "/readyz").get("checks", {"no answer": False})
    return {
        "ready": all(checks.values()),
        "failing": [name for name, good in checks.items() if not good],
        "version": _told(base, "/version").get("version"),
        "now": _told(base, "/clock").get("now"),
        **_figures(str(ask(base, "GET", "/metrics")[1])),
    }


def _told(base: str, path: str) -> dict[str, Any]:
    """A page of JSON; nothing when there is none."""
    page = ask(base, "GET", path)[1]
    return page if isinstance(page, dict) else {}


def _dead_letters(suite: Suite) -> int | None:
    """How many messages lie there for somebody to look at; None while the broker is away."""
    try:
        with suite.rpc() as rpc:
            return rpc.depth(DEAD_QUEUE)
    except Unavailable:
        return None


def _figures(metrics: str) -> dict[str, int]:
    lines = (line.rpartition(" ") for line in metrics.splitlines() if not line.startswith("#"))
    return {_FIGURES[name]: int(float(value)) for name, _, value in lines if name in _FIGURES}


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _tell(suite: Suite, found: dict[str, Any]) -> None:
    rows = []
    for name, service in found.items():
        ready = Text("ready", "green") if service["ready"] else Text(", ".join(service["failing"]), "bold red")
        held = [str(service.get(figure, "")) for figure in ("outbox", "waiting", "parked")]
        cells = [name, ready, service["version"] or "", str(service.get("pid") or "gone"), *held]
        rows.append([*cells, suite.http.get(name, "")])
    show(table(*_COLUMNS, rows=rows))
    say(f"suite {suite.data.absolute()}, time {_time(found)}")
    if any(service.get("parked") for service in found.values()):
        say("Parked messages wait for a decision: `aftercare parked list`.")


def _time(found: dict[str, Any]) -> str:
    """What the suite's one clock showed when the first service that answers was asked."""
    told = next((service["now"] for service in found.values() if service.get("now")), None)
    return when(at_home(told)) if told else "unknown"
