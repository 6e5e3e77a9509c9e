"""Which files prove something about which case (IN-23)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from services.intake.storage.handling_tables import evidence

_e: Final = evidence.c
_PAGE: Final = 500


def _put(dialect: Any) -> Any:
    """A file that was erased and comes again is kept again, under the name it has now."""
    insert = dialect.insert(evidence)
    again = {name: insert.excluded[name] for name in ("name", "kept", "by", "at")}
    return insert.on_conflict_do_update(index_elements=("case_id", "digest"), set_=again, where=_e.kept.is_(False))


_PUT: Final = {name: _put(dialect) for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))}
_OF_CASE: Final = sa.select(evidence).where(_e.case_id == sa.bindparam("its_case")).order_by(_e.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file of a case; a nameless one was erased."""

    case_no: str
    digest: str
    name: str | None
    kind: str
    size: int
    by: str
    at: datetime
    kept: bool


def put(connection: sa.Connection, case_id: int, file: File) -> None:
    """Have a file among those of a case; the same again changes nothing."""
    values = {name: getattr(file, name) for name in File.__slots__}
    connection.execute(_PUT[connection.dialect.name], {"case_id": case_id, **values})


def of_case(connection: sa.Connection, case_id: int) -> list[File]:
    """The files of a case, oldest first."""
    return [_file(row) for row in connection.execute(_OF_CASE, {"its_case": case_id}).mappings()]


def everything_kept(connection: sa.Connection) -> Iterator[File]:
    """Every file that has to be there, some rows at a time."""
    last = 0
    while True:
        query = sa.select(evidence).where(_e.id > last, _e.kept).order_by(_e.id).limit(_PAGE)
        rows = connection.execute(query).mappings().all()
        yield from map(_file, rows)
        if len(rows) < _PAGE:
            return
        last = rows[-1]["id"]


def only_of(connection: sa.Connection, case_ids: Sequence[int]) -> list[str]:
    """The digests of the files that these cases have and no other case has."""
    theirs = set(connection.scalars(sa.select(_e.digest).where(_e.case_id.in_(case_ids))))
    others = sa.select(_e.digest).where(_e.digest.in_(theirs), _e.case_id.not_in(case_ids), _e.kept)
    return sorted(theirs - set(connection.scalars(others)))


def _file(row: Any) -> File:
    return File(**{name: row[name] for name in File.__slots__})
