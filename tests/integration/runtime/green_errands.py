"""Runs errands on eventlet's threads, as in a service: run as a program, it prints what held.

What goes wrong with one job keeps no other back, and ends no process.
"""

import eventlet

eventlet.monkey_patch()

import json  # noqa: E402 - everything after the threads are green
import sys  # noqa: E402
from collections.abc import Collection, Sequence  # noqa: E402
from datetime import datetime  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import sqlalchemy as sa  # noqa: E402
from nameko.containers import ServiceContainer  # noqa: E402

from shared.base.database import UnitOfWork  # noqa: E402
from shared.base.service_settings import ServiceSettings  # noqa: E402
from shared.runtime.errands import Errands  # noqa: E402
from shared.runtime.health import readiness  # noqa: E402
from shared.runtime.package import Package  # noqa: E402
from shared.runtime.resources import CONFIG_KEY  # noqa: E402
from shared.runtime.runner import build_resources  # noqa: E402
from shared.runtime.timers import wait_until  # noqa: E402
from tests.support.probe import NAME  # noqa: E402

BAD = 2


class Postman:
    """Has three letters to carry; cannot write down what became of the second, nor claim while it is `broken`."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.waiting = [1, BAD, 3]
        self.recorded: set[int] = set()
        self.broken = False

    def earliest(self, _connection: sa.Connection) -> datetime | None:
        return self.now if self.waiting else None

    def opens_in(self) -> float:
        return float("inf")

    def next_turn(self, _connection: sa.Connection, now: datetime, _in_hand: Collection[Any]) -> datetime | None:
        return now if self.waiting else None

    def record(self, _uow: UnitOfWork, done: Sequence[tuple[int, Any]]) -> None:
        letters = {job for job, _ in done}
        if BAD in letters:
            raise ZeroDivisionError("a mistake in the code")
        self.recorded |= letters

    def claim(self, _uow: UnitOfWork, _in_hand: Collection[Any]) -> list[int]:
        if self.broken:
            raise ZeroDivisionError("another mistake")
        taken, self.waiting = self.waiting, []
        return taken

    def call(self, job: int) -> int:
        return job


def main(folder: Path) -> None:
    settings = ServiceSettings(
        amqp_uri="amqp://127.0.0.1:1/", db_url=f"sqlite:///{folder}/errands.db", http_port=1, data=folder
    )
    resources = build_resources(Package.of(NAME, "tests.support.probe"), settings)
    postman = Postman(resources.clock.now())

    class Carrying:
        name = NAME
        carrying = Errands("carrying", lambda _resources: postman)

    container = ServiceContainer(Carrying, {CONFIG_KEY: resources})
    container.start()
    told = {"the others are written down": wait_until(lambda: postman.recorded == {1, 3}, 60)}
    told["all is well"] = readiness(resources)["carrying"]
    postman.broken = True
    postman.waiting = [4]
    told["readiness shows it"] = wait_until(lambda: not readiness(resources)["carrying"], 60)
    postman.broken = False
    told["it goes on by itself"] = wait_until(lambda: postman.recorded == {1, 3, 4}, 60)
    told["all is well again"] = wait_until(lambda: readiness(resources)["carrying"], 60)
    container.stop()
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
