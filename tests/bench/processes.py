"""Service processes for the benches: ours by the real runner, the peer by its own `main`."""

import contextlib
import os
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from shared.nodes.ports import free_ports
from shared.nodes.postgres import PostgresNode

LIMIT_SECONDS = 60.0


@contextlib.contextmanager
def ours(service: str, amqp_uri: str, folder: Path, port: int = 0, **settings: str) -> Iterator[Path]:
    """A service of the suite, ready; yields its database file. It answers HTTP at `port`, or at one that is free."""
    port, database = port or free_ports(1)[0], folder / f"{service}.db"
    environment = os.environ | {
        "AFTERCARE_AMQP_URI": amqp_uri,
        "AFTERCARE_DATA": str(folder),
        f"AFTERCARE_{service.upper()}_DB_URL": f"sqlite:///{database}",
        f"AFTERCARE_{service.upper()}_HTTP_PORT": str(port),
        **settings,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "shared.runtime", service], env=environment, stderr=(folder / f"{service}.log").open("a")
    )
    try:
        until(lambda: _ready(port) or process.poll() is not None, f"{service} is ready")
        if process.poll() is not None:
            raise SystemExit(f"{service} did not start: {(folder / f'{service}.log').read_text()}")
        yield database
    finally:
        process.terminate()
        process.wait(timeout=20)


@contextlib.contextmanager
def plain_nameko(amqp_uri: str, folder: Path) -> Iterator[Path]:
    """The peer, started; yields its database file."""
    database = folder / "plain.db"
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "tests.bench.peers.plain_nameko", amqp_uri, str(database)],
        stdout=subprocess.PIPE,
        stderr=(folder / "plain.log").open("a"),
        text=True,
    )
    try:
        if process.stdout is None or process.stdout.readline().strip() != "started":
            raise SystemExit(f"the peer did not start; see {folder / 'plain.log'}")
        yield database
    finally:
        process.kill()
        process.wait(timeout=20)


@contextlib.contextmanager
def postgres(folder: Path) -> Iterator[PostgresNode]:
    """A PostgreSQL server of its own in this folder, ready."""
    folder.chmod(0o711)  # the server runs as somebody else
    node = PostgresNode(folder / "postgres")
    node.start()
    try:
        node.wait_ready()
        yield node
    finally:
        node.stop()


def first_column(database: Path, query: str) -> list[Any]:
    """What a query finds in what is committed now."""
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return [row[0] for row in connection.execute(query)]


def count_rows(database: Path, table: str) -> int:
    """Rows of a table that are committed now."""
    return int(first_column(database, f"SELECT count(*) FROM {table}")[0])


def until(condition: Callable[[], bool], what: str, pause: float = 0.01, limit: float = LIMIT_SECONDS) -> float:
    """Wait until it is so; how many seconds it took. Ends the measurement when it does not come."""
    begun = time.perf_counter()
    while not condition():
        if time.perf_counter() - begun > limit:
            raise SystemExit(f"waited {limit:g} s in vain until {what}")
        time.sleep(pause)
    return time.perf_counter() - begun


def _ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
