"""What every test may ask for: a broker's vhost, a database, a node of its own.

Nodes are real and private. Where RabbitMQ or PostgreSQL is missing the test fails with the remedy; nothing is skipped.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from hypothesis import HealthCheck, settings

from shared.nodes.rabbitmq import RabbitNode
from tests.support.databases import Databases
from tests.support.keeper import Keeper, ask
from tests.support.shares import Shares, deal

ADDRESS = pytest.StashKey[str]()
KEEPER = pytest.StashKey[Keeper]()

# A slow machine is no mistake. The examples are the same in every run, so that a run tells of the change it was made
# for; `--hypothesis-profile search` looks for new ones.
settings.register_profile("search", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.register_profile("same", settings.get_profile("search"), derandomize=True)
settings.load_profile("same")


def pytest_configure(config: pytest.Config) -> None:
    """The main process keeps the nodes; an xdist worker learns where to ask."""
    # What fails on purpose is logged plainly: with every variable, coloured, each would take a second.
    plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.processors.add_log_level, plain])
    worker: dict[str, Any] | None = getattr(config, "workerinput", None)
    if worker is None:
        config.stash[KEEPER] = Keeper()
        config.stash[ADDRESS] = config.stash[KEEPER].address
    else:
        config.stash[ADDRESS] = worker["keeper"]


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Called by xdist in the main process for each worker."""
    node.workerinput["keeper"] = node.config.stash[ADDRESS]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Shares | None:
    """Called by xdist in the main process."""
    return deal(config, log)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what was started, also after Ctrl-C."""
    if KEEPER in config.stash:
        config.stash[KEEPER].close()


@pytest.fixture
def amqp_uri(request: pytest.FixtureRequest) -> str:
    """A vhost of the shared broker that no other test uses; it has the suite's policies and nothing else."""
    return ask(request.config.stash[ADDRESS], "vhost")


@pytest.fixture
def postgres_url(request: pytest.FixtureRequest) -> str:
    """An empty database of the shared server that no other test uses."""
    return ask(request.config.stash[ADDRESS], "database")


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """Empty databases of the services, with the tables that their migrations make."""
    return Databases(tmp_path_factory.mktemp("migrated"), request.config.stash[ADDRESS])


@pytest.fixture
def rabbit_node(tmp_path: Path) -> Iterator[RabbitNode]:
    """A broker of the test's own, ready: to be stopped, killed and started again."""
    node = RabbitNode(tmp_path / "rabbitmq")
    try:
        node.start()
        node.wait_ready()
        yield node
    finally:
        node.stop()
