"""`audit verify` against the least that any check must do: read the same rows and hash them once.

Cases of ten entries each, made by the real rules and written as the service writes them, with a line of the witness for
each commit and signed digests over all; verified whole, as `aftercare audit verify` does.
"""

import hashlib
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from services.intake.domain.case import Account, Case, Customer
from services.intake.domain.dating import Actor
from services.intake.domain.numbers import case_number
from services.intake.domain.proof.chain import Head, begin
from services.intake.domain.registration import Registration, register
from services.intake.domain.take import Asked, Taken, take
from services.intake.gateways.audit import AuditFolder, open_signer
from services.intake.handlers.proving import Sealer
from services.intake.handlers.verifying import Places, verify
from services.intake.storage.rows import case_row, case_words, entry_rows
from services.intake.storage.tables import cases, entries
from shared.base.database import Database
from shared.base.migrations import migrate
from shared.testing.clock import ManualClock
from tests.bench.measure import Row, row, take_turns

CASES: Final = 4_000
START: Final = datetime(2026, 1, 5, 9, tzinfo=UTC)
STEPS: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("hand_over", {"owner": "south-desk"}),
    ("start_investigation", {}),
    *((("record_progress", {"text": "Looked at the wall again, 又看了一次墙面。"}),) * 6),
    ("reply", {"text": "We come on Monday and look at it together."}),
)
GOAL: Final = 20_000.0
"""Entries a second."""


def rows(_amqp_uri: str) -> list[Row]:
    """Entries verified a second."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'intake.db'}"
        count = fill(url, folder / "audit", CASES)
        figures = take_turns(lambda: _verified(url, folder / "audit"), lambda: _hashed(url))
    peer = "reading the same rows, one SHA-256 of each"
    return [
        row(f"audit_verify of {count:,} entries", "entries/s", figures, peer, goal=0.0),
        row("audit_verify", "entries/s", (figures[0], GOAL), "the goal", goal=1.0),
    ]


def fill(url: str, audit: Path, count: int) -> int:
    """Fill an empty database; how many entries."""
    clock = ManualClock(START)
    database, folder = Database(url, service="intake", clock=clock), AuditFolder(audit)
    migrate(database)
    with database.write(lasting=False) as uow:
        for number in range(count):
            row, written, heads = _life(number)
            case_id = uow.connection.execute(cases.insert(), [row]).lastrowid
            uow.connection.execute(entries.insert(), [{"case_id": case_id, **each} for each in written])
            folder.witness([f"{row['case_no']} {head.seq} {head.chain}" for head in heads])
    Sealer(database, folder, lambda: open_signer(audit.with_name("key"), make=True)).seal()
    database.close()
    return count * (len(STEPS) + 1)


def _life(number: int) -> tuple[dict[str, Any], list[dict[str, Any]], list[Head]]:
    written: list[dict[str, Any]] = []
    heads: list[Head] = []
    case: Case | None = None
    for taken in _taken(number):
        case = taken.case
        new, head = entry_rows(case, taken.entries, heads[-1] if heads else begin(case.case_no))
        written += new
        heads.append(head)
    assert case is not None
    kept = {"promise": None, "first_channel": "phone", "words": case_words(case)}
    return case_row(case) | kept | {"chained": heads[-1].seq, "chain": heads[-1].chain}, written, heads


def _taken(number: int) -> Iterator[Taken]:
    asked = Registration(
        kind="complaint",
        channel="phone",
        external_ref=f"audit-{number}",
        region="south.guangdong.foshan",
        category=None,
        severity="minor",
        verifiable=True,
        mode="live",
        customer=Customer("A. Buyer", "+8613800138000", None, False),
        account=Account("tile adhesive does not hold", "Forty square metres came off the wall.", None),
        product={"model": "GT-1"},
    )
    taken = register(case_number(number), asked, START)
    yield taken
    for hours, (step, fields) in enumerate(STEPS, 1):
        taken = take(taken.case, Asked(step=step, actor=Actor("desk"), fields=fields), START + timedelta(hours=hours))
        yield taken


def _verified(url: str, audit: Path) -> float:
    began = time.perf_counter()
    report = verify(Places(url, audit, audit.with_name("evidence")))
    assert not report.count, report.findings[:3]
    return report.entries / (time.perf_counter() - began)


def _hashed(url: str) -> float:
    database = Database(url, service="intake", clock=ManualClock(START))
    began, count = time.perf_counter(), 0
    with database.read() as connection:
        for found in connection.execution_options(yield_per=2_000).execute(sa.select(entries)):
            hashlib.sha256(f"{found.salt}\0{found.body}\0{found.detail}".encode()).digest()
            count += 1
    database.close()
    return count / (time.perf_counter() - began)
