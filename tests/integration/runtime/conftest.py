"""One probe for the tests of a module, and a client for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ADDRESS
from tests.support.client import Client, client
from tests.support.keeper import ask
from tests.support.process import ServiceProcess, running


@pytest.fixture(scope="module")
def vhost(request: pytest.FixtureRequest) -> str:
    """A vhost for the tests of one module."""
    return ask(request.config.stash[ADDRESS], "vhost")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the tests of one module."""
    return tmp_path_factory.mktemp("service")


@pytest.fixture(scope="module")
def probe(folder: Path, vhost: str) -> Iterator[ServiceProcess]:
    """The probe, ready; at the end it must be the same process as at the begin, and small."""
    with running(ServiceProcess(folder, vhost)) as found:
        assert found.child is not None
        pid = found.child.pid
        yield found
        assert found.is_alive(), f"the service died: {found.tail()}"
        assert found.child.pid == pid
        assert found.memory() < 130
        assert found.stop() == 0, found.tail()


@pytest.fixture
def outside(vhost: str, probe: ServiceProcess) -> Iterator[Client]:
    """A client of the probe; the probe answers it before and after."""
    assert probe.is_alive(), f"the service died: {probe.tail()}"
    with client(vhost) as found:
        yield found
        health = found.ask("health")
        assert health is not None, f"the service does not answer any more: {probe.tail()}"
        assert health["result"]["ready"], health
