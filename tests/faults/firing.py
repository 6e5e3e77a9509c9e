"""Clocks that are due at known instants, and what was said of them: nothing lost, doubled or said too early (SL-7)."""

import json
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from shared.base.clock import Anchor, ClockFile
from tests.bench.filling import EVENING, examples, fill
from tests.bench.timers.desk import move
from tests.support.client import Client
from tests.support.process import ServiceProcess
from tests.support.waiting import wait_for

CLOCKS_OF_A_CASE = 4
QUEUE = "heard.clocks"
BREACHES = "SELECT count(*) FROM outbox WHERE routing_key = 'clock.breached.v1'"


class Town:
    """Sla with complaints whose hand-overs are due at instants that the test chooses; its clock stands at first."""

    def __init__(self, folder: Path, amqp_uri: str, db_url: str, cases: int) -> None:
        self.clock = ClockFile(folder / "clock.json")
        self.clock.write(Anchor.real_time().moved_to(EVENING, running=False))
        settings = {"AFTERCARE_CLOCK": str(self.clock.path)}
        self.sla = ServiceProcess(folder, amqp_uri, "sla", db_url, settings)
        fill(self.sla.db_url, examples()[:1], cases * CLOCKS_OF_A_CASE)

    def due(self, *instants: timedelta) -> list[datetime]:
        """Have the hand-overs be due so long after the clock's release, in turn."""
        chosen = [EVENING + instants[number % len(instants)] for number in range(self._count())]
        with self.sla.engine.begin() as connection:
            move(connection, dict(zip(self._ids(connection), chosen, strict=True)))
        return chosen

    def release(self, speed: float = 1.0) -> None:
        """Let the clock go on."""
        self.clock.write(replace(Anchor.real_time().moved_to(EVENING), speed=speed))

    def write(self, sql: str) -> None:
        """Write into the database what no code of ours does."""
        with self.sla.engine.begin() as connection:
            connection.execute(sa.text(sql))

    def _ids(self, connection: sa.Connection) -> list[int]:
        return list(connection.scalars(sa.text("SELECT id FROM clocks WHERE name = 'handover' ORDER BY id")))

    def _count(self) -> int:
        return int(self.sla.query("SELECT count(*) FROM clocks WHERE name = 'handover'")[0])

    def until_said(self, breaches: int) -> None:
        """Wait until so many breaches are said and nothing waits to be sent."""
        wait_for(lambda: self.sla.query(BREACHES)[0] >= breaches and self.sla.is_quiet(), "all is said")

    def check(self, heard: list[dict[str, Any]], due: list[datetime]) -> list[timedelta]:
        """Each clock once, everywhere; how late each was said, in the order of saying."""
        bodies = [json.loads(body) for body in self.sla.query("SELECT body FROM outbox ORDER BY id")]
        assert {body["id"]: body for body in heard} == {body["id"]: body for body in bodies}
        assert {body["type"] for body in bodies} == {"clock.breached.v1"}
        assert set(Counter(body["subject"] for body in bodies).values()) == {1}, "each case was told once"
        told = [datetime.fromisoformat(body["data"]["clock"]["due_at"]) for body in bodies]
        assert sorted(told) == sorted(due)
        assert self.sla.query("SELECT count(*) FROM ledger WHERE change = 'breached'") == [len(due)]
        fired = "FROM timers JOIN clocks ON id = clock_id WHERE mark = 1000 AND clocks.state = 'breached'"
        assert self.sla.query(f"SELECT count(*) {fired}") == [0]
        said = [datetime.fromisoformat(body["time"]) for body in bodies]
        late = [instant - instant_due for instant, instant_due in zip(said, told, strict=True)]
        assert min(late) >= timedelta(0), "nothing is said before it is due"
        return late


def hear(outside: Client) -> None:
    """Keep what sla says, whatever becomes of the broker."""
    outside.channel.exchange_declare("sla.events", "topic", durable=True)
    outside.channel.queue_declare(QUEUE, durable=True)
    outside.channel.queue_bind(QUEUE, "sla.events", "#")


def heard(outside: Client) -> list[dict[str, Any]]:
    """Everything that was published; what came twice has the same id, and an inbox takes it once."""
    found = []
    while (taken := outside.take(QUEUE)) is not None:
        found.append(json.loads(taken[1]))
    return found
