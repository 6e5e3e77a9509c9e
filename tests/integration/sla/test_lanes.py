"""Two lanes of one process fire what is due at the same instant: each once, and said in order (SL-7)."""

import json
import threading
from datetime import timedelta

import sqlalchemy as sa

from services.sla import handlers
from services.sla.storage.tables import messaging
from shared.base.database import Database
from shared.outbox import Held, Inbox
from shared.outbox.firing import Due, Firing
from shared.testing.clock import ManualClock
from tests.bench.filling import EVENING, examples, fill
from tests.integration.sla.desk import RULES

CLOCKS = 1000
FEW = 7
"""Timers in a batch."""
FIRST_DUE = (
    "SELECT clocks.case_no FROM timers JOIN clocks ON clocks.id = clock_id JOIN cases ON cases.case_no = clocks.case_no"
    " WHERE timers.state = 'set' AND fire_at <= :now ORDER BY fire_at, clock_id, mark"
)


def test_what_two_lanes_say_is_in_order(database: Database, clock: ManualClock) -> None:
    fill(str(database.engine.url.render_as_string(hide_password=False)), examples(), CLOCKS)
    clock.move_to(EVENING + timedelta(minutes=1))
    wanted = sa.text(FIRST_DUE).bindparams(sa.bindparam("now", type_=messaging.outbox.c.staged_at.type))
    with database.read() as connection:
        due = list(connection.scalars(wanted, {"now": clock.now()}))
    firing = Firing(database, Inbox(database, messaging), Held(database, messaging))
    work = Due(fire=lambda uow: handlers.fire_due(RULES, uow, FEW), keys=lambda *_: [], fire_one=lambda *_: None)

    def lane() -> None:
        while firing.run(work):
            pass

    lanes = [threading.Thread(target=lane) for _ in range(2)]
    for each in lanes:
        each.start()
    for each in lanes:
        each.join()
    with database.read() as connection:
        bodies = connection.scalars(sa.select(messaging.outbox.c.body).order_by(messaging.outbox.c.id))
        said = [json.loads(body)["subject"] for body in bodies]
    assert len(due) >= CLOCKS // 10
    assert said == due
