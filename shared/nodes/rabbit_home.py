"""The files and variables of a private RabbitMQ node; the machine's own RabbitMQ settings never reach it."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from shared.kernel.errors import Misconfigured
from shared.nodes.definitions import definitions
from shared.nodes.folders import write_private
from shared.nodes.ports import LOOPBACK

MISSING = "RabbitMQ is not installed; run `make setup` as root, or `apt-get install rabbitmq-server`"
# Debian's /usr/sbin/rabbitmq-server changes the user; the script behind it runs as whoever calls it.
SCRIPTS = Path("/usr/lib/rabbitmq/bin")
PATH = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin"


@dataclass(frozen=True)
class Ports:
    """Where a node listens, all on loopback."""

    amqp: int
    distribution: int
    epmd: int


def script(name: str, folder: Path = SCRIPTS, search: str = PATH) -> Path:
    """One of RabbitMQ's own scripts; raises Misconfigured when it or Erlang is not installed."""
    found = folder / name if (folder / name).exists() else shutil.which(name, path=search)
    if found is None or shutil.which("epmd", path=search) is None:
        raise Misconfigured([MISSING])
    return Path(found)


def write_home(folder: Path, ports: Ports, password: str, vhosts: Sequence[str]) -> None:
    """The configuration, the definitions that load at start, and no plugins."""
    loaded = folder / "definitions.json"
    write_private(loaded, json.dumps(definitions(password, vhosts, queues=len(vhosts) == 1)))
    lines = [
        f"listeners.tcp.local = {LOOPBACK}:{ports.amqp}",
        f"load_definitions = {loaded}",
        "log.console = false",
        "log.file.rotation.size = 20000000",
        "log.file.rotation.count = 2",
    ]
    write_private(folder / "rabbitmq.conf", "\n".join(lines) + "\n")
    write_private(folder / "enabled_plugins", "[].\n")
    _offer_no_plugins(folder / "plugins")


def _offer_no_plugins(folder: Path) -> None:
    """Show the broker only itself where it looks for plugins.

    It would load every module of every plugin's library at start, to find none enabled: half of the time it takes.
    """
    plugins = script("rabbitmq-server").resolve().parent.parent / "plugins"
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for found in plugins.glob("rabbit-[0-9]*"):
        (folder / found.name).symlink_to(found)


def environment(folder: Path, name: str, ports: Ports) -> dict[str, str]:
    """Every variable of the node, and no other."""
    variables = {
        "HOME": str(folder),
        "PATH": PATH,
        "LANG": "C.UTF-8",
        "ERL_EPMD_ADDRESS": LOOPBACK,
        "ERL_EPMD_PORT": str(ports.epmd),
        "ERL_CRASH_DUMP_SECONDS": "0",
        # Also for the helper virtual machines that RabbitMQ starts: none may listen beyond loopback.
        "ERL_AFLAGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        "RABBITMQ_NODENAME": name,
        "RABBITMQ_NODE_IP_ADDRESS": LOOPBACK,
        "RABBITMQ_NODE_PORT": str(ports.amqp),
        "RABBITMQ_DIST_PORT": str(ports.distribution),
        "RABBITMQ_MNESIA_BASE": f"{folder}/mnesia",
        "RABBITMQ_LOG_BASE": f"{folder}/log",
        "RABBITMQ_PID_FILE": f"{folder}/pid",
        "RABBITMQ_CONFIG_FILE": f"{folder}/rabbitmq.conf",
        "RABBITMQ_CONFIG_FILES": f"{folder}/conf.d/*.conf",
        "RABBITMQ_ADVANCED_CONFIG_FILE": f"{folder}/advanced.config",
        "RABBITMQ_CONF_ENV_FILE": f"{folder}/rabbitmq-env.conf",
        "RABBITMQ_ENABLED_PLUGINS_FILE": f"{folder}/enabled_plugins",
        # A private node serves one suite: one scheduler does. Two hand every message to and fro, which costs a third
        # more of the processor that the suite's own processes need. An idle one shall cost nothing.
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 1:1 +sbwt none +sbwtdcpu none +sbwtdio none",
        # The script then becomes the broker instead of waiting beside it: one process, and its pid is the broker's.
        "RUNNING_UNDER_SYSTEMD": "true",
    }
    if any((folder / "plugins").glob("*")):
        variables["RABBITMQ_PLUGINS_DIR"] = f"{folder}/plugins"
    return variables
