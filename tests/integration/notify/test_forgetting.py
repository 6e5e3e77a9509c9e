"""What ended long ago goes; what is open, or of a case that goes on, never does (AL-11)."""

from datetime import timedelta

import sqlalchemy as sa

from services.notify import handlers
from services.notify.domain.provider import Failed, Unclear
from services.notify.handlers import Receipt
from services.notify.storage.tables import attempts, earlier_tries, flows, messages, receipts
from shared.base.clock import wall_now
from tests.integration.notify.office import Office
from tests.integration.notify.steps import real_time_goes_on, receive, send
from tests.unit.notify.events import Case

KEEP = 400
TABLES = (messages, attempts, receipts, flows, earlier_tries)


def days_go_by(office: Office, days: float) -> None:
    """As if all that happened so far, on either clock, had happened so much earlier."""
    columns = (
        *(messages.c.over_at, receipts.c.received_at, attempts.c.begun_at, attempts.c.ended_at),
        *(flows.c.open_until, flows.c.counting_from),
    )
    with office.database.write() as uow:
        for column in columns:
            keys = list(column.table.primary_key.columns)
            for row in uow.connection.execute(sa.select(column, *keys).where(column.is_not(None))).all():
                its = [key == value for key, value in zip(keys, row[1:], strict=True)]
                change = column.table.update().where(*its)
                uow.connection.execute(change.values({column.name: row[0] - timedelta(days=days)}))


def counts(office: Office) -> list[int]:
    with office.database.read() as connection:
        return [connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in TABLES]


def test_what_ended_long_ago_goes_with_all_that_belongs_to_it(office: Office) -> None:
    office.provider.answers.extend([Unclear("timed out")])
    send(office, "again", category="escalation")
    office.send_due()
    real_time_goes_on(office, minutes=1)
    office.send_due()
    send(office, "delivered", to="+8613800138001")
    office.send_due()
    receive(office, Receipt(office.provider.sent[-1].reference, "delivered"))
    assert counts(office) == [2, 3, 1, 2, 1]
    days_go_by(office, KEEP - 1)
    assert handlers.forget(office.database, KEEP) == 0
    days_go_by(office, 2)
    assert handlers.forget(office.database, KEEP) == 2 + 1 + 2
    assert counts(office) == [0, 0, 0, 0, 0]


def test_what_is_open_stays(office: Office) -> None:
    office.provider.answers.append(Failed("421 try later"))
    send(office, "waits")
    office.send_due()
    send(office, "under way", to="+8613800138001")
    office.claim()
    days_go_by(office, 10 * KEEP)
    handlers.forget(office.database, KEEP)
    assert office.states() == ["accepted", "sending"]
    assert counts(office)[1] == 2


def test_messages_of_a_case_stay_until_it_is_over(office: Office) -> None:
    case = Case()
    office.tell(case.event())
    office.forward(days=1)
    rows = len(office.rows())
    days_go_by(office, KEEP + 1)
    handlers.forget(office.database, KEEP)
    assert len(office.rows()) == rows > 0
    case.attributes["state"] = "withdrawn"
    office.tell(case.add("withdrawn").event())
    handlers.forget(office.database, KEEP)
    assert office.rows(rule="registered") == []


def test_a_bundles_attempt_stays_as_long_as_one_of_its_messages(office: Office) -> None:
    for number in range(2):
        send(office, f"k{number}", to="+8613800138001")
    office.forward(minutes=1)
    with office.database.write() as uow:
        uow.connection.execute(messages.update().values(attempt_id=1))
        long_ago = wall_now() - timedelta(days=KEEP + 1)
        uow.connection.execute(messages.update().where(messages.c.key == "k0").values(over_at=long_ago))
    assert handlers.forget(office.database, KEEP) == 1
    assert counts(office)[0] == 1
    with office.database.read() as connection:
        assert connection.scalar(sa.select(attempts.c.id).where(attempts.c.id == 1)) == 1


def test_it_goes_in_batches(office: Office) -> None:
    for number in range(7):
        send(office, f"k{number}", to=f"+861380013800{number}")
    office.send_due()
    days_go_by(office, KEEP + 1)
    sizes: list[int] = []
    sa.event.listen(
        office.database.engine,
        "after_cursor_execute",
        lambda _c, cursor, statement, *_more: (
            sizes.append(cursor.rowcount) if statement.startswith("DELETE FROM messages") else None
        ),
    )
    assert handlers.forget(office.database, KEEP, batch=3) == 14
    assert sizes == [3, 3, 1]
