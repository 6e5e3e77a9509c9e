"""Ways to tamper with the record by SQL, past everything that guards it; and how to undo them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from services.intake.domain.proof.chain import Head, begin, follow
from services.intake.storage.proof_tables import access_cases, accesses, digest_leaves, digests
from services.intake.storage.rows import sealed
from services.intake.storage.tables import cases, entries
from shared.base.database import Database

TABLES: Final = (cases, entries, digests, digest_leaves, accesses, access_cases)
"""In an order in which they can be filled."""
_NONE: Final[Mapping[str, Any]] = {}
Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def take_copy(database: Database) -> Rows:
    """Every row of the record."""
    with database.read() as connection:
        return {table.name: [dict(row) for row in connection.execute(_shown(table)).mappings()] for table in TABLES}


def put_back(database: Database, rows: Rows) -> None:
    """The record as it was."""
    with database.write() as uow:
        uow.connection.exec_driver_sql(_NO_KEYS[uow.connection.dialect.name])
        for table in reversed(TABLES):
            uow.connection.execute(table.delete())
        for table in TABLES:
            if rows[table.name]:
                uow.connection.execute(table.insert(), list(rows[table.name]))


_NO_KEYS: Final = {
    "sqlite": "PRAGMA defer_foreign_keys = ON",
    "postgresql": "SET LOCAL session_replication_role = replica",
}


def tamper(database: Database, statements: Sequence[str | sa.Executable], named: Mapping[str, Any] = _NONE) -> None:
    """Run these past every foreign key, as somebody with the file in their hands can."""
    with database.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
        for statement in statements:
            if isinstance(statement, str):
                text = sa.text(statement)
                connection.execute(text, {name: named[name] for name in text.compile().params})
            else:
                connection.execute(statement)
        connection.commit()
        connection.invalidate()


def _shown(table: sa.Table) -> sa.Select[Any]:
    return sa.select(*(column for column in table.c if column.name != "words"))


@dataclass(frozen=True)
class Trick:
    """One way to tamper, and by which findings it must be found."""

    name: str
    found_as: str
    statements: Sequence[str]


_OWN: Final = "case_id = :case"
_SHIFT: Final = "UPDATE entries SET seq = seq {} WHERE case_id = :case AND seq {}"


def _without_digest(no: int) -> Sequence[str]:
    return [f"DELETE FROM digest_leaves WHERE digest_no = {no}", f"DELETE FROM digests WHERE no = {no}"]


def _without_read(seq: int) -> Sequence[str]:
    return [f"DELETE FROM access_cases WHERE access_id = {seq}", f"DELETE FROM accesses WHERE seq = {seq}"]


TRICKS: Final = (
    Trick("a word in a text", "seal", [f"UPDATE entries SET detail = replace(detail, 'late', 'soon') WHERE {_OWN}"]),
    Trick("who acted", "seal", [f"UPDATE entries SET body = replace(body, 'desk', 'boss') WHERE {_OWN} AND seq = 2"]),
    Trick(
        "who acted, sealed anew",
        "chain",
        [f"UPDATE entries SET body = :body, salt = :salt, seal = :seal WHERE {_OWN} AND seq = 2"],
    ),
    Trick("a salt taken away", "no_salt", [f"UPDATE entries SET salt = NULL WHERE {_OWN} AND seq = 2"]),
    Trick("a seal taken away", "no_seal", [f"UPDATE entries SET seal = NULL WHERE {_OWN} AND seq = 2"]),
    Trick("the chain taken away", "unchained", [f"UPDATE entries SET chain = NULL WHERE {_OWN}"]),
    Trick("an entry removed", "gap", [f"DELETE FROM entries WHERE {_OWN} AND seq = 3"]),
    Trick(
        "an entry removed, the rest moved up",
        "chain",
        [f"DELETE FROM entries WHERE {_OWN} AND seq = 3", _SHIFT.format("+ 99", "> 3"), _SHIFT.format("- 100", "> 99")],
    ),
    Trick(
        "an entry inserted",
        "chain",
        [
            _SHIFT.format("+ 100", "> 2"),
            _SHIFT.format("- 99", "> 99"),
            "INSERT INTO entries (case_id, seq, version, body, detail, salt, seal, chain) "
            "SELECT case_id, 3, version, body, detail, salt, seal, chain FROM entries "
            "WHERE case_id = :case AND seq = 2",
        ],
    ),
    Trick(
        "two entries exchanged",
        "misplaced",
        [
            f"UPDATE entries SET seq = 99 WHERE {_OWN} AND seq = 2",
            f"UPDATE entries SET seq = 2 WHERE {_OWN} AND seq = 3",
            f"UPDATE entries SET seq = 3 WHERE {_OWN} AND seq = 99",
        ],
    ),
    Trick(
        "the last entries of two cases exchanged",
        "chain",
        [
            "UPDATE entries SET case_id = -1 WHERE case_id = :case AND seq = 4",
            "UPDATE entries SET case_id = :case WHERE case_id = :other AND seq = 4",
            "UPDATE entries SET case_id = :other WHERE case_id = -1",
        ],
    ),
    Trick("the end cut off", "behind", [f"DELETE FROM entries WHERE {_OWN} AND seq > 2"]),
    Trick(
        "the end cut off, the case changed along",
        "behind",
        [
            f"DELETE FROM entries WHERE {_OWN} AND seq > 1",
            "UPDATE cases SET chain = (SELECT chain FROM entries WHERE case_id = :case AND seq = 1), chained = 1, "
            "last_seq = 1, version = 1, state = 'registered', owner = NULL, milestones = :milestones WHERE id = :case",
        ],
    ),
    Trick("every entry removed", "no_entries", [f"DELETE FROM entries WHERE {_OWN}"]),
    Trick("a case removed", "behind", [f"DELETE FROM entries WHERE {_OWN}", "DELETE FROM cases WHERE id = :case"]),
    Trick("a case removed, its entries left", "no_case", ["DELETE FROM cases WHERE id = :case"]),
    Trick("the state of a case", "row", ["UPDATE cases SET state = 'closed' WHERE id = :case"]),
    Trick("the severity of a case", "row", ["UPDATE cases SET severity = 'critical' WHERE id = :case"]),
    Trick("who has a case", "row", ["UPDATE cases SET owner = NULL WHERE id = :case"]),
    Trick("what the customer told", "row_text", ["UPDATE cases SET description = 'content' WHERE id = :case"]),
    Trick("the head of a case", "head", ["UPDATE cases SET chained = chained - 1 WHERE id = :case"]),
    Trick("the version of a case", "row", ["UPDATE cases SET version = version + 1 WHERE id = :case"]),
    Trick("an erased text", "remains", ["UPDATE entries SET detail = '{}' WHERE case_id = :erased AND seq = 3"]),
    Trick("a digest removed", "digest_gap", _without_digest(1)),
    Trick("the last digest removed", "digest_outside", _without_digest(2)),
    Trick(
        "what a digest says", "digest_text", ["UPDATE digests SET body = replace(body, 'cases', 'casts') WHERE no = 1"]
    ),
    Trick(
        "when a digest was sealed",
        "digest_signature",
        ["UPDATE digests SET body = replace(body, '+08', '+09') WHERE no = 1"],
    ),
    Trick(
        "a signature",
        "digest_signature",
        ["UPDATE digests SET signature = (SELECT signature FROM digests WHERE no = 2) WHERE no = 1"],
    ),
    Trick("a leaf removed", "digest_leaves", ["DELETE FROM digest_leaves WHERE digest_no = 1 AND place = 1"]),
    Trick("a leaf of another case", "digest_head", ["UPDATE digest_leaves SET case_id = :other WHERE case_id = :case"]),
    Trick("a read removed", "read_gap", _without_read(1)),
    Trick("the last read removed", "read_behind", _without_read(4)),
    Trick("every read removed", "digest_reads", ["DELETE FROM access_cases", "DELETE FROM accesses"]),
    Trick("who read", "read_chain", ["UPDATE accesses SET body = replace(body, 'li.qiang', 'zhang.min')"]),
    Trick("who read, in the list alone", "read_row", ["UPDATE accesses SET by = 'zhang.min' WHERE by = 'li.qiang'"]),
    Trick("under which case a read is found", "read_row", ["DELETE FROM access_cases WHERE access_id = 1"]),
)


def rewrite(database: Database, case_id: int, old: str, new: str) -> None:
    """Write a whole case anew, with seals, chain and row that fit: only what stands outside can tell."""
    with database.write() as uow:
        number = uow.connection.scalar(sa.select(cases.c.case_no).where(cases.c.id == case_id))
        head = begin(str(number))
        query = sa.select(entries).where(entries.c.case_id == case_id).order_by(entries.c.seq)
        for row in uow.connection.execute(query).all():
            body, detail = row.body.replace(old, new), row.detail.replace(old, new)
            added = sealed(body, detail)
            head = Head(row.seq, follow(head.chain, row.version, added["seal"], _read(body)))
            here = (entries.c.case_id == case_id, entries.c.seq == row.seq)
            changed = {"body": body, "detail": detail, "chain": head.chain, **added}
            uow.connection.execute(entries.update().where(*here).values(changed))
        told = sa.select(cases.c.description).where(cases.c.id == case_id)
        after = str(uow.connection.scalar(told)).replace(old, new)
        uow.connection.execute(cases.update().where(cases.c.id == case_id).values(chain=head.chain, description=after))


def _read(body: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(body)
    return found


def forget_chain(database: Database, case_no: str, *, behind: int = 0) -> None:
    """What a release that knows no chain leaves behind, and one that knows no seal."""
    with database.write() as uow:
        its = sa.select(cases.c.id).where(cases.c.case_no == case_no).scalar_subquery()
        late = sa.and_(entries.c.case_id == its, entries.c.seq > behind)
        uow.connection.execute(entries.update().where(late).values(chain=None))
        uow.connection.execute(entries.update().where(late, entries.c.seq < 3).values(salt=None, seal=None))
        if not behind:
            uow.connection.execute(cases.update().where(cases.c.id == its).values(chain=None, chained=None))
        else:
            head = sa.select(entries.c.chain).where(entries.c.case_id == its, entries.c.seq == behind).scalar_subquery()
            uow.connection.execute(cases.update().where(cases.c.id == its).values(chain=head, chained=behind))
