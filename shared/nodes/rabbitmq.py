"""A private RabbitMQ node: one folder, its own epmd, nothing that listens beyond loopback (design 8)."""

import hashlib
import json
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

from shared.base.link import CONNECTION_ERRORS, Link
from shared.kernel.errors import Misconfigured, Unavailable
from shared.nodes.definitions import USER, VHOST, definitions
from shared.nodes.folders import kept_secret, make_folder, write_private
from shared.nodes.output import how_it_ended, last_line
from shared.nodes.ports import LOOPBACK, hold, is_open, kept_ports
from shared.nodes.process import end_leftovers, start_child, stop_child, wait_until
from shared.nodes.rabbit_home import Ports, environment, script, write_home

STOP_SECONDS = 15.0
EPMD_SECONDS = 30.0
CONTROL_SECONDS = 60.0

Child = subprocess.Popen[bytes]


class RabbitNode:
    """A broker that lives in a folder, beside any others; all state survives a restart, also a SIGKILL.

    RabbitMQ 3.10 notes a new quorum queue on disk up to a second late: one declared just before a SIGKILL is lost.
    The AMQP port stays the same from start to start unless somebody else has taken it: clients outside find it again.
    """

    def __init__(self, folder: Path, *, vhosts: Sequence[str] = (VHOST,), port: int | None = None) -> None:
        self.folder = folder.absolute()
        self.vhosts = tuple(vhosts)
        self.log = self.folder / "log" / "output.log"
        self._wanted_port = port
        self._ports: Ports | None = None
        self.is_new = False
        self._epmd: Child | None = None
        self._broker: Child | None = None

    @property
    def name(self) -> str:
        """The Erlang node's name, this folder's own."""
        return f"aftercare-{hashlib.sha256(str(self.folder).encode()).hexdigest()[:10]}@localhost"

    @property
    def amqp_uri(self) -> str:
        """Where clients connect, with the password; known once started."""
        return self.uri_of(self.vhosts[0])

    def uri_of(self, vhost: str) -> str:
        """The URL of one vhost."""
        return f"amqp://{USER}:{self._password}@{LOOPBACK}:{self.ports.amqp}/{vhost}"

    @property
    def ports(self) -> Ports:
        """Where it listens; known once started."""
        if self._ports is None:
            raise Unavailable(f"the broker in {self.folder} was never started")
        return self._ports

    @property
    def pid(self) -> int | None:
        """The broker's process; None while it is not running."""
        return self._broker.pid if self._broker and self.is_running() else None

    def is_running(self) -> bool:
        """Whether the broker's process is alive."""
        return self._broker is not None and self._broker.poll() is None

    def is_loading(self) -> bool:
        """Whether it is still starting."""
        return self.is_running() and not self.is_ready()

    def is_ready(self) -> bool:
        """Whether clients can connect: the broker listens once its definitions are loaded."""
        return self.is_running() and is_open(self.ports.amqp)

    def start(self) -> None:
        """Start the broker without waiting for it; ends first what an earlier owner of the folder left running.

        Raises Misconfigured when RabbitMQ is missing, the folder cannot be written or the port is taken.
        """
        server = script("rabbitmq-server")
        make_folder(self.folder)
        self.stop()
        end_leftovers(self.folder)
        self.is_new = not (self.folder / "mnesia").exists()
        self._choose_ports()
        write_home(self.folder, self.ports, self._password, self.vhosts)
        self.tend()
        self._broker = start_child([server], owner=self.folder, log=self.log, environment=self._environment())

    def tend(self) -> None:
        """Start epmd if it does not run: the broker works on without it, `rabbitmqctl` does not find the broker."""
        if self._epmd is not None and self._epmd.poll() is None:
            return
        command = ["epmd", "-address", LOOPBACK, "-port", str(self.ports.epmd)]
        self._epmd = start_child(command, owner=self.folder, log=self.log, environment=self._environment())
        wait_until(lambda: is_open(self.ports.epmd), EPMD_SECONDS, f"epmd does not answer; see {self.log}")

    def wait_ready(self, timeout: float = 120.0) -> None:
        """Wait until clients can work; raises Unavailable with the broker's last words when it does not come up."""
        wait_until(self._ready_or_dead, timeout, f"RabbitMQ did not get ready in {timeout:g} s; see {self.log}")
        try:
            Link(self.amqp_uri, "aftercare check").close()
        except CONNECTION_ERRORS as error:
            raise Unavailable(f"RabbitMQ listens but refuses the suite: {error}; see {self.log}") from None

    def stop(self) -> None:
        """Stop the broker in good order, then its epmd; nothing happens when it is not running."""
        if self._broker:
            stop_child(self._broker, STOP_SECONDS)
        if self._epmd:
            stop_child(self._epmd, 1)
            # Should epmd have died in between, the broker may have started another, which would outlive it.
            end_leftovers(self.folder)
        self._broker = self._epmd = None

    def kill(self) -> None:
        """End broker and epmd at once, as a power cut would."""
        for child in (self._broker, self._epmd):
            if child is not None:
                stop_child(child, 0, signal.SIGKILL)

    def control(self, *arguments: str) -> str:
        """Run `rabbitmqctl` against this node; its output. Takes about a second."""
        done = subprocess.run(
            [str(script("rabbitmqctl")), "--node", self.name, *arguments],
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=CONTROL_SECONDS,
        )
        if done.returncode:
            raise Unavailable(f"rabbitmqctl {arguments[0]} failed: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout

    def add_vhosts(self, vhosts: Sequence[str]) -> None:
        """More vhosts with the suite's policies in a running node."""
        path = self.folder / "more.json"
        write_private(path, json.dumps(definitions(self._password, vhosts, queues=False)))
        self.control("import_definitions", str(path))

    @property
    def _password(self) -> str:
        return kept_secret(self.folder / "password")

    def last_words(self) -> str:
        """What it said last, for a message."""
        return last_line(self.log)

    def end(self) -> str:
        """Whether it was killed, or what it said last."""
        return how_it_ended(self._broker.poll() if self._broker else None, self.last_words())

    def _ready_or_dead(self) -> bool:
        if not self.is_running():
            raise Unavailable(f"RabbitMQ ended while starting: {self.last_words()}; see {self.log}")
        return self.is_ready()

    def _choose_ports(self) -> None:
        """Chosen once: after a death the broker comes back where its clients look for it."""
        if self._ports is not None:
            return
        if self._wanted_port is not None and not hold(self._wanted_port):
            raise Misconfigured([f"port {self._wanted_port} is taken; stop what listens there or choose another"])
        amqp, distribution, epmd = kept_ports(self.folder / "ports.json", 3)
        self._ports = Ports(self._wanted_port or amqp, distribution, epmd)

    def _environment(self) -> dict[str, str]:
        return environment(self.folder, self.name, self.ports)
