"""A private RabbitMQ node (design 8)."""

import ipaddress
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pika
import pika.exceptions
import psutil
import pytest

from shared.kernel.errors import Misconfigured, Unavailable
from shared.nodes.process import wait_until
from shared.nodes.rabbit_home import script
from shared.nodes.rabbitmq import RabbitNode
from tests.integration.nodes.broker import get, put

# Starts a node, puts a message into it, tells its pid, and waits to be killed.
OWNER = """
import sys, pathlib
from shared.nodes.rabbitmq import RabbitNode
from tests.integration.nodes.broker import put_for_good
node = RabbitNode(pathlib.Path(sys.argv[1]))
node.start()
node.wait_ready()
put_for_good(node.amqp_uri, b"still here", node.folder)
print(node.pid, flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RabbitNode]:
    """One broker for those tests that only look."""
    made = RabbitNode(tmp_path_factory.mktemp("rabbitmq"))
    try:
        made.start()
        made.wait_ready()
        yield made
    finally:
        made.stop()


def listening(processes: list[psutil.Process]) -> set[str]:
    """The addresses on which these processes listen."""
    connections = [each for process in processes for each in process.net_connections("inet")]
    return {each.laddr.ip for each in connections if each.status == psutil.CONN_LISTEN}


def test_it_listens_on_loopback_alone(node: RabbitNode) -> None:
    processes = [each for each in psutil.process_iter() if belongs_to(each, node.folder)]
    assert {each.name() for each in processes} >= {"beam.smp", "epmd"}
    addresses = listening(processes)
    assert addresses
    assert all(ipaddress.ip_address(each).is_loopback for each in addresses)


def belongs_to(process: psutil.Process, folder: Path) -> bool:
    """Whether the process was started for this folder."""
    try:
        return process.environ().get("AFTERCARE_OWNER") == str(folder)
    except psutil.Error:
        return False


def test_its_secrets_are_its_owners(node: RabbitNode) -> None:
    for name in ("password", "definitions.json", "rabbitmq.conf", ".erlang.cookie"):
        assert stat.S_IMODE((node.folder / name).stat().st_mode) & 0o077 == 0, name
    password = (node.folder / "password").read_text()
    assert password not in (node.folder / "definitions.json").read_text()
    wrong = node.amqp_uri.replace(password, "guess")
    with pytest.raises(pika.exceptions.AMQPError):
        pika.BlockingConnection(pika.URLParameters(wrong))


def test_policies_bound_queues_and_catch_what_cannot_be_handled(node: RabbitNode) -> None:
    with pika.BlockingConnection(pika.URLParameters(node.amqp_uri)) as connection:
        channel = connection.channel()
        channel.queue_declare("sla.cases", durable=True, arguments={"x-queue-type": "quorum"})
        channel.basic_publish("", "sla.cases", b"nonsense")
        assert next(body for _, _, body in channel.consume("sla.cases", inactivity_timeout=60)) == b"nonsense"
        channel.basic_reject(1, requeue=False)
        channel.cancel()
        dead = next(body for _, _, body in channel.consume("aftercare.dead-letters", inactivity_timeout=60))
        assert dead == b"nonsense"


def test_the_next_owner_ends_what_the_one_before_left(tmp_path: Path) -> None:
    """First one that was killed; then, as on a machine where children outlive their parents, one whose broker runs."""
    owner = subprocess.Popen([sys.executable, "-c", OWNER, str(tmp_path)], stdin=-1, stdout=-1, text=True)
    with owner:
        assert owner.stdout
        old = psutil.Process(int(owner.stdout.readline()))
        owner.send_signal(signal.SIGKILL)
    second, third = RabbitNode(tmp_path), RabbitNode(tmp_path)
    try:
        second.start()
        second.wait_ready()
        assert not old.is_running()
        assert get(second.amqp_uri) == b"still here"
        put(second.amqp_uri, b"here again")
        old = psutil.Process(second.pid)
        third.start()
        third.wait_ready()
        assert old.status() == psutil.STATUS_ZOMBIE
        assert get(third.amqp_uri) == b"here again"
    finally:
        third.stop()
        second.stop()


def test_epmd_is_started_again(node: RabbitNode) -> None:
    (epmd,) = [each for each in psutil.Process().children() if each.name() == "epmd" and belongs_to(each, node.folder)]
    epmd.kill()
    epmd.wait(60)
    node.tend()
    wait_until(lambda: "aftercare.dead-letters" in queues(node), 60, "rabbitmqctl does not find the node")


def queues(node: RabbitNode) -> str:
    """What rabbitmqctl says; nothing while the node is not registered again."""
    try:
        return node.control("list_queues", "--vhost", "aftercare")
    except Unavailable:
        return ""


class TestRefusals:
    """One clear sentence with the remedy."""

    def test_rabbitmq_is_missing(self, tmp_path: Path) -> None:
        with pytest.raises(Misconfigured, match=r"RabbitMQ is not installed; run `make setup` as root"):
            script("rabbitmq-server", tmp_path, str(tmp_path))

    def test_the_port_is_taken(self, tmp_path: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            with pytest.raises(Misconfigured, match=f"port {port} is taken"):
                RabbitNode(tmp_path, port=port).start()

    def test_the_folder_cannot_be_written(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(Misconfigured, match="make the folder writable or choose another"):
            RabbitNode(tmp_path / "file" / "rabbitmq").start()

    def test_the_broker_does_not_start(self, tmp_path: Path) -> None:
        (tmp_path / "mnesia").write_text("not a folder")
        node = RabbitNode(tmp_path)
        try:
            node.start()
            with pytest.raises(Unavailable, match="RabbitMQ ended while starting"):
                node.wait_ready()
        finally:
            node.stop()
