"""One verification, from what stands outside to what stands in the database."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from services.intake.domain.numbers import LENGTH
from services.intake.domain.proof.findings import Finding
from services.intake.gateways.audit import AuditFolder, Seen
from services.intake.gateways.files import Files
from services.intake.handlers.evidence import check_evidence
from services.intake.handlers.verifying.outside import Outside, check_digests
from services.intake.handlers.verifying.reads import check_reads
from services.intake.handlers.verifying.together import walk_all
from services.intake.handlers.verifying.walk import Report
from services.intake.storage import proof_reading
from services.intake.storage.proof_reading import Window
from shared.base.clock import SuiteClock
from shared.base.database import Database
from shared.base.migrations import check
from shared.kernel.errors import Misconfigured, NotFound

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Places:
    """Where the record is: the database, what stands outside of it, the files of evidence."""

    db_url: str
    folder: Path
    evidence: Path


def verify(places: Places, case_no: str | None = None, progress: Progress | None = None) -> Report:
    """Verify the whole record, or one case; `progress` is told how many entries were looked at, of how many.

    Raises NotFound for a case that is not on file, Unavailable, Misconfigured.
    """
    outside = Outside(AuditFolder(places.folder))  # before the database: what is written meanwhile puts that ahead
    database = Database(places.db_url, service="intake", clock=SuiteClock())
    try:
        if not check(database):
            raise Misconfigured(["the database is older than this program; run `aftercare migrate intake` first"])
        with tempfile.TemporaryDirectory() as own:
            seen = Path(own) / "seen"
            with closing(Seen(seen)) as empty:
                empty.fill(outside.lines(case_no))
            return Verification(database, outside, seen, case_no).report(places, progress)
    finally:
        database.close()


class Verification:
    """What there is to compare."""

    def __init__(self, database: Database, outside: Outside, seen: Path, case_no: str | None) -> None:
        self._database = database
        self._outside = outside
        self._path = seen
        self._seen = Seen(seen)
        self._case_no = case_no

    def report(self, places: Places, progress: Progress | None) -> Report:
        """Everything that is found."""
        report = Report()
        total, windows = self._windows()
        for each in walk_all(places.db_url, self._path, windows, total):
            report.join(each)
            if progress:
                progress(report.entries, total)
        for finding in chain(self._beside(), self._evidence(Files(places.evidence))):
            report.add(finding)
        self._seen.close()
        if report.unwitnessed:  # what was committed while we read has its line by now
            lines = {(who, seq) for who, seq, _chain in Outside(AuditFolder(places.folder)).lines(self._case_no)}
            report.unwitnessed = [each for each in report.unwitnessed if each not in lines]
        return report

    def _windows(self) -> tuple[int, list[Window]]:
        with proof_reading.one_state(self._database) as connection:
            if self._case_no is None:
                return proof_reading.count_entries(connection), proof_reading.windows(connection)
            key = proof_reading.key_of(connection, self._case_no)
        if key is None:
            raise NotFound(f"no case {self._case_no}", {"case_no": self._case_no})
        return 0, [(key - 1, key)]

    def _beside(self) -> Iterator[Finding]:
        yield from self._outside.unreadable
        yield from check_digests(self._database, self._outside, self._case_no)
        if self._case_no is None:
            yield from check_reads(self._database, self._seen)
            yield from self._gone()

    def _evidence(self, files: Files) -> Iterator[Finding]:
        """Files that are not what was put there."""
        with proof_reading.one_state(self._database) as connection:
            for each in check_evidence(connection, files):
                if self._case_no in (None, each["case_no"]):
                    code = "evidence_gone" if each["what"] == "gone" else "evidence_changed"
                    yield Finding(code, each["case_no"], None, {"digest": each["digest"]})

    def _gone(self) -> Iterator[Finding]:
        """Cases and reads that the witness saw, and of which there is nothing at all."""
        with proof_reading.one_state(self._database) as connection:
            for some in self._seen.everybody():
                cases = {who: last for who, last, _lines in some if who.isdecimal() and len(who) == LENGTH}
                there = proof_reading.on_file(connection, list(cases))
                yield from (Finding("behind", who, last) for who, last in cases.items() if who not in there)
                reads = [(who, last) for who, last, _lines in some if who not in cases]
                found = proof_reading.read_chains_of(connection, reads)
                yield from (Finding("read_behind", who, last) for who, last in reads if (who, last) not in found)
