"""All SQL of the signed digests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from services.intake.domain.proof.chain import Head
from services.intake.domain.proof.digest import Leaf
from services.intake.storage.proof_tables import digest_leaves, digests
from services.intake.storage.tables import cases

LOCK: Final = 0x61667466
"""The key of the advisory lock: one replica seals at a time."""

_d, _l, _c = digests.c, digest_leaves.c, cases.c
_NEWEST: Final = sa.select(digests).order_by(_d.no.desc()).limit(1)
_LATER: Final = sa.select(digests).where(_d.no > sa.bindparam("after")).order_by(_d.no).limit(sa.bindparam("most"))
_is_sealed: Final = (
    sa.select(_l.place).where(_l.case_id == _c.id, _l.seq == _c.chained, _l.chain == _c.chain).correlate(cases).exists()
)
_UNSEALED: Final = (
    sa.select(_c.id, _c.case_no, _c.chained, _c.chain)
    .where(_c.id > sa.bindparam("after"), _c.id <= sa.bindparam("up_to"), _c.chain.is_not(None), ~_is_sealed)
    .order_by(_c.id)
    .limit(sa.bindparam("most"))
)
_LEAVES: Final = (
    sa.select(_l.case_no, _l.seq, _l.chain, _l.case_id).where(_l.digest_no == sa.bindparam("its_no")).order_by(_l.place)
)
_OF_CASE: Final = (
    sa.select(digests, _l.place, _l.seq, _l.chain)
    .join(digest_leaves, _l.digest_no == _d.no)
    .where(_l.case_id == sa.bindparam("case_id"))
    .order_by(_d.no)
)


@dataclass(frozen=True, slots=True)
class Digest:
    """A digest as it is kept."""

    no: int
    sealed_at: datetime
    reads_up_to: int
    body: str
    signature: str


@dataclass(frozen=True, slots=True)
class Unsealed:
    """A case whose head no digest stands for yet."""

    case_id: int
    leaf: Leaf


def be_alone(connection: sa.Connection) -> None:
    """Nobody else seals until the end of the transaction."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")


def newest(connection: sa.Connection) -> Digest | None:
    """The last digest."""
    row = connection.execute(_NEWEST).one_or_none()
    return None if row is None else Digest(*row)


def later(connection: sa.Connection, after: int, most: int) -> list[Digest]:
    """The digests behind this number."""
    return [Digest(*row) for row in connection.execute(_LATER, {"after": after, "most": most})]


def unsealed(connection: sa.Connection, after: int, up_to: int, most: int) -> list[Unsealed]:
    """The first so many cases behind this key whose head no digest stands for."""
    rows = connection.execute(_UNSEALED, {"after": after, "up_to": up_to, "most": most})
    return [Unsealed(row.id, Leaf(row.case_no, Head(row.chained, row.chain))) for row in rows]


def add(connection: sa.Connection, digest: Digest, sealed: Sequence[Unsealed]) -> None:
    """Keep a digest with its leaves."""
    named: dict[str, Any] = {name: getattr(digest, name) for name in Digest.__slots__}
    connection.execute(digests.insert(), named)
    if sealed:
        rows = [
            {"digest_no": digest.no, "place": place, "case_id": each.case_id, "case_no": each.leaf.case_no}
            | {"seq": each.leaf.head.seq, "chain": each.leaf.head.chain}
            for place, each in enumerate(sealed)
        ]
        connection.execute(digest_leaves.insert(), rows)


def leaves_of(connection: sa.Connection, no: int) -> list[Leaf]:
    """The leaves of a digest, in their order."""
    rows = connection.execute(_LEAVES, {"its_no": no})
    return [Leaf(row.case_no, Head(row.seq, row.chain)) for row in rows]


def of_case(connection: sa.Connection, case_id: int) -> list[tuple[Digest, int, Head]]:
    """The digests that stand for a case, each with its place there and how far; oldest first."""
    rows = connection.execute(_OF_CASE, {"case_id": case_id})
    return [
        (Digest(row.no, row.sealed_at, row.reads_up_to, row.body, row.signature), row.place, Head(row.seq, row.chain))
        for row in rows
    ]
