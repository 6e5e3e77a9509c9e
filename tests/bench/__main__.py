"""`make bench [ONLY=name]`: every figure beside its peer or its raw limit, in one run.

Writes `var/bench/report.json` and `var/bench/report.png`, prints a table; exit code 1 when a goal is missed.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from shared.nodes.rabbitmq import RabbitNode
from tests.bench import announcement, answers, consumer, http, notify, registration, relay, startup, steps, worktime
from tests.bench.front import audit, lookup, searches, size
from tests.bench.measure import Row
from tests.bench.timers import applying, burst, lateness, peers, replicas, restart

FOLDER = Path("var/bench")
WIDTH = 140
"""Characters: a row of the table stays a line, also in a log."""

BENCHES: dict[str, Callable[[str], list[Row]]] = {
    "worktime": lambda _amqp_uri: worktime.rows(),
    "answers": lambda _amqp_uri: answers.rows(),
    "relay": relay.rows,
    "registration": registration.rows,
    "steps": steps.rows,
    "http": http.rows,
    "consumer": consumer.rows,
    "startup": startup.rows,
    "notify": notify.rows,
    "lateness": lateness.rows,
    "burst": burst.rows,
    "restart": restart.rows,
    "applying": applying.rows,
    "peers": peers.rows,
    "replicas": replicas.rows,
    "announcement": announcement.rows,
    "searches": searches.rows,
    "size": size.rows,
    "lookup": lookup.rows,
    "audit": audit.rows,
}


def main() -> int:
    """Measure, show, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=sorted(BENCHES), help="measure this one alone")
    only = parser.parse_args().only
    rows: list[Row] = []
    for name in [only] if only else BENCHES:
        rows += measure(name)
        keep(rows)
    show(rows)
    plot(rows, FOLDER / "report.png")
    return 0 if all(row["holds"] for row in rows) else 1


def measure(name: str) -> list[Row]:
    """The rows of one bench, on a broker of its own: a durable queue that another left behind would hear it too."""
    with tempfile.TemporaryDirectory() as folder:
        node = RabbitNode(Path(folder))
        node.start()
        try:
            node.wait_ready()
            return BENCHES[name](node.amqp_uri)
        finally:
            node.stop()


def keep(rows: list[Row]) -> None:
    """The report so far: a run that is cut short loses only what it did not measure."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "report.json").write_text(json.dumps(rows, indent=2) + "\n")


def show(rows: list[Row]) -> None:
    """A table for people."""
    table = Table("figure", "ours", "reference", "unit", "ratio", "goal", "", title="Measured in one run")
    for row in rows:
        verdict = "[green]holds[/]" if row["holds"] else "[red]missed[/]"
        reference = f"{row['reference']:,} ({row['reference_name']})"
        table.add_row(
            row["name"], f"{row['ours']:,}", reference, row["unit"], str(row["ratio"]), str(row["goal"]), verdict
        )
    console = Console()
    Console(width=max(console.width, WIDTH)).print(table)


def plot(rows: list[Row], path: Path) -> None:
    """Each ratio beside its goal."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(9, 0.6 * len(rows) + 1.5))
    names = [row["name"] for row in rows]
    axes.barh(names, [row["ratio"] for row in rows], color=["#2a9d8f" if row["holds"] else "#e76f51" for row in rows])
    axes.plot([row["goal"] for row in rows], names, "k|", markersize=18, label="goal")
    axes.set_xscale("log")
    axes.set_xlabel("ours / reference")
    axes.legend()
    figure.tight_layout()
    figure.savefig(path, dpi=120)


if __name__ == "__main__":
    sys.exit(main())
