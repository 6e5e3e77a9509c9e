"""`python -m tests.bench.timers.raw URL AMQP_URI CLOCK ROWS BYTES`: the raw limit of a burst, alone in its process."""

import json
import sys
import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import amqp
import sqlalchemy as sa

from services.sla.handlers.timers import BATCH
from services.sla.storage.tables import clocks, timers
from shared.base.clock import SuiteClock
from shared.base.database import Database
from shared.base.link import Link
from shared.outbox.relay import WINDOW

MARK = 1000
_IDS = sa.bindparam("ids", expanding=True)
_TIMERS = timers.delete().where(timers.c.clock_id.in_(_IDS), timers.c.mark == MARK)
_CLOCKS = (
    clocks.update()
    .where(clocks.c.id.in_(_IDS))
    .values(state="breached", breached_at=sa.bindparam("now"), revision=clocks.c.revision + 1)
)


class Pipeline:
    """Publishes with a window of messages that are not confirmed yet."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._channel = link.channel()
        self._channel.confirm_select()
        self._channel.events["basic_ack"].add(self._confirmed)
        self._waiting: set[int] = set()
        self._tag = 0

    def publish(self, body: str) -> None:
        """Send one, once there is room in the window."""
        message = amqp.Message(body, delivery_mode=2, message_id=str(uuid4()), content_type="application/json")
        self._channel.basic_publish(message, "sla.events", "clock.breached.v1", mandatory=True)
        self._tag += 1
        self._waiting.add(self._tag)
        self.wait(WINDOW)

    def wait(self, room: int = 1) -> None:
        """Until fewer than `room` are on their way."""
        while len(self._waiting) >= room:
            self._link.pump(1)

    def _confirmed(self, tag: int, multiple: bool) -> None:
        gone = [each for each in self._waiting if each <= tag] if multiple else [tag]
        self._waiting.difference_update(gone)


def running(database: Database, name: str, count: int) -> list[int]:
    """So many clocks of this name that nobody has fired yet."""
    wanted = sa.select(clocks.c.id).where(clocks.c.name == name, clocks.c.state == "running")
    with database.read() as connection:
        return list(connection.scalars(wanted.order_by(clocks.c.id).limit(count)))


def update(database: Database, ids: list[int]) -> None:
    """What firing them changes in the tables of clocks and timers."""
    with database.write() as uow:
        uow.connection.execute(_TIMERS, {"ids": ids})
        uow.connection.execute(_CLOCKS, {"ids": ids, "now": uow.now})


def main(url: str, amqp_uri: str, name: str, count: int, body: str) -> float:
    """Clocks of this name updated and bodies confirmed, per second."""
    database = Database(url, service="sla", clock=SuiteClock())
    ids = running(database, name, count)
    with Link(amqp_uri, "bench raw") as link:
        pipeline = Pipeline(link)
        begun = time.perf_counter()
        for batch in _batches(ids):
            update(database, batch)
            for _ in batch:
                pipeline.publish(body)
        pipeline.wait()
        return len(ids) / (time.perf_counter() - begun)


def _batches(ids: list[int]) -> Iterator[list[Any]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


if __name__ == "__main__":
    where, count, size = sys.argv[1:4], int(sys.argv[4]), int(sys.argv[5])
    sys.stdout.write(json.dumps({"per_second": main(*where, count, "x" * size)}) + "\n")
