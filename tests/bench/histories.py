"""Cases with a long history: one is worked on by the real rules, then copied by SQL."""

from typing import Any, Final

import sqlalchemy as sa

from services.intake import handlers
from services.intake.domain.numbers import case_number
from services.intake.schemas import RegisterCase, TakeStep, to_registration
from services.intake.storage.tables import MESSAGING, cases, entries
from shared.base.database import Database
from shared.base.migrations import migrate
from shared.base.people import load_people
from shared.base.schema import load
from shared.testing.clock import ManualClock
from tests.bench.front.filling import START
from tests.bench.registration import requests

WORK: Final = {"step": "record_progress", "by": "li.qiang", "text": "The wall was looked at, and dried."}


def cases_with(url: str, count: int, length: int) -> list[str]:
    """So many new cases of so many entries each; their numbers."""
    database = Database(url, service="intake", clock=ManualClock(START))
    migrate(database)
    with database.engine.connect() as connection:
        serial = connection.scalar(sa.select(sa.func.count()).select_from(cases)) or 0
    numbers = [case_number(serial + number) for number in range(count)]
    _work_on(database, numbers[0], length)
    with database.write() as uow:
        first = uow.connection.execute(sa.select(cases).where(cases.c.case_no == numbers[0])).mappings().one()
        for number in numbers[1:]:
            _copy(uow.connection, first, number)
        uow.connection.execute(MESSAGING.outbox.delete())
    database.close()
    return numbers


def _work_on(database: Database, case_no: str, length: int) -> None:
    people, asked = load_people(), to_registration(load(RegisterCase(), requests()[0]))
    serial = int(case_no[:-1]) - int(case_number(0)[:-1])
    with database.write() as uow:
        handlers.register_case(uow, people, asked, None, draw=lambda: serial)
        for _ in range(length - 1):
            handlers.take_step(uow, people, load(TakeStep(), {"case_no": case_no, **WORK}))


def _copy(connection: sa.Connection, first: Any, number: str) -> None:
    row = {**first, "case_no": number, "external_ref": number}
    del row["id"]
    key = connection.scalar(cases.insert().returning(cases.c.id), row)
    shown = [sa.literal(key).label("case_id") if column.name == "case_id" else column for column in entries.c]
    copied = sa.select(*shown).where(entries.c.case_id == first["id"])
    connection.execute(entries.insert().from_select([column.name for column in entries.c], copied))
