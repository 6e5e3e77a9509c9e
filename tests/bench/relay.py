"""The relay against raw pipelined publishing with py-amqp to the same quorum queue.

Both publish the same persistent bodies with `mandatory` in windows of 200 and wait for every confirm. Ours also reads
the rows from SQLite and marks them as sent.
"""

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.bench.measure import Row, in_process, row, take_turns

EVENTS = 20_000
EXCHANGE = "intake.events"
KEY = "case.registered.v1"
QUEUE = "bench.relay"


def rows(amqp_uri: str) -> list[Row]:
    """Events per second."""

    def run(way: str) -> float:
        return float(in_process("tests.bench.relay", way, amqp_uri)["per_second"])

    figures = take_turns(lambda: run("ours"), lambda: run("raw"))
    return [row("relay", "events/s", figures, "raw pipelined publishing, py-amqp", goal=0.5)]


def main(way: str, amqp_uri: str) -> None:
    """Measure one way in this process."""
    if way == "ours":
        import eventlet

        eventlet.monkey_patch()
    from shared.base.broker import Link, declare_exchanges, declare_queue

    with Link(amqp_uri, "bench") as link:
        channel = link.channel()
        declare_exchanges(channel)
        declare_queue(channel, QUEUE, {EXCHANGE: [KEY]})
        channel.queue_purge(QUEUE)
        seconds = _ours(link) if way == "ours" else _raw(link, channel)
        count = _settled_count(channel)
        channel.queue_delete(QUEUE)
    if count != EVENTS:
        raise SystemExit(f"{count} of {EVENTS} events arrived")
    sys.stdout.write(json.dumps({"per_second": EVENTS / seconds}) + "\n")


def _settled_count(channel: Any) -> int:
    """How many messages the queue holds, once two looks agree (a quorum queue counts a moment later)."""
    count, before = -1, -2
    while count != before:
        before, count = count, channel.queue_declare(QUEUE, passive=True).message_count
        channel.connection.heartbeat_tick()
    return count


def _envelope(number: int) -> Any:
    from shared.base.clock import wall_now
    from shared.events import Envelope

    data = {"case": {"case_no": f"{number:012}", "facts": [{"seq": i, "fact": "received"} for i in range(5)]}}
    return Envelope(str(uuid4()), "/aftercare/intake", KEY, f"{number:012}", wall_now(), 1, data)


def _ours(link: Any) -> float:
    import sqlalchemy as sa

    from shared.base.clock import SuiteClock, wall_now
    from shared.base.database import Database
    from shared.outbox import declare
    from shared.outbox.relay import Publisher, Relay

    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'bench.db'}", service="bench", clock=SuiteClock())
        metadata = sa.MetaData()
        tables = declare(metadata)
        metadata.create_all(database.engine)
        with database.write() as uow:
            uow.connection.execute(tables.outbox.insert(), [_row(_envelope(n), wall_now()) for n in range(EVENTS)])
        relay, publisher, sent = Relay(database, tables.outbox), Publisher(link), 0
        begun = time.perf_counter()
        while sent < EVENTS:
            sent += relay.turn(publisher).sent
        return time.perf_counter() - begun


def _row(envelope: Any, now: Any) -> dict[str, Any]:
    body = envelope.to_bytes().decode()
    return {"event_id": envelope.id, "exchange": EXCHANGE, "routing_key": KEY, "body": body, "staged_at": now}


def _raw(link: Any, channel: Any) -> float:
    import amqp

    bodies = [(str(uuid4()), _envelope(number).to_bytes()) for number in range(EVENTS)]
    waiting: set[int] = set()

    def confirmed(tag: int, multiple: bool) -> None:
        waiting.difference_update([each for each in waiting if each <= tag] if multiple else [tag])

    publishing = channel.connection.channel()
    publishing.confirm_select()
    publishing.events["basic_ack"].add(confirmed)
    begun = time.perf_counter()
    for tag, (event_id, body) in enumerate(bodies, start=1):
        message = amqp.Message(body, delivery_mode=2, message_id=event_id, content_type="application/json")
        publishing.basic_publish(message, EXCHANGE, KEY, mandatory=True)
        waiting.add(tag)
        while len(waiting) >= 200:
            link.pump(1)
    while waiting:
        link.pump(1)
    return time.perf_counter() - begun


if __name__ == "__main__":
    main(*sys.argv[1:])
