"""Loopback ports for private nodes."""

import contextlib
import json
import os
import socket
from pathlib import Path

from shared.kernel.errors import Misconfigured
from shared.nodes.folders import write_private

LOOPBACK = "127.0.0.1"
# Below the range from which the kernel takes ports for outgoing connections, so that none of those sits on ours.
FIRST, LAST = 20_000, 30_000
APART = 16

# A port is taken only when its server listens, some time after it was given.
_given: set[int] = set()


def is_free(port: int) -> bool:
    """Whether a server could listen on this loopback port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def is_open(port: int) -> bool:
    """Whether something listens on this loopback port now."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0


def free_ports(count: int) -> list[int]:
    """Different loopback ports that are free now, and that this process has not been given before.

    Processes that start at the same time begin their search at different places, so they do not find the same ports.
    """
    begin = os.getpid() * APART % (LAST - FIRST)
    found: list[int] = []
    for step in range(LAST - FIRST):
        port = FIRST + (begin + step) % (LAST - FIRST)
        if port not in _given and is_free(port):
            found.append(port)
        if len(found) == count:
            _given.update(found)
            return found
    raise Misconfigured([f"fewer than {count} free ports from {FIRST} to {LAST}; stop something that listens there"])


def kept_ports(path: Path, count: int) -> list[int]:
    """The ports kept in this file if all are free, else others, kept from now on: who knew them finds them again."""
    wanted: list[int] = []
    with contextlib.suppress(OSError, ValueError):
        wanted = json.loads(path.read_text())
    is_usable = isinstance(wanted, list) and len(wanted) == count and all(_is_port(port) for port in wanted)
    chosen = wanted if is_usable and all(is_free(port) for port in wanted) else free_ports(count)
    _given.update(chosen)
    write_private(path, json.dumps(chosen))
    return chosen


def _is_port(value: object) -> bool:
    return isinstance(value, int) and 0 < value < 65536
