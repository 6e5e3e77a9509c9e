"""Two replicas on one PostgreSQL: they share the work, fire nothing twice, and waste nothing on each other.

The same million clocks, many times over: one replica and two with all that the machine has, then two and one in turns,
held to a share of a core each. Each time other clocks of the same cases are due at the same instant.

What two add is the median of pairs that follow one another: database, broker and whatever else runs take more of a
machine with few cores than the replicas do. Held to less, they leave the machine room: what is lost there they lose
on each other. At the larger share two that nothing holds show what the machine can do at all: two that are held and do
nearly as much lose nothing on each other either.
"""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import chain, cycle
from pathlib import Path

import sqlalchemy as sa

from tests.bench.filling import examples, fill, tidy
from tests.bench.measure import Row, row
from tests.bench.pinning import pinned
from tests.bench.processes import postgres
from tests.bench.timers.burst import Burst, beside_raw
from tests.bench.timers.desk import DUE, LEAD, MILLION, due_at_once, listen, sla
from tests.support.process import ServiceProcess

BURST = 100_000
FEW = 20_000
"""Due at a time where replicas are held to the larger share; proportionally fewer at the smaller."""
SHARES = (0.4, 0.2)
PAIRS = 5
NAMES = ("opinion", "warning_notice")
HELD_NAMES = ("progress", "resolution", "resolution", "progress")
"""The clocks of a complaint that was handed over and replied to: one kind for each burst, two in turns for those held,
so that neither is always the pair's or always the single one's."""


@dataclass(frozen=True)
class Turn:
    """What replicas did: clocks a second, CPU microseconds a clock, the clocks of each, events, the most megabytes."""

    rate: float
    cpu: float
    fired: list[float]
    sent: float
    memory: float

    @property
    def smaller_share(self) -> float:
        """What the one that did less did of all."""
        return min(self.fired) / sum(self.fired)


def rows(amqp_uri: str, clocks: int = MILLION, burst: int = BURST, few: int = FEW) -> list[Row]:
    """The burst of one replica; shares, processor time, and what a second replica adds."""
    listen(amqp_uri)
    with tempfile.TemporaryDirectory() as name, _database(Path(name), clocks) as url:
        bench = _Bench(Path(name), amqp_uri, url)
        turns: list[Turn] = []

        def alone() -> Burst:
            turns.append(bench.turn(1, burst))
            return turns[0].rate, turns[0].memory

        title = f"burst of {burst:,} among {clocks:,}, PostgreSQL"
        found = beside_raw(alone, (url, amqp_uri, NAMES[0]), title, burst)
        (one,), two = turns, bench.turn(2, burst)
        held = [each for share in SHARES for each in bench.held(share, int(few * share / SHARES[0]))]
        held.append(bench.ceiling(SHARES[0], few))
    return [
        *found,
        row(f"two replicas, {burst:,} clocks, CPU a clock", "us", (one.cpu, two.cpu), "one / two", goal=1 / 1.15),
        row("two replicas, smaller share of the work", "of 1", (two.smaller_share, 1.0), "all of it", goal=0.35),
        *held,
    ]


@contextmanager
def _database(folder: Path, clocks: int) -> Iterator[str]:
    with postgres(folder) as node:
        url = node.create_database("sla")
        fill(url, examples()[1:2], clocks)
        yield url


def _middle(pairs: list[tuple[float, float]]) -> tuple[float, float]:
    return sorted(pairs, key=lambda pair: pair[0] / pair[1])[len(pairs) // 2]


class _Bench:
    def __init__(self, folder: Path, amqp_uri: str, url: str) -> None:
        self._folder = folder
        self._amqp_uri = amqp_uri
        self._url = url
        self._names = chain(NAMES, cycle(HELD_NAMES))
        self._said = 0

    def held(self, share: float, clocks: int) -> list[Row]:
        """What two replicas do, and a clock costs them, held to a share of a core each, beside one that is."""
        pairs = [(self.turn(2, clocks, share), self.turn(1, clocks, share)) for _ in range(PAIRS)]
        rates = _middle([(two.rate, one.rate) for two, one in pairs])
        costs = _middle([(one.cpu, two.cpu) for two, one in pairs])
        named = f"two replicas at {share} core each"
        return [
            row(named, "breaches/s", rates, "one at that", goal=1.6),
            row(f"{named}, CPU a clock", "us", costs, "one / two", goal=1 / 1.15),
        ]

    def ceiling(self, share: float, clocks: int) -> Row:
        """The same beside two that nothing holds: what this machine can do at all, with database and broker on it."""
        pairs = [(self.turn(2, clocks, share).rate, self.turn(2, clocks).rate) for _ in range(PAIRS)]
        title = f"two replicas at {share} core each, of what the machine can do"
        return row(title, "breaches/s", _middle(pairs), "two that nothing holds", goal=0.0)

    def turn(self, replicas: int, clocks: int, share: float = 1.0) -> Turn:
        """So many replicas fire so many clocks, in a database that had time since the last ones."""
        tidy(sa.create_engine(self._url, poolclass=sa.NullPool))
        due_at_once(self._url, next(self._names), clocks)
        with ExitStack() as stack:
            found = [stack.enter_context(sla(self._folder, self._amqp_uri, self._url)) for _ in range(replicas)]
            processes = [each.process for each in found]
            before = sum(process.processor_seconds() for process in processes)
            stack.enter_context(pinned(processes, share))
            due = found[0].release(DUE - LEAD).real_start + LEAD
            self._said += clocks
            last = found[0].until_said(self._said)
            used = sum(process.processor_seconds() for process in processes) - before
            turn = Turn(
                rate=clocks / (last - due).total_seconds(),
                cpu=1e6 * used / clocks,
                fired=[process.metric("aftercare_timers_fired_total") for process in processes],
                memory=max(process.peak_memory() for process in processes),
                sent=sum(process.metric("aftercare_events_sent_total") for process in processes),
            )
            self._check(found[0].process, turn, clocks)
        return turn

    def _check(self, process: ServiceProcess, turn: Turn, clocks: int) -> None:
        """Every clock once: fired, kept in the ledger, said, sent."""
        kept = process.query("SELECT count(*) FROM ledger WHERE change = 'breached'")[0]
        said = process.query("SELECT count(*) FROM outbox")[0]
        if (sum(turn.fired), turn.sent, kept, said) != (clocks, clocks, self._said, self._said):
            raise SystemExit(f"{clocks} of {self._said} due: {turn}, {kept} in the ledger, {said} in the outbox")
