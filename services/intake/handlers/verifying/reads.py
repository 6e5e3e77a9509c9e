"""The chains of reads: nothing changed, nothing missing, and each is listed under the cases that it names."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from services.intake.domain.proof import reads
from services.intake.domain.proof.chain import Head
from services.intake.domain.proof.findings import Finding
from services.intake.domain.proof.judging import NO_CASE
from services.intake.gateways.audit import Seen
from services.intake.storage import proof_reading
from shared.base.database import Database
from shared.kernel.instants import format_instant


def check_reads(database: Database, seen: Seen) -> Iterator[Finding]:
    """What is wrong with each chain, by itself and by what the witness saw of it."""
    writer, head = "", reads.begin("")
    with proof_reading.one_state(database) as connection:
        rows, shown = proof_reading.some_reads(connection, ("", 0))
        while rows:
            for row in rows:
                if row.writer != writer:
                    writer, head = row.writer, reads.begin(row.writer)
                if row.seq != head.seq + 1:
                    yield Finding("read_gap", writer, None, {"first": head.seq + 1, "last": row.seq - 1})
                elif reads.follow(head, str(row.body)).chain != row.chain:
                    yield Finding("read_chain", writer, row.seq)
                if not seen.chains(writer, row.seq) <= {row.chain}:
                    yield Finding("read_behind", writer, row.seq)
                if not _is_listed(row, shown.get(row.id, ())):
                    yield Finding("read_row", writer, row.seq)
                head = Head(row.seq, row.chain)
            rows, shown = proof_reading.some_reads(connection, (rows[-1].writer, rows[-1].seq))


def _is_listed(row: Any, shown: Sequence[str]) -> bool:
    """Whether the columns by which a read is found are what its text says."""
    try:
        said = json.loads(row.body)
        columns = {"writer": row.writer, "seq": row.seq, "by": row.by, "at": format_instant(row.at)}
        return {name: said[name] for name in columns} == columns and set(said["case_nos"]) == set(shown)
    except NO_CASE:
        return False
