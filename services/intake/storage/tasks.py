"""Tasks in the database: the rows that a case's tasks make, and the questions over all cases (IN-21)."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from services.intake.domain.case import Case
from services.intake.domain.handling.tasks import OPEN, OVERDUE, Task
from services.intake.storage.handling_tables import IS_OPEN, tasks
from services.intake.storage.repository import SHOWN, CaseFile, Kept, kept_of
from services.intake.storage.sight import Sight, seen_by
from services.intake.storage.tables import cases
from shared.base.paging import Place
from shared.base.where import lies_within, stands_behind
from shared.kernel.vocabulary import LIVE

Row = dict[str, Any]

_t: Final = tasks.c
_MADE: Final = tuple(name for name in tasks.c.keys() if name != "id")  # noqa: SIM118 - a collection of columns is no mapping
_ONCE: Final = ("case_id", "task_id")


def _put(dialect: Any) -> Any:
    insert = dialect.insert(tasks)
    new = {name: insert.excluded[name] for name in _MADE if name not in _ONCE}
    return insert.on_conflict_do_update(index_elements=_ONCE, set_=new)


_PUT: Final = {name: _put(dialect) for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))}
_OF_CASES: Final = sa.select(tasks).where(_t.case_id.in_(sa.bindparam("ids", expanding=True)))
# As text, and as the partial index has it: with a parameter in its place SQLite would not use that.
_IS_OPEN: Final = sa.text(f"tasks.{IS_OPEN.text}")
_DROP: Final = tasks.delete().where(_t.id.in_(sa.bindparam("ids", expanding=True)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which tasks to list; None leaves it open."""

    limit: int
    now: datetime
    state: str = OPEN
    department: str | None = None
    owners: Sequence[str] | None = None
    region: str | None = None
    case_no: str | None = None
    after: Place | None = None
    sight: Sight | None = None


def rows_of(case_id: int, case: Case, found: Iterable[Task]) -> list[Row]:
    """The rows that the tasks of a case make."""
    of_case = {"case_id": case_id, "case_no": case.case_no, "region": case.region}
    return [{**of_case, **asdict(each)} for each in found]


def store(connection: sa.Connection, case_ids: Sequence[int], wanted: Sequence[Row]) -> int:
    """Have exactly these rows for these cases; how many were changed."""
    stored = {_key(row): dict(row) for row in connection.execute(_OF_CASES, {"ids": list(case_ids)}).mappings()}
    changed = [row for row in wanted if not _same(stored.get(_key(row)), row)]
    meant = {_key(row) for row in wanted}
    gone = [row["id"] for key, row in stored.items() if key not in meant]
    if gone:
        connection.execute(_DROP, {"ids": gone})
    if changed:
        connection.execute(_PUT[connection.dialect.name], changed)
    return len(gone) + len(changed)


def live_cases(connection: sa.Connection, after: int, most: int) -> list[Kept]:
    """Cases that may owe something, by their keys; nobody changes them until the transaction ends."""
    query = sa.select(*SHOWN).where(cases.c.id > after, cases.c.mode == LIVE).order_by(cases.c.id).limit(most)
    return _locked(connection, query)


def as_they_stand(connection: sa.Connection, case_ids: Sequence[int]) -> list[Kept]:
    """These cases as they stand by now; nobody changes them until the transaction ends."""
    return _locked(connection, sa.select(*SHOWN).where(cases.c.id.in_(case_ids)).order_by(cases.c.id))


def _locked(connection: sa.Connection, query: sa.Select[Any]) -> list[Kept]:
    found = connection.execute(query.with_for_update()).mappings().all()
    return [CaseFile(connection).with_handling(kept_of(row)) for row in found]


def page(connection: sa.Connection, wanted: Wanted) -> Sequence[Any]:
    """Tasks, the earliest due first, and one more than asked for where there are more."""
    query = sa.select(tasks).where(*_conditions(wanted)).order_by(_t.due_at, _t.id).limit(wanted.limit + 1)
    if wanted.sight is not None:
        query = query.join(cases, cases.c.id == _t.case_id).where(*seen_by(wanted.sight, connection.dialect.name))
    return connection.execute(query).mappings().all()


def task_of(row: Any) -> Task:
    """The task in a row."""
    return Task(**{name: row[name] for name in Task.__slots__})


def _key(row: Any) -> tuple[int, str]:
    return row["case_id"], row["task_id"]


def _same(stored: Row | None, row: Row) -> bool:
    return stored is not None and all(stored[name] == row[name] for name in _MADE)


def _conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    found: list[Any] = [_IS_OPEN] if wanted.state in (OPEN, OVERDUE) else [_t.state == wanted.state]
    if wanted.state == OVERDUE:
        found.append(_t.due_at < wanted.now)
    if wanted.department is not None:
        found.append(_t.department == wanted.department)
    if wanted.owners is not None:
        found.append(_t.owner.in_(wanted.owners))
    if wanted.region is not None:
        found.append(lies_within(_t.region, wanted.region))
    if wanted.case_no is not None:
        found.append(_t.case_no == wanted.case_no)
    if wanted.after is not None:
        found.append(stands_behind(_t.due_at, _t.id, wanted.after))
    return found
