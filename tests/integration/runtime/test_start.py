"""A service that cannot start says why in one line with the remedy, exits with 2 and leaves nothing half done."""

import socket
from pathlib import Path

import pytest

from tests.support.probe import NAME
from tests.support.process import ServiceProcess, running

NOWHERE = "amqp://guest:guest@127.0.0.1:1/%2F"


def refusal(process: ServiceProcess) -> str:
    """The one line that it says when it does not start."""
    assert process.start().wait() == 2, process.tail()
    (line,) = process.said().splitlines()
    assert line.startswith(f"aftercare {NAME}: ")
    assert "secret" not in line
    return line


def test_all_wrong_settings_are_told_at_once(tmp_path: Path) -> None:
    wrong = {
        "AFTERCARE_AMQP_URI": "http://user:secret@host",
        f"AFTERCARE_{NAME.upper()}_HTTP_PORT": "99999",
        "AFTERCARE_MODE": "secret",
        "AFTERCARE_WORKERS": "0",
        "PROBE_FAVOURITE": "10",
    }
    process = ServiceProcess(tmp_path, NOWHERE, settings=wrong)
    del process.environment["AFTERCARE_DATA"]
    line = refusal(process)
    assert [variable for variable in (*wrong, "AFTERCARE_DATA") if variable not in line] == []
    assert list(tmp_path.iterdir()) == [process.log]


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    process = ServiceProcess(tmp_path, NOWHERE)
    with socket.create_server(("127.0.0.1", process.port)):
        assert f"AFTERCARE_{NAME.upper()}_HTTP_PORT" in refusal(process)


@pytest.mark.parametrize(
    ("database", "remedy"),
    [
        ("sqlite:///{folder}/missing/file.db", "writable"),
        ("sqlite:///{folder}/text.db", "move it away"),
        ("mysql://secret@host/db", "SQLite or PostgreSQL"),
        ("postgresql://user:secret@127.0.0.1:1/db", "does not answer"),
    ],
)
def test_a_database_that_cannot_be(tmp_path: Path, database: str, remedy: str) -> None:
    (tmp_path / "text.db").write_text("This was never a database. " * 50)
    assert remedy in refusal(ServiceProcess(tmp_path, NOWHERE, db_url=database.format(folder=tmp_path)))


def test_a_second_process_on_the_same_file_and_one_on_a_newer_schema(tmp_path: Path, amqp_uri: str) -> None:
    first, second = ServiceProcess(tmp_path, amqp_uri), ServiceProcess(tmp_path, amqp_uri)
    second.log = tmp_path / "second.log"
    with running(first):
        assert "in use by another process" in refusal(second)
        assert first.is_ready()
        assert first.stop() == 0
    second.log = tmp_path / "newer.log"
    with second.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version_{NAME} SET version_num = '9999'")
    assert "install the newer release" in refusal(second)


def test_an_unknown_service(tmp_path: Path) -> None:
    process = ServiceProcess(tmp_path, NOWHERE, service="nothing")
    assert process.start().wait() == 2
    assert process.said().startswith("usage: ")
