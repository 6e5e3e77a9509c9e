"""Everything there is read through once, some cases at a time, for whoever verifies the record (AL-4)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, groupby
from operator import itemgetter
from typing import Any, Final

import sqlalchemy as sa

from services.intake.storage.as_it_is import as_it_is, keep_no_text_back
from services.intake.storage.proof_tables import access_cases, accesses, digest_leaves, digests
from services.intake.storage.tables import cases, entries
from shared.base.database import Database
from shared.base.engines import transaction, translated_errors

AT_ONCE: Final = 500
"""Cases that are read together."""
ROWS_AT_ONCE: Final = 2_000
_MANY: Final = 400
"""Pairs that one statement is given."""

_c, _e, _a, _l = cases.c, entries.c, accesses.c, digest_leaves.c
_CASES: Final = (
    sa.select(*(as_it_is(column) for column in _c if column.name != "words"))
    .where(_c.id > sa.bindparam("after"), _c.id <= sa.bindparam("up_to"))
    .order_by(_c.id)
)
_KEY: Final = sa.select(_c.id).where(_c.case_no == sa.bindparam("case_no"))
_LAST: Final = sa.select(sa.func.max(_c.id))
_ENTRIES: Final = (
    sa.select(_e.case_id, _e.seq, _e.version, _e.body, _e.detail, _e.salt, _e.seal, _e.chain)
    .where(_e.case_id > sa.bindparam("after"), _e.case_id <= sa.bindparam("up_to"))
    .order_by(_e.case_id, _e.seq)
)
_ON_FILE: Final = sa.select(_c.case_no).where(_c.case_no.in_(sa.bindparam("case_nos", expanding=True)))
_HEADS: Final = (
    sa.select(_l.case_no, _l.seq, _l.chain, _e.chain.label("now"), _c.case_no.label("its_no"))
    .select_from(
        digest_leaves.outerjoin(entries, sa.and_(_e.case_id == _l.case_id, _e.seq == _l.seq)).outerjoin(
            cases, _c.id == _l.case_id
        )
    )
    .where(_l.digest_no == sa.bindparam("its_no"))
    .order_by(_l.place)
)
_READS: Final = (
    sa.select(_a.id, _a.writer, _a.seq, as_it_is(_a.at), _a.by, _a.body, _a.chain)
    .where(sa.tuple_(_a.writer, _a.seq) > sa.tuple_(sa.bindparam("writer"), sa.bindparam("seq")))
    .order_by(_a.writer, _a.seq)
    .limit(ROWS_AT_ONCE)
)
_SHOWN: Final = (
    sa.select(access_cases)
    .where(access_cases.c.access_id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(access_cases.c.access_id)
)
_READ_CHAINS: Final = sa.select(_a.writer, _a.seq, _a.chain)
_DIGESTS: Final = (
    sa.select(*map(as_it_is, digests.c)).where(digests.c.no > sa.bindparam("after")).order_by(digests.c.no).limit(100)
)
_OF_CASE: Final = sa.select(_l.digest_no).join(cases, _c.id == _l.case_id).where(_c.case_no == sa.bindparam("case_no"))
_ENDLESS: Final = 2**62

Pair = tuple[str, int]
Window = tuple[int, int]
"""Keys: behind the first, up to the second."""


@contextmanager
def one_state(database: Database) -> Iterator[sa.Connection]:
    """A connection on which every statement sees the same state, and that may take its time."""
    with translated_errors(), database.engine.connect() as connection:
        if not database.is_sqlite:
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        with transaction(connection):
            if database.is_sqlite:
                keep_no_text_back(connection)
            else:
                connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            yield connection


def count_entries(connection: sa.Connection) -> int:
    """How many entries there are."""
    return connection.scalar(sa.select(sa.func.count()).select_from(entries)) or 0


def windows(connection: sa.Connection) -> list[Window]:
    """Keys of cases, some at a time; first and last go on without end, for what we never gave such a key."""
    last = max(connection.scalar(_LAST) or 0, 0)
    starts = range(0, last, AT_ONCE)
    return [(-_ENDLESS, 0), *((start, min(start + AT_ONCE, last)) for start in starts), (last, _ENDLESS)]


def key_of(connection: sa.Connection, case_no: str) -> int | None:
    """The key of the case of this number."""
    found: int | None = connection.scalar(_KEY, {"case_no": case_no})
    return found


def cases_in(connection: sa.Connection, window: Window) -> Sequence[Any]:
    """The cases of these keys."""
    return connection.execute(_CASES, {"after": window[0], "up_to": window[1]}).mappings().all()


def entries_in(connection: sa.Connection, window: Window) -> Iterator[tuple[int, list[Any]]]:
    """The entries of each case of these keys."""
    bounds = {"after": window[0], "up_to": window[1]}
    found = connection.execution_options(yield_per=ROWS_AT_ONCE).execute(_ENTRIES, bounds).partitions()
    for case_id, rows in groupby(chain.from_iterable(found), key=itemgetter(0)):
        yield case_id, list(rows)


def on_file(connection: sa.Connection, case_nos: Sequence[str]) -> set[str]:
    """Those of these numbers that are cases."""
    return set(connection.scalars(_ON_FILE, {"case_nos": list(case_nos)}))


def read_chains_of(connection: sa.Connection, pairs: Sequence[Pair]) -> dict[Pair, str | None]:
    """The chain of each of these reads that is there, by writer and number."""
    found: dict[Pair, str | None] = {}
    for start in range(0, len(pairs), _MANY):
        query = _READ_CHAINS.where(sa.tuple_(_a.writer, _a.seq).in_(pairs[start : start + _MANY]))
        found |= {(row.writer, row.seq): row.chain for row in connection.execute(query)}
    return found


def some_digests(connection: sa.Connection, after: int) -> Sequence[Any]:
    """The next digests."""
    return connection.execute(_DIGESTS, {"after": after}).all()


def heads_of(connection: sa.Connection, no: int) -> Sequence[Any]:
    """The leaves of a digest, each with the chain of its entry now."""
    return connection.execute(_HEADS, {"its_no": no}).all()


def digests_of(connection: sa.Connection, case_no: str) -> set[int]:
    """The digests that stand for a case."""
    return set(connection.scalars(_OF_CASE, {"case_no": case_no}))


def some_reads(connection: sa.Connection, after: Pair) -> tuple[Sequence[Any], dict[int, list[str]]]:
    """The next reads, and the cases that each is listed under."""
    rows = connection.execute(_READS, {"writer": after[0], "seq": after[1]}).all()
    shown: dict[int, list[str]] = {}
    for start in range(0, len(rows), _MANY):
        ids = [row.id for row in rows[start : start + _MANY]]
        for each in connection.execute(_SHOWN, {"ids": ids}):
            shown.setdefault(each.access_id, []).append(each.case_no)
    return rows, shown
