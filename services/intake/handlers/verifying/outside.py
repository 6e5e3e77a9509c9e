"""What stands outside of the database: the lines of the witness, and every digest, which must be found inside."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from services.intake.domain.proof.chain import Head
from services.intake.domain.proof.digest import FORMAT, Leaf, digest_hash, root_of
from services.intake.domain.proof.findings import Finding
from services.intake.domain.proof.judging import NO_CASE
from services.intake.domain.wire import CN
from services.intake.gateways.audit import AuditFolder, Line, fingerprint_of, is_signed
from services.intake.storage import proof_reading
from shared.base.database import Database
from shared.kernel.instants import format_instant

HEAD: Final = "digest_head"
MOST_MISSING: Final = 1_000
"""Digests that are told one by one where they are missing."""
_TORN: Final = re.compile(
    r"\0*(r|re|rea|read|(reads )?([0-9a-f]{0,16}|[0-9a-f]{1,16} \d{0,9}|[0-9a-f]{1,16} \d{1,9} [0-9a-f]{0,63}))\0*"
)
"""What a full disk or a lost power leaves of a line: its beginning, or nothing; it says nothing of any case."""
LONGEST: Final = 9
"""Digits of a number that an entry may have."""


class Outside:
    """What the folder holds by now; what comes later is not looked at, so the database may only be ahead of it."""

    def __init__(self, folder: AuditFolder) -> None:
        self._witness = list(folder.witnessed())
        self.digests = {each.no: each for each in folder.digests()}
        self._keys = {fingerprint_of(public): public for public in folder.keys().values()}
        self.unreadable: list[Finding] = []

    def key(self, fingerprint: str) -> str | None:
        """The public key of this fingerprint."""
        return self._keys.get(fingerprint)

    def lines(self, case_no: str | None) -> Iterator[Line]:
        """Each line of the witness, or those of one case; what is no line is noted as `unreadable`."""
        for file, size in self._witness:
            for number, text in enumerate(_lines(file, size), 1):
                if case_no is not None and not text.startswith(f"{case_no} "):
                    continue
                line = _line(text)
                if line is not None:
                    yield line
                elif not _TORN.fullmatch(text):
                    self.unreadable.append(Finding("witness_line", file.name, None, {"line": number}))


def _lines(file: Path, size: int) -> Iterator[str]:
    with file.open("rb") as opened:
        left = size
        for line in opened:
            left -= len(line)
            if left < 0:
                return
            yield line.decode("ascii", "replace").rstrip("\n")


def _line(text: str) -> Line | None:
    words = text.removeprefix("reads ").split(" ")
    if len(words) != 3 or not words[1].isdecimal() or len(words[1]) > LONGEST or len(words[2]) != 64:
        return None
    return words[0], int(words[1]), words[2]


def check_digests(database: Database, outside: Outside, case_no: str | None) -> Iterator[Finding]:
    """Whether each digest is right, follows from the one before, and stands for what is there."""
    before, seen, after = "", set[int](), 0
    with proof_reading.one_state(database) as connection:
        own = proof_reading.digests_of(connection, case_no) if case_no is not None else None
        while rows := proof_reading.some_digests(connection, after):
            for row in rows:
                for missing in range(after + 1, min(row.no, after + MOST_MISSING)):
                    yield Finding("digest_gap", f"digest {missing}")
                if own is None or row.no in own:
                    found = _check(connection, outside, row, before if row.no == after + 1 else None)
                    yield from (each for each in found if case_no in (None, each.where) or each.code != HEAD)
                before, after = digest_hash(str(row.body)), row.no
                seen.add(row.no)
                kept = outside.digests.get(row.no)
                if kept is not None and (kept.body, kept.signature) != (row.body, row.signature):
                    yield Finding("digest_outside", f"digest {row.no}")
    for no in sorted(outside.digests.keys() - seen):
        yield Finding("digest_outside", f"digest {no}")


def _check(connection: sa.Connection, outside: Outside, row: Any, before: str | None) -> list[Finding]:
    """The same as `check_digest`, also of a text of which nobody knows what it is."""
    try:
        return list(check_digest(connection, outside, row, before))
    except NO_CASE:
        return [Finding("digest_text", f"digest {row.no}")]


def check_digest(connection: sa.Connection, outside: Outside, row: Any, before: str | None) -> Iterator[Finding]:
    """What is wrong with one digest; `before` is the hash of the one before it, None where that is missing."""
    where = f"digest {row.no}"
    said = _parsed(row.body)
    if said is None or said["no"] != row.no:
        yield Finding("digest_text", where)
        return
    if (said["at"], said["reads_up_to"]) != (format_instant(row.sealed_at, CN), row.reads_up_to):
        yield Finding("digest_row", where)
    if before is not None and said["previous"] != before:
        yield Finding("digest_link", where)
    public = outside.key(said["key"])
    if public is None:
        yield Finding("digest_key", where)
    elif not is_signed(public, row.body, row.signature):
        yield Finding("digest_signature", where)
    yield from _check_heads(connection, said, where)
    yield from _check_reads(connection, said, where)


def _parsed(body: str) -> Mapping[str, Any] | None:
    try:
        said: Mapping[str, Any] = json.loads(body)
        named = {"no", "at", "previous", "root", "cases", "reads", "reads_up_to", "key"}
        return said if said["format"] == FORMAT and named <= said.keys() else None
    except (ValueError, KeyError, TypeError):
        return None


def _check_heads(connection: sa.Connection, said: Mapping[str, Any], where: str) -> Iterator[Finding]:
    rows = proof_reading.heads_of(connection, said["no"])
    leaves = [Leaf(row.case_no, Head(row.seq, row.chain)) for row in rows]
    if len(leaves) != said["cases"] or root_of(leaves) != said["root"]:
        yield Finding("digest_leaves", where)
    for row in rows:
        if row.now != row.chain or row.its_no != row.case_no:
            yield Finding(HEAD, row.case_no, row.seq, {"digest": said["no"]})


def _check_reads(connection: sa.Connection, said: Mapping[str, Any], where: str) -> Iterator[Finding]:
    heads = [(writer, seq) for writer, (seq, _chain) in said["reads"].items()]
    found = proof_reading.read_chains_of(connection, heads)
    for writer, (seq, chain) in said["reads"].items():
        if found.get((writer, seq)) != chain:
            yield Finding("digest_reads", where, seq, {"writer": writer})
