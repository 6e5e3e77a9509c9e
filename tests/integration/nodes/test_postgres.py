"""A private PostgreSQL node (design 8)."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest
import sqlalchemy

from shared.nodes.postgres import PostgresNode


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the server's own user can enter, unlike pytest's."""
    with TemporaryDirectory(prefix="aftercare-postgres-") as name:
        path = Path(name)
        path.chmod(0o711)
        yield path


def ask(url: str, question: str) -> str:
    engine = sqlalchemy.create_engine(url)
    with engine.begin() as connection:
        answer = connection.execute(sqlalchemy.text(question)).scalar_one()
    engine.dispose()
    return str(answer)


def test_it_is_durable_local_and_carries_on(folder: Path) -> None:
    node = PostgresNode(folder / "node")
    try:
        node.start()
        node.wait_ready()
        url = node.create_database("intake")
        assert ask(url, "SHOW fsync") == "on"
        assert ask(url, "SHOW listen_addresses") == "127.0.0.1"
        assert ask(url, "SHOW unix_socket_directories") == ""
        assert ask(url, "CREATE TABLE kept (id integer); INSERT INTO kept VALUES (7) RETURNING id") == "7"
        node.stop()
        node.start()
        node.wait_ready()
        assert ask(url, "SELECT id FROM kept") == "7"
    finally:
        node.stop()


def test_a_stranger_needs_the_password(postgres_url: str) -> None:
    url = sqlalchemy.make_url(postgres_url).set(password="guess")
    with pytest.raises(sqlalchemy.exc.OperationalError, match="password authentication failed"):
        ask(url.render_as_string(hide_password=False), "SELECT 1")


def test_a_killed_server_starts_again_on_its_folder(folder: Path) -> None:
    node = PostgresNode(folder / "node")
    try:
        node.start()
        node.wait_ready()
        url = node.create_database("sla")
        (server,) = [each for each in psutil.Process().children() if str(folder) in " ".join(each.cmdline())]
        server.kill()
        server.wait(60)
        node.start()
        node.wait_ready()
        assert ask(url, "SELECT 1") == "1"
    finally:
        node.stop()
