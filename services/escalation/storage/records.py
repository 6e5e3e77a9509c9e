"""What is only ever added: the story, alerts, whom a walk asked with which code, the cases that are counted."""

import hmac
import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from services.escalation.domain.alerts import Alert
from services.escalation.domain.recurrence import Registered
from services.escalation.domain.story import Line
from services.escalation.storage import tables
from shared.base.where import lies_within
from shared.kernel.errors import Unavailable

CODES = 1_000_000
"""Codes have six digits: sayable on a phone, and no two that are open are the same."""
DRAWS = 20
LINE = [each.name for each in fields(Line)]

Pair = tuple[str, str]
"""A walk's id and a person."""

_target, _registered, _alert = tables.targets.c, tables.registered.c, tables.alerts.c


def add_story(connection: sa.Connection, subject_lines: Sequence[tuple[str, Line]]) -> None:
    """Append to the story of matters."""
    rows = [
        {"subject": subject} | {name: getattr(line, name) for name in LINE} | {"who": list(line.who)}
        for subject, line in subject_lines
    ]
    if rows:
        connection.execute(tables.story.insert(), rows)


def story_of(connection: sa.Connection, subject: str) -> list[Line]:
    """The story of a matter, in the order in which it was written."""
    query = (
        sa.select(*(tables.story.c[name] for name in LINE))
        .where(tables.story.c.subject == subject)
        .order_by(tables.story.c.id)
    )
    return [Line(**{**row, "who": tuple(row["who"])}) for row in map(dict, connection.execute(query).mappings())]


def codes_for(connection: sa.Connection, pairs: Collection[Pair]) -> dict[Pair, str]:
    """The code with which each person acknowledges each walk; drawn where there is none yet."""
    known = _known_codes(connection, {walk for walk, _ in pairs}) if pairs else {}
    missing = sorted(set(pairs) - known.keys())
    for _ in range(DRAWS):
        if not missing:
            return known
        known |= _draw(connection, missing)
        missing = [pair for pair in missing if pair not in known]
    raise Unavailable("no free code was found; too many escalations are open")


def _known_codes(connection: sa.Connection, walks: Collection[str]) -> dict[Pair, str]:
    query = sa.select(_target.escalation_id, _target.person, _target.code).where(_target.escalation_id.in_(walks))
    return {(walk, person): code for walk, person, code in connection.execute(query)}


def _draw(connection: sa.Connection, pairs: Sequence[Pair]) -> dict[Pair, str]:
    """Codes that nobody can guess from others; one that is taken is passed over."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    insert = dialect.insert(tables.targets).on_conflict_do_nothing()
    insert = insert.returning(_target.escalation_id, _target.person, _target.code)
    rows = [
        {"escalation_id": walk, "person": person, "code": f"{secrets.randbelow(CODES):06d}", "is_open": True}
        for walk, person in pairs
    ]
    return {(walk, person): code for walk, person, code in connection.execute(insert, rows)}


def close_codes(connection: sa.Connection, walks: Collection[str]) -> None:
    """The codes of walks that are over may be given anew."""
    if walks:
        change = tables.targets.update().where(_target.escalation_id.in_(walks)).values(is_open=False)
        connection.execute(change)


def target_of_code(connection: sa.Connection, code: str) -> Pair | None:
    """The walk and the person behind an open code; the last word has a comparison whose time tells no digit."""
    columns = (_target.escalation_id, _target.person, _target.code)
    row = connection.execute(sa.select(*columns).where(_target.code == code, _target.is_open.is_(True))).one_or_none()
    return (row[0], row[1]) if row and hmac.compare_digest(row[2], code) else None


def was_code(connection: sa.Connection, code: str) -> bool:
    """Whether an escalation that is over had this code."""
    return connection.scalar(sa.select(_target.code).where(_target.code == code).limit(1)) is not None


def subject_of(connection: sa.Connection, escalation_id: str) -> str | None:
    """The matter of a walk."""
    walks = tables.escalations.c
    found: str | None = connection.scalar(sa.select(walks.subject).where(walks.id == escalation_id))
    return found


def asked(connection: sa.Connection, escalation_id: str) -> list[str]:
    """Everybody whom a walk has asked so far."""
    query = sa.select(_target.person).where(_target.escalation_id == escalation_id).order_by(_target.person)
    return list(connection.scalars(query))


def add_alerts(connection: sa.Connection, alerts: Iterable[Alert], now: datetime) -> set[str]:
    """Keep alerts, each once; the ids of those that were not there."""
    rows = [
        {
            "id": alert.id,
            "subject": alert.subject,
            "kind": alert.kind,
            "severity": alert.severity,
            "region": alert.region,
            "at": alert.at,
            "raised_at": now,
            "pile": alert.pile,
        }
        for alert in alerts
    ]
    if not rows:
        return set()
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    insert = dialect.insert(tables.alerts).on_conflict_do_nothing().returning(tables.alerts.c.id)
    return set(connection.scalars(insert, rows))


def alerted_regions(connection: sa.Connection, pile: str, since: datetime) -> set[str]:
    """The regions that were alerted of a pile since an instant."""
    return set(connection.scalars(sa.select(_alert.region).where(_alert.pile == pile, _alert.at > since)))


def count_in(connection: sa.Connection, case: Registered, product: str, category: str) -> bool:
    """Count a case in; False when it was counted as just this already."""
    values = {"case_no": case.case_no, "product": product, "category": category, "region": case.region, "at": case.at}
    known = connection.execute(sa.select(tables.registered).where(_registered.case_no == case.case_no)).mappings()
    if (row := known.one_or_none()) is None:
        connection.execute(tables.registered.insert(), values)
        return True
    if dict(row) == values:
        return False
    connection.execute(tables.registered.update().where(_registered.case_no == case.case_no), values)
    return True


def alike(connection: sa.Connection, named: tuple[str, str], newest: Registered, window: timedelta) -> list[Registered]:
    """The cases of one product and category around a case: within a window of it and in the same largest region."""
    product, category = named
    largest = newest.region.partition(".")[0]
    query = sa.select(_registered.case_no, _registered.region, _registered.at).where(
        _registered.product == product,
        _registered.category == category,
        _registered.at.between(newest.at - window, newest.at + window),
        lies_within(_registered.region, largest),
    )
    return [Registered(*row) for row in connection.execute(query)]
