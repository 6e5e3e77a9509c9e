"""`export_customer`: everything that intake holds about somebody, handed over on their request (AL-4)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from services.intake.domain.warranty import Rule
from services.intake.domain.wire import zone_of
from services.intake.handlers.asking import get_case
from services.intake.handlers.customers import View, page_of
from services.intake.handlers.erasing import whose
from services.intake.handlers.rights import Rights
from services.intake.storage.personal import PLACES
from services.intake.storage.subjects import Subject
from services.intake.storage.tables import cases, entries
from shared.base.people import People
from shared.base.vouching import admit
from shared.kernel.instants import format_instant
from shared.kernel.regions import UNASSIGNED
from shared.outbox.erasing import Target, rows_of

Answer = dict[str, Any]
_AS_CASES = (cases, entries)


def export_customer(
    people: People, rules: Sequence[Rule], now: datetime, connection: sa.Connection, request: Mapping[str, Any]
) -> Answer:
    """The customer's page, their cases with history, and every other row that is about them."""
    admit(people, request["by"])
    subject = whose(connection, request)
    Rights(people).refuse_concerned(request["by"], [kept.case for kept in subject.cases])
    told = [get_case(rules, connection, {"case_no": case_no, "identity": True}) for case_no in subject.case_nos]
    answer: Answer = {"cases": told, "rows": _rows(connection, subject)}
    if subject.on_file:
        answer["customer"] = page_of(View(connection, rules, now, identity=True), subject.on_file)
    return answer


def _rows(connection: sa.Connection, subject: Subject) -> Answer:
    target = Target(lambda _kind, _plain: "", (), subject.keys, contacts=subject.own)
    found: Answer = {}
    for place in PLACES:
        if place.exported and place.table not in _AS_CASES:
            rows = [_plain(row) for row in rows_of(connection, place, target)]
            found |= {place.table.name: rows} if rows else {}
    return found


def _plain(row: Mapping[str, Any]) -> Answer:
    zone = zone_of(UNASSIGNED)
    given = {name: value for name, value in row.items() if value is not None}
    return {n: format_instant(v, zone) if isinstance(v, datetime) else v for n, v in given.items()}
