"""All SQL of surveys."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from services.intake.domain.case import Case
from services.intake.domain.surveys import CASE, CONTENT, PERIODIC, Sample
from services.intake.storage.customer_tables import customer_contacts, customers
from services.intake.storage.sight import Sight, seen_by
from services.intake.storage.survey_tables import surveys
from services.intake.storage.tables import cases
from shared.base.paging import Place
from shared.base.where import lies_within, stands_behind
from shared.kernel.regions import UNASSIGNED

Row = dict[str, Any]
_s: Final = surveys.c
_SEEN: Final = ("region", "model", "department", "category", "case_kind", "owner")
"""What statistics tell apart."""
_LAST_REGION: Final = (
    sa.select(cases.c.region)
    .where(cases.c.customer_id == customers.c.customer_id)
    .order_by(cases.c.id.desc())
    .limit(1)
    .scalar_subquery()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Which surveys are meant; None leaves an attribute open."""

    kind: str | None = None
    period: str | None = None
    case_no: str | None = None
    customer_id: str | None = None
    region: str | None = None
    since: datetime | None = None
    before: datetime | None = None
    most_score: int | None = None
    sight: Sight | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """A customer who may be asked: how they are reached, where they last had a case."""

    key: int
    customer_id: str
    region: str
    phone: str | None
    email: str | None
    rests: bool
    """Whether they were asked something not long ago."""


def new_code() -> str:
    """What stands in a link; nobody can guess it."""
    return secrets.token_urlsafe(9)


class SurveyFile:
    """The surveys, as seen on one connection."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def ask_of(self, case: Case, code: str, now: datetime) -> Row:
        """The customer of this case is asked; one that was reopened and resolved again is asked anew."""
        seen = _seen(case)
        row: Row = {"code": code, "kind": CASE, "case_no": case.case_no, "customer_id": case.customer_id, "earlier": []}
        asked = (
            self._insert()
            .values({**row, **seen, "asked_at": now})
            .on_conflict_do_update(index_elements=["case_no"], set_=seen | {"asked_at": now})
        )
        return dict(self._connection.execute(asked.returning(*surveys.c)).mappings().one())

    def ask(self, rows: Sequence[Row]) -> list[Row]:
        """Ask customers for a period; those who were not asked for it before."""
        if not rows:
            return []
        insert = self._insert().on_conflict_do_nothing().returning(_s.customer_id)
        new = set(self._connection.scalars(insert, [{"kind": PERIODIC, "earlier": [], **row} for row in rows]))
        return [row for row in rows if row["customer_id"] in new]

    def of_code(self, code: str) -> Row | None:
        """The survey with this code; others who want to answer it wait."""
        return self._one(_s.code == code)

    def of_case(self, case_no: str) -> Row | None:
        """The survey of this case."""
        return self._one(_s.case_no == case_no)

    def of_period(self, customer_id: str, period: str) -> Row | None:
        """What this customer was asked for a period."""
        return self._one(_s.customer_id == customer_id, _s.period == period)

    def answer(self, old: Row, answer: Row, case: Case | None) -> Row:
        """Keep an answer; the one before it stays, as an earlier one."""
        before = {"at": old["answered_at"], "score": old["score"], "comment": old["comment"], "via": old["via"]}
        if before["at"] is not None:
            before["at"] = before["at"].isoformat()
        earlier = [*old["earlier"], before] if old["answered_at"] else old["earlier"]
        values = {**answer, "earlier": earlier, **(_seen(case) if case else {})}
        self._connection.execute(surveys.update().where(_s.id == old["id"]).values(values))
        return {**old, **values}

    def people(self, after: int, most: int, rested: timedelta, now: datetime) -> list[Person]:
        """Customers on file behind a place, with how they are reached; nobody whose data were erased."""
        asked = sa.select(sa.literal(1)).where(
            _s.customer_id == customers.c.customer_id, _s.kind == PERIODIC, _s.asked_at > now - rested
        )
        query = (
            sa.select(
                customers.c.id,
                customers.c.customer_id,
                sa.func.coalesce(_LAST_REGION, UNASSIGNED),
                _first("phone"),
                _first("email"),
                asked.exists(),
            )
            .where(customers.c.id > after, customers.c.erased_at.is_(None))
            .order_by(customers.c.id)
            .limit(most)
        )
        return [Person(*row) for row in self._connection.execute(query)]

    def page(self, sought: Sought, limit: int, after: Place | None) -> list[Row]:
        """Answered surveys, oldest question first; one more than the limit, if there are."""
        found = [*_conditions(sought), *self._seen(sought.sight), _s.answered_at.is_not(None)]
        if after is not None:
            found.append(stands_behind(_s.asked_at, _s.id, after))
        query = sa.select(surveys).where(*found).order_by(_s.asked_at, _s.id).limit(limit + 1)
        return [dict(row) for row in self._connection.execute(query).mappings()]

    def _seen(self, sight: Sight | None) -> list[sa.ColumnElement[bool]]:
        """Answers to the survey of a case go with the case."""
        if sight is None:
            return []
        theirs = sa.select(sa.literal(1)).select_from(cases).where(cases.c.case_no == _s.case_no)
        seen = theirs.where(*seen_by(sight, self._connection.dialect.name))
        return [sa.or_(_s.case_no.is_(None), sa.exists(seen))]

    def samples(self, sought: Sought, by: Sequence[str]) -> list[tuple[dict[str, Any], Sample]]:
        """The answers in groups: what each group is, and its sample."""
        columns = {name: _group(name) for name in by}
        query = (
            sa.select(
                *(column.label(f"by_{name}") for name, column in columns.items()),
                sa.func.count().label("asked"),
                sa.func.count(_s.score).label("answered"),
                sa.func.coalesce(sa.func.sum(_s.score), 0.0).label("total"),
                sa.func.coalesce(sa.func.sum(_s.score * _s.score), 0.0).label("squares"),
                sa.func.coalesce(sa.func.sum(sa.case((_s.score >= CONTENT, 1), else_=0)), 0).label("content"),
            )
            .where(*_conditions(sought))
            .group_by(*columns.values())
            .order_by(*columns.values())
        )
        rows = self._connection.execute(query).mappings()
        return [({name: row[f"by_{name}"] for name in by}, _sample(row)) for row in rows]

    def _insert(self) -> "sqlite.Insert | postgresql.Insert":
        is_sqlite = self._connection.dialect.name == "sqlite"
        return sqlite.insert(surveys) if is_sqlite else postgresql.insert(surveys)

    def _one(self, *conditions: sa.ColumnElement[bool]) -> Row | None:
        query = sa.select(surveys).where(*conditions).with_for_update()
        row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else dict(row)


def _seen(case: Case) -> dict[str, Any]:
    return {
        "region": case.region,
        "model": case.product.get("model"),
        "department": case.department,
        "category": case.category,
        "case_kind": case.kind,
        "owner": case.owner,
    }


def _first(kind: str) -> sa.ScalarSelect[Any]:
    contact = customer_contacts.c
    first = sa.select(contact.value).where(contact.customer == customers.c.id, contact.kind == kind)
    return first.order_by(contact.place).limit(1).scalar_subquery()


def _group(name: str) -> sa.ColumnElement[Any]:
    if name == "month":
        return sa.extract("year", _s.asked_at) * 100 + sa.extract("month", _s.asked_at)
    return _s[name]


def _sample(row: Any) -> Sample:
    return Sample(*(row[name] for name in ("asked", "answered", "total", "squares", "content")))


def _conditions(sought: Sought) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    for name in ("kind", "period", "case_no", "customer_id"):
        if (value := getattr(sought, name)) is not None:
            found.append(_s[name] == value)
    if sought.region is not None:
        found.append(lies_within(_s.region, sought.region))
    if sought.since is not None:
        found.append(_s.asked_at >= sought.since)
    if sought.before is not None:
        found.append(_s.asked_at < sought.before)
    if sought.most_score is not None:
        found.append(_s.score <= sought.most_score)
    return found
