"""One intake process for the tests of a module."""

from collections.abc import Iterator

import pytest

from tests.conftest import ADDRESS
from tests.integration.front.door import Door
from tests.support.client import Client, client
from tests.support.keeper import ask
from tests.support.process import ServiceProcess, running


@pytest.fixture(scope="module")
def vhost(request: pytest.FixtureRequest) -> str:
    return ask(request.config.stash[ADDRESS], "vhost")


@pytest.fixture(scope="module")
def door(request: pytest.FixtureRequest, vhost: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """On PostgreSQL where the module asks for it: that keeps to lengths and kinds which SQLite lets pass."""
    on_postgres = getattr(request.module, "ON_POSTGRES", False)
    db_url = ask(request.config.stash[ADDRESS], "database") if on_postgres else ""
    settings = {
        "AFTERCARE_INTAKE_PROMISES": "off",
        "AFTERCARE_INTAKE_HTTP_RATE": "0",
        "AFTERCARE_INTAKE_HTTP_STRANGER_RATE": "0",
    }
    folder = tmp_path_factory.mktemp("front")
    with running(ServiceProcess(folder, vhost, "intake", db_url, settings)) as process:
        yield Door(process)
        assert process.stop() == 0, process.tail()


@pytest.fixture(scope="module")
def outside(vhost: str, door: Door) -> Iterator[Client]:
    assert door.process.is_alive()
    with client(vhost) as found:
        yield found
