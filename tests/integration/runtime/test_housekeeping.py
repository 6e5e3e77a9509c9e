"""The housekeeping of a running service: round by round the old goes, and what is needed stays."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from nameko.containers import ServiceContainer

from shared.base.clock import wall_now
from shared.base.service_settings import ServiceSettings
from shared.runtime.package import Package
from shared.runtime.providers import Housekeeping
from shared.runtime.resources import CONFIG_KEY, Resources
from shared.runtime.rounds import Rounds
from shared.runtime.runner import build_resources
from shared.runtime.timers import wait_until
from tests.support.probe import NAME
from tests.support.probe.storage.tables import effects

FIRST_SECONDS = 0.2
NEEDED = {"sent lately", "not sent", "taken lately", "answered lately"}
OLD = {"sent long ago", "taken long ago", "answered long ago"}


def forget_effects(resources: Resources) -> int:
    """What a service deletes beside its messages."""
    with resources.database.write() as uow:
        return uow.connection.execute(effects.delete()).rowcount


class Kept:
    """A service that does nothing but keep house, all the time."""

    name = NAME
    housekeeping = Housekeeping(Rounds(FIRST_SECONDS, every_seconds=0.05), also=forget_effects)


@pytest.fixture
def resources(tmp_path: Path) -> Iterator[Resources]:
    """The probe's database, migrated; no broker is needed."""
    settings = ServiceSettings(
        amqp_uri="amqp://127.0.0.1:1/", db_url=f"sqlite:///{tmp_path}/kept.db", http_port=1, data=tmp_path
    )
    made = build_resources(Package.of(NAME, "tests.support.probe"), settings)
    yield made
    made.database.close()


def fill(resources: Resources) -> None:
    """Messages on both sides of each limit."""
    now, tables = wall_now(), resources.tables
    with resources.database.write() as uow:
        for name, days in (("sent long ago", 8.0), ("sent lately", 6.0), ("not sent", None)):
            uow.connection.execute(tables.outbox.insert(), sent(name, now, days))
        for name, days in (("long ago", 31.0), ("lately", 29.0)):
            at = now - timedelta(days=days)
            uow.connection.execute(tables.inbox.insert(), {"queue": "q", "event_id": f"taken {name}", "taken_at": at})
            answer = {"method": "m", "request_id": f"answered {name}", "answer": {}, "answered_at": at}
            uow.connection.execute(tables.answers.insert(), answer)


def sent(name: str, now: datetime, days: float | None) -> dict[str, Any]:
    row = {"event_id": name, "exchange": "x", "routing_key": "k", "body": "{}", "staged_at": now - timedelta(days=40)}
    return {**row, "sent_at": None if days is None else now - timedelta(days=days)}


def kept(resources: Resources) -> set[str]:
    tables = resources.tables
    names = [tables.outbox.c.event_id, tables.inbox.c.event_id, tables.answers.c.request_id]
    with resources.database.read() as connection:
        return {name for column in names for name in connection.scalars(sa.select(column))}


def has_effects(resources: Resources) -> bool:
    with resources.database.read() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(effects)) != 0


def test_a_running_service_removes_the_old_in_every_round(resources: Resources) -> None:
    container = ServiceContainer(Kept, {CONFIG_KEY: resources})
    fill(resources)
    assert kept(resources) == NEEDED | OLD
    begun = time.monotonic()
    container.start()
    try:
        assert wait_until(lambda: kept(resources) == NEEDED, 60), "the first round"
        assert time.monotonic() - begun >= FIRST_SECONDS
        with resources.database.write() as uow:
            uow.connection.execute(resources.tables.outbox.insert(), sent("sent long ago", wall_now(), 8.0))
            uow.connection.execute(effects.insert(), {"event_id": "e", "subject": "s", "data": {}})
        assert wait_until(lambda: kept(resources) == NEEDED, 60), "the next one"
        assert wait_until(lambda: not has_effects(resources), 60), "and what the service says itself"
    finally:
        container.stop()
