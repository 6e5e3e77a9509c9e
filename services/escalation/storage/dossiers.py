"""Dossiers: what is known of matters, locked and loaded together, and written back, each table in one go."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from services.escalation.domain.about import About
from services.escalation.domain.dossier import Dossier, Team
from services.escalation.domain.escalation import Escalation, Reason, State
from services.escalation.domain.told import Clock
from services.escalation.storage import tables
from shared.kernel.instants import format_instant, parse_instant
from shared.outbox.firing import is_free

ABOUT = [each.name for each in fields(About)]
CONCERNED = "complained_about"
CLOCK = [each.name for each in fields(Clock)]
WALK = [each.name for each in fields(Escalation)]
LISTS = ("acknowledged_by", "lifted")
"""Of a walk."""
REASON = [each.name for each in fields(Reason)]
TEAM = [each.name for each in fields(Team)]


def _columns(table: sa.Table, names: Sequence[str]) -> list[sa.Column[Any]]:
    return [table.c[name] for name in names]


def _of_subjects(table: sa.Table, names: Sequence[str]) -> sa.Select[Any]:
    wanted = table.c.subject.in_(sa.bindparam("subjects", expanding=True))
    return sa.select(table.c.subject, *_columns(table, [name for name in names if name != "subject"])).where(wanted)


_SUBJECTS = _of_subjects(tables.subjects, [*ABOUT, "version", "milestones"])
_LOCK = _SUBJECTS.order_by(tables.subjects.c.subject).with_for_update()
_CLOCKS = _of_subjects(tables.clock_states, CLOCK)
_REASONS = _of_subjects(tables.reasons, REASON)
_WALKS = _of_subjects(tables.escalations, WALK).order_by(tables.escalations.c.opened_at, tables.escalations.c.id)
_TEAMS = _of_subjects(tables.teams, TEAM)


def open_one(connection: sa.Connection, about: About) -> Dossier:
    """The dossier of a matter, begun where there is none, kept from other units of work until this one ends."""
    found = lock(connection, [about.subject])
    if found:
        return found[0]
    row = _about_values(about) | {"version": 0, "milestones": {}}
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    if connection.execute(dialect.insert(tables.subjects).on_conflict_do_nothing(), row).rowcount:
        return Dossier(about=about)
    return lock(connection, [about.subject])[0]  # another replica has just begun it


def lock(connection: sa.Connection, subjects: Sequence[str]) -> list[Dossier]:
    """The dossiers that there are of these matters, kept from other units of work."""
    return _filled(connection, connection.execute(_LOCK, {"subjects": list(subjects)}).mappings())


def find(connection: sa.Connection, subjects: Sequence[str]) -> list[Dossier]:
    """The dossiers that there are of these matters, only to be looked at."""
    return _filled(connection, connection.execute(_SUBJECTS, {"subjects": list(subjects)}).mappings())


def _filled(connection: sa.Connection, rows: Iterable[Any]) -> list[Dossier]:
    found = {row["subject"]: _dossier(row) for row in rows}
    wanted = {"subjects": list(found)}
    if not found:
        return []
    for row in connection.execute(_CLOCKS, wanted).mappings():
        clock = Clock(**{name: row[name] for name in CLOCK})
        found[row["subject"]].clocks[clock.ref] = clock
    for row in connection.execute(_REASONS, wanted).mappings():
        reason = Reason(**{name: row[name] for name in REASON})
        found[row["subject"]].reasons[reason.key] = reason
    for row in connection.execute(_WALKS, wanted).mappings():
        walk = _walk(row)
        found[row["subject"]].walks[walk.id] = walk
    for row in connection.execute(_TEAMS, wanted).mappings():
        values = {name: row[name] for name in TEAM}
        found[row["subject"]].team = Team(**values | {"members": tuple(row["members"])})
    for dossier in found.values():
        dossier.note_kept()
    return list(found.values())


def _dossier(row: Any) -> Dossier:
    milestones = {name: parse_instant(at) for name, at in row["milestones"].items()}
    about = {name: row[name] for name in ABOUT} | {CONCERNED: tuple(row[CONCERNED] or ())}
    return Dossier(about=About(**about), version=row["version"], milestones=milestones)


def _walk(row: Any) -> Escalation:
    values = {name: row[name] for name in WALK}
    values["state"] = State(row["state"])
    values |= {name: tuple(row[name]) for name in LISTS}
    return Escalation(**values)


def save(connection: sa.Connection, dossiers: Sequence[Dossier]) -> None:
    """Write what has changed in these dossiers."""
    for table, keys, rows in (
        (tables.subjects, ("subject",), [_subject_values(each) for each in dossiers if each.is_changed]),
        (tables.clock_states, ("subject", "name", "key", "generation"), list(_clock_rows(dossiers))),
        (tables.escalations, ("id",), list(_walk_rows(dossiers))),
        (tables.reasons, ("subject", "rule", "ref"), list(_reason_rows(dossiers))),
        (tables.teams, ("subject",), list(_team_rows(dossiers))),
    ):
        _put(connection, table, keys, rows)
    for dossier in dossiers:
        dossier.note_kept()


def _put(connection: sa.Connection, table: sa.Table, keys: Sequence[str], rows: list[dict[str, Any]]) -> None:
    """Insert the rows, or replace those that are there."""
    if not rows:
        return
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    insert = dialect.insert(table)
    rest = {name: insert.excluded[name] for name in rows[0] if name not in keys}
    connection.execute(insert.on_conflict_do_update(index_elements=list(keys), set_=rest), rows)


def _about_values(about: About) -> dict[str, Any]:
    return {name: getattr(about, name) for name in ABOUT} | {CONCERNED: list(about.complained_about) or None}


def _subject_values(dossier: Dossier) -> dict[str, Any]:
    milestones = {name: format_instant(at) for name, at in dossier.milestones.items()}
    return _about_values(dossier.about) | {"version": dossier.version, "milestones": milestones}


def _clock_rows(dossiers: Sequence[Dossier]) -> Iterable[dict[str, Any]]:
    for dossier in dossiers:
        for clock in dossier.new_clocks():
            yield {"subject": dossier.about.subject} | {name: getattr(clock, name) for name in CLOCK}


def _walk_rows(dossiers: Sequence[Dossier]) -> Iterable[dict[str, Any]]:
    for dossier in dossiers:
        for walk in dossier.new_walks():
            yield {name: getattr(walk, name) for name in WALK} | {name: list(getattr(walk, name)) for name in LISTS}


def _reason_rows(dossiers: Sequence[Dossier]) -> Iterable[dict[str, Any]]:
    for dossier in dossiers:
        for reason in dossier.new_reasons():
            yield {"subject": dossier.about.subject} | {name: getattr(reason, name) for name in REASON}


def _team_rows(dossiers: Sequence[Dossier]) -> Iterable[dict[str, Any]]:
    for dossier in dossiers:
        if dossier.team is not None and dossier.is_team_new():
            values = {name: getattr(dossier.team, name) for name in TEAM}
            yield values | {"subject": dossier.about.subject, "members": list(dossier.team.members)}


def next_due(connection: sa.Connection) -> datetime | None:
    """The instant at which the next walk has to be looked at."""
    found: datetime | None = connection.scalar(_NEXT)
    return found


def claim_due(connection: sa.Connection, now: datetime, limit: int) -> list[str]:
    """The subjects of the earliest walks due by now that nobody else is working on; they are locked."""
    return list(dict.fromkeys(connection.scalars(_CLAIM, {"now": now, "most": limit})))


def due(connection: sa.Connection, now: datetime, limit: int) -> list[str]:
    """The subjects of the earliest walks due by now, only to be looked at."""
    return list(dict.fromkeys(connection.scalars(_DUE, {"now": now, "most": limit})))


_walks = tables.escalations.c
_FREE = is_free(tables.messaging, "escalation", _walks.subject)
_NEXT = sa.select(_walks.next_at).where(_walks.next_at.is_not(None), _FREE).order_by(_walks.next_at).limit(1)
_DUE = (
    sa.select(_walks.subject)
    .join(tables.subjects, tables.subjects.c.subject == _walks.subject)
    .where(_walks.next_at <= sa.bindparam("now", type_=_walks.next_at.type), _FREE)
    .order_by(_walks.next_at, _walks.id)
    .limit(sa.bindparam("most"))
)
# The matter is what everybody locks first; whoever holds it is about to change the walk, so it is passed over.
_CLAIM = _DUE.with_for_update(of=[tables.subjects], skip_locked=True)
