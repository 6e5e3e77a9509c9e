"""`aftercare status` looks at the broker too: dead letters are counted, and a broker that is away is no mistake."""

import json
from pathlib import Path
from typing import Any

import pika
import pytest
from typer.testing import CliRunner

from shared.base.broker import DEAD_EXCHANGE, declare_exchanges
from shared.base.link import Link
from shared.cli.main import build


def status(folder: Path, amqp_uri: str, *words: str) -> str:
    """What the command says of a suite without services."""
    suite: dict[str, Any] = {"amqp_uri": amqp_uri, "http": {}, "clock": {}, "pids": {}}
    (folder / "suite.json").write_text(json.dumps(suite))
    ended = CliRunner().invoke(build(["status"]), ["status", "--data", str(folder), *words])
    assert ended.exit_code == 0, ended.output
    return ended.output


def test_dead_letters_are_counted(tmp_path: Path, amqp_uri: str) -> None:
    assert json.loads(status(tmp_path, amqp_uri, "--json"))["dead_letters"] is None, "there is no such queue yet"
    with Link(amqp_uri, "test") as link:
        declare_exchanges(link.channel())
    assert "Dead letters in the queue aftercare.dead-letters: 0" in status(tmp_path, amqp_uri)
    with pika.BlockingConnection(pika.URLParameters(amqp_uri)) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        for _ in range(3):
            channel.basic_publish(DEAD_EXCHANGE, "", b"?", mandatory=True)
    assert json.loads(status(tmp_path, amqp_uri, "--json"))["dead_letters"] == 3
    assert "dead-letters: 3" in status(tmp_path, amqp_uri)


@pytest.mark.parametrize("amqp_uri", ["amqp://127.0.0.1:1/"])
def test_nothing_is_said_of_them_while_the_broker_is_away(tmp_path: Path, amqp_uri: str) -> None:
    assert json.loads(status(tmp_path, amqp_uri, "--json"))["dead_letters"] is None
    assert "ead letters" not in status(tmp_path, amqp_uri)
