"""Who is calling? Asked over AMQP while the phone rings, of an intake that is alone: every other service is down.

100,000 customers, 300,000 calls and 100,000 cases are on file; the figure is the slowest in a hundred of them.
Kept beside it, measured in turn: `bare`, the queries that the answer needs, in this process; `road`, a request that
asks for next to nothing, which is what broker, scheduler and whatever else the machine does cost each of them.
"""

import random
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from shared.cli.rpc import Rpc
from tests.bench.front.people import fill_people, phone_of, sqlite_in
from tests.bench.measure import Row, goal_row
from tests.bench.processes import postgres
from tests.support.process import ServiceProcess, running

CUSTOMERS: Final = 100_000
CALLS: Final = 300_000
CASES: Final = 100_000
ASKED: Final = 1_500
WARM: Final = 100
GOAL_MS: Final = 50.0

_BARE: Final = (
    "SELECT * FROM customers WHERE id IN (SELECT customer FROM customer_contacts WHERE value = :phone) LIMIT 10",
    "SELECT * FROM customer_equipment WHERE customer IN (SELECT customer FROM customer_contacts WHERE value = :phone)",
    "SELECT * FROM cases WHERE customer_phone = :phone ORDER BY id DESC LIMIT 50",
    "SELECT * FROM calls WHERE number = :phone ORDER BY first_at DESC, id DESC LIMIT 10",
)


def rows(amqp_uri: str, customers: int = CUSTOMERS, calls: int = CALLS, cases: int = CASES) -> list[Row]:
    """The slowest in a hundred, on both databases."""
    sizes = (customers, calls, cases)
    with tempfile.TemporaryDirectory() as name:
        url = sqlite_in(Path(name))
        found = _measured("SQLite", amqp_uri, Path(name), url, sizes)
    with tempfile.TemporaryDirectory() as name, postgres(Path(name)) as node:
        found += _measured("PostgreSQL", amqp_uri, Path(name), node.create_database("intake"), sizes)
    return found


def _measured(kind: str, amqp_uri: str, folder: Path, url: str, sizes: tuple[int, int, int]) -> list[Row]:
    fill_people(url, *sizes)
    home = Path(tempfile.mkdtemp(dir=folder))
    with running(ServiceProcess(home, amqp_uri, "intake", url)), Rpc(amqp_uri) as rpc:
        engine = sa.create_engine(url)
        with engine.connect() as connection:
            looks: dict[str, Callable[[str], object]] = {
                "ours": lambda phone: _looked_up(rpc, phone),
                "bare": lambda phone: _bare(connection, phone),
                "road": lambda _phone: rpc.call("intake.regions", {}),
            }
            slow = _slow(looks, sizes[0])
        engine.dispose()
    title = f"lookup_caller, p99, {sizes[0]:,} customers, {sizes[1]:,} calls, other services down, {kind}"
    beside = {name: round(slow[name], 2) for name in ("bare", "road")}
    return [{**goal_row(title, "ms", slow["ours"], GOAL_MS), **beside}]


def _slow(looks: Mapping[str, Callable[[str], object]], customers: int) -> dict[str, float]:
    """Milliseconds of the slowest in a hundred of each; they take turns, and each turn is another customer's."""
    drawn = random.Random(2026)
    taken: dict[str, list[float]] = {name: [] for name in looks}
    for number in range(WARM + ASKED):
        phone = phone_of(drawn.randrange(customers))
        for name, look in looks.items():
            began = time.perf_counter()
            look(phone)
            if number >= WARM:
                taken[name].append(1e3 * (time.perf_counter() - began))
    return {name: sorted(each)[int(0.99 * len(each))] for name, each in taken.items()}


def _looked_up(rpc: Rpc, phone: str) -> None:
    found = rpc.call("intake.lookup_caller", {"phone": phone})
    if "customer" not in found or not found["calls"] or not found["equipment"]:
        raise SystemExit(f"lookup_caller knows too little of {phone}: {found}")


def _bare(connection: sa.Connection, phone: str) -> None:
    for query in _BARE:
        rows_of: Any = connection.execute(sa.text(query), {"phone": f"+86{phone}"})
        rows_of.all()
