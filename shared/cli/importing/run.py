"""Rows -> requests in flight -> journal and report."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from shared.cli.importing.conversation import Entered, converse
from shared.cli.importing.flights import Flights
from shared.cli.importing.journal import Journal, digest
from shared.cli.importing.mapping import Plan
from shared.cli.importing.refused import Report
from shared.cli.importing.rows import Row
from shared.cli.importing.sources import Source, reading
from shared.cli.problems import one_line
from shared.cli.rpc import Rpc
from shared.cli.suite import Suite
from shared.kernel.errors import AftercareError, Invalid


@dataclass
class Tally:
    """How far an import has come."""

    rows: int = 0
    new: int = 0
    known: int = 0
    refused: int = 0
    first_refused: list[tuple[int, str]] = field(default_factory=list)
    report: Path | None = None


Watch = Callable[[float, Tally], None]
"""Hears, row by row, which part of the file has been read (0 to 1)."""


@dataclass(frozen=True)
class Job:
    """What to take in, and how."""

    file: Path
    mapping: Path | None
    mode: str


def run(job: Job, suite: Suite, watch: Watch) -> Tally:
    """Take the file in; raises Unavailable when the suite stays away: run it again to go on."""
    folder = suite.data / "imports"
    paths = [job.file] if job.mapping is None else [job.file, job.mapping]
    with (
        reading(job.file, job.mapping) as source,
        Journal(folder / f"{digest(job.mode, *paths)}.jsonl") as journal,
        source.report(folder / job.file.stem) as refused,
        Rpc(suite.amqp_uri, seconds=30) as rpc,
    ):
        importer = _Importer(source, job.mode, journal, refused, rpc)
        for row in source.rows():
            importer.take(row)
            watch(source.position() / max(source.size, 1), importer.tally)
        importer.finish()
        watch(1.0, importer.tally)
        return importer.tally


class _Importer:
    def __init__(self, source: Source, mode: str, journal: Journal, refused: Report, rpc: Rpc) -> None:
        self.tally = Tally()
        self._source = source
        self._mode = mode
        self._journal = journal
        self._refused = refused
        self._flights: Flights[tuple[Row, Plan]] = Flights(rpc, self._land)
        self._under_way = dict(journal.seen)

    def take(self, row: Row) -> None:
        """Put one row on its way, unless it is in already or cannot be used."""
        self.tally.rows += 1
        if row.line in self._journal.lines:
            self.tally.known += 1
            return
        try:
            planned = self._plan(row)
        except Invalid as error:
            self._refuse(row, one_line(error))
            return
        self._flights.start((row, planned), converse(planned))

    def finish(self) -> None:
        """Wait for the last answers."""
        self._flights.finish()

    def _plan(self, row: Row) -> Plan:
        if row.wrong:
            raise Invalid(row.wrong)
        planned = self._source.plan(row, self._mode)
        first = self._under_way.setdefault(planned.identity, row.line)
        if first != row.line:
            raise Invalid(f"external_ref {planned.identity[-1]!r} stands in line {first} already")
        return planned

    def _land(self, key: tuple[Row, Plan], outcome: Entered | AftercareError) -> None:
        row, planned = key
        if isinstance(outcome, Entered):
            self._journal.add(row.line, planned.identity, outcome.case_no)
            self.tally.known += outcome.was_known
            self.tally.new += not outcome.was_known
        else:
            self._refuse(row, one_line(outcome))

    def _refuse(self, row: Row, why: str) -> None:
        self._refused.add(row, why)
        self.tally.refused = self._refused.count
        self.tally.first_refused = self._refused.first
        self.tally.report = self._refused.path
