"""A private RabbitMQ node: one folder, its own epmd, nothing that listens beyond loopback (design 8)."""

import contextlib
import hashlib
import json
import shutil
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

from shared.base.broker import check_reachable
from shared.kernel.errors import Misconfigured, Unavailable
from shared.nodes.definitions import USER, VHOST, definitions
from shared.nodes.folders import kept_secret, make_folder, write_private
from shared.nodes.ports import LOOPBACK, is_free, is_open, keep_or_choose
from shared.nodes.process import end_leftovers, last_line, start_child, stop_child, wait_until

STOP_SECONDS = 15.0
EPMD_SECONDS = 5.0
MISSING = "RabbitMQ is not installed; run `make setup` as root, or `apt-get install rabbitmq-server`"
# Debian's /usr/sbin/rabbitmq-server changes the user; the script behind it runs as whoever calls it.
SCRIPTS = Path("/usr/lib/rabbitmq/bin")


class RabbitNode:
    """A broker that lives in a folder, beside any others; all state survives a restart, also a SIGKILL."""

    def __init__(self, folder: Path, *, vhosts: Sequence[str] = (VHOST,), port: int | None = None) -> None:
        self.folder = folder.absolute()
        self.vhosts = tuple(vhosts)
        self.log = self.folder / "log" / "output.log"
        self._wanted_port = port
        self._ports: list[int] = []
        self._epmd: subprocess.Popen[bytes] | None = None
        self._broker: subprocess.Popen[bytes] | None = None

    @property
    def name(self) -> str:
        """The Erlang node's name; the folder's own."""
        return f"aftercare-{hashlib.sha256(str(self.folder).encode()).hexdigest()[:10]}@localhost"

    @property
    def amqp_uri(self) -> str:
        """Where clients connect, with the password."""
        return self.uri_of(self.vhosts[0])

    def uri_of(self, vhost: str) -> str:
        """The URL of one vhost."""
        return f"amqp://{USER}:{self._password}@{LOOPBACK}:{self.port}/{vhost}"

    @property
    def port(self) -> int:
        """The AMQP port; known once started."""
        return self._ports[0]

    @property
    def pid(self) -> int | None:
        """The broker's process; None while it is not running."""
        return self._broker.pid if self.is_running() and self._broker else None

    def is_running(self) -> bool:
        """Whether broker and epmd are alive."""
        return all(child is not None and child.poll() is None for child in (self._broker, self._epmd))

    def start(self) -> None:
        """Start the broker without waiting for it; ends first what an earlier owner of the folder left running.

        Raises Misconfigured when RabbitMQ is missing, the folder cannot be written or the port is taken.
        """
        server = script("rabbitmq-server")
        make_folder(self.folder)
        self.stop()
        end_leftovers(self.folder)
        self._choose_ports()
        self._write_configuration()
        self._start_epmd()
        self._broker = start_child([server], owner=self.folder, log=self.log, environment=self._environment())

    def wait_ready(self, timeout: float = 60.0) -> None:
        """Wait until clients can work; Unavailable with the broker's last words when it does not come up."""
        wait_until(self._is_listening, timeout, f"RabbitMQ did not get ready in {timeout:g} s; see {self.log}")
        check_reachable(self.amqp_uri)

    def stop(self) -> None:
        """Stop the broker in good order, then its epmd; nothing happens when it is not running."""
        if self._broker:
            stop_child(self._broker, STOP_SECONDS)
        if self._epmd:
            stop_child(self._epmd, 1)
            # Should epmd have died in between, the broker has started another, which would outlive it.
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

    def _is_listening(self) -> bool:
        if not self.is_running():
            raise Unavailable(f"RabbitMQ ended while starting: {last_line(self.log)}; see {self.log}")
        return is_open(self.port)

    def _choose_ports(self) -> None:
        """The AMQP port of last time if it is free: clients outside need not look for the broker again."""
        if self._wanted_port is not None and not is_free(self._wanted_port):
            raise Misconfigured([f"port {self._wanted_port} is taken; stop what listens there or choose another"])
        kept = self.folder / "ports.json"
        with contextlib.suppress(OSError, ValueError):
            self._ports = self._ports or json.loads(kept.read_text())
        self._ports = keep_or_choose(self._ports, 3)
        if self._wanted_port is not None:
            self._ports[0] = self._wanted_port
        write_private(kept, json.dumps(self._ports))

    def _write_configuration(self) -> None:
        path = self.folder / "definitions.json"
        write_private(path, json.dumps(definitions(self._password, self.vhosts, queues=len(self.vhosts) == 1)))
        lines = [f"listeners.tcp.local = {LOOPBACK}:{self.port}", f"load_definitions = {path}", "log.console = false"]
        write_private(self.folder / "rabbitmq.conf", "\n".join(lines) + "\n")
        write_private(self.folder / "enabled_plugins", "[].\n")

    def _start_epmd(self) -> None:
        command = ["epmd", "-address", LOOPBACK, "-port", str(self._ports[2])]
        self._epmd = start_child(command, owner=self.folder, log=self.log, environment=self._environment())
        wait_until(lambda: is_open(self._ports[2]), EPMD_SECONDS, f"epmd does not answer; see {self.log}")

    def _environment(self) -> dict[str, str]:
        """Every variable of the node and no other: the machine's own RabbitMQ settings never reach it."""
        folder = str(self.folder)
        return {
            "HOME": folder,
            "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin",
            "LANG": "C.UTF-8",
            "ERL_EPMD_ADDRESS": LOOPBACK,
            "ERL_EPMD_PORT": str(self._ports[2]),
            "ERL_CRASH_DUMP_SECONDS": "0",
            # Also for the helper virtual machines that RabbitMQ starts: none may listen beyond loopback.
            "ERL_AFLAGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            "RABBITMQ_NODENAME": self.name,
            "RABBITMQ_NODE_IP_ADDRESS": LOOPBACK,
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self._ports[1]),
            "RABBITMQ_MNESIA_BASE": f"{folder}/mnesia",
            "RABBITMQ_LOG_BASE": f"{folder}/log",
            "RABBITMQ_PID_FILE": f"{folder}/pid",
            "RABBITMQ_CONFIG_FILE": f"{folder}/rabbitmq.conf",
            "RABBITMQ_CONFIG_FILES": f"{folder}/conf.d/*.conf",
            "RABBITMQ_ADVANCED_CONFIG_FILE": f"{folder}/advanced.config",
            "RABBITMQ_CONF_ENV_FILE": f"{folder}/rabbitmq-env.conf",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{folder}/enabled_plugins",
            # The script then becomes the broker instead of waiting beside it: one process, and its pid is the broker's.
            "RUNNING_UNDER_SYSTEMD": "true",
        }


def script(name: str) -> Path:
    """One of RabbitMQ's own scripts; Misconfigured when it or Erlang is not installed."""
    found = SCRIPTS / name if (SCRIPTS / name).exists() else shutil.which(name)
    if found is None or shutil.which("epmd") is None:
        raise Misconfigured([MISSING])
    return Path(found)
