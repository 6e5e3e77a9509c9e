"""A process that is not connected yet does not pretend to have nothing to do (contracts 2)."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.base.service_settings import ServiceSettings
from shared.runtime.package import Package
from shared.runtime.resources import Resources
from shared.runtime.rest import rest_pages
from shared.runtime.runner import build_resources
from tests.support.probe import NAME


@pytest.fixture
def resources(tmp_path: Path) -> Iterator[Resources]:
    """A process that has begun to start: no consumer and no timer is there yet."""
    settings = ServiceSettings(
        amqp_uri="amqp://127.0.0.1:1/", db_url=f"sqlite:///{tmp_path}/new.db", http_port=1, data=tmp_path
    )
    made = build_resources(Package.of(NAME, "tests.support.probe"), settings)
    yield made
    made.database.close()


def test_who_asks_for_rest_is_told_that_it_is_not_connected(resources: Resources) -> None:
    pages = rest_pages(resources)
    connected = {"outbox": False}
    for checks in ({}, {"outbox": lambda: connected["outbox"]}):
        resources.checks.update(checks)
        answers = {name: page() for name, page in pages.items()}
        assert [status for status, _, _ in answers.values()] == [503] * len(pages)
        assert all(json.loads(body)["connected"] is False for _, _, body in answers.values())
    connected["outbox"] = True
    assert [page()[0] for page in pages.values()] == [200] * len(pages)
