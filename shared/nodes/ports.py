"""Loopback ports for private nodes: who starts a server holds its port from the choice on, not from when it listens."""

import contextlib
import json
import os
import socket
from pathlib import Path

from shared.kernel.errors import Misconfigured
from shared.nodes.folders import write_private

LOOPBACK = "127.0.0.1"
FIRST, LAST = 20_000, 30_000
APART = 16

_held: dict[int, tuple[socket.socket, socket.socket]] = {}


def hold(port: int) -> bool:
    """Keep this port, until this process ends, for servers that it starts; False where somebody else has it.

    Seconds pass between the choice of a port and the moment its server listens. Two sockets guard it for so long, and
    whenever its server is down. A name in the kernel's abstract namespace, which only one process can have, keeps off
    everybody who chooses ports here. A socket that is bound and never listens keeps off outgoing connections, to which
    the kernel gives any port of its range that no one is bound to; a server with SO_REUSEADDR may listen beside it.
    """
    if port in _held:
        return is_free(port)
    mark, place = socket.socket(socket.AF_UNIX), socket.socket()
    place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        mark.bind(f"\0aftercare port {port}")
        place.bind((LOOPBACK, port))
    except OSError:
        mark.close()
        place.close()
        return False
    _held[port] = mark, place
    return is_free(port)


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
    """Different loopback ports that nobody was given before, held for this process.

    Processes begin their search at different places: most find theirs at the first look.
    """
    begin = os.getpid() * APART % (LAST - FIRST)
    found: list[int] = []
    for step in range(LAST - FIRST):
        port = FIRST + (begin + step) % (LAST - FIRST)
        if port not in _held and hold(port):
            found.append(port)
        if len(found) == count:
            return found
    raise Misconfigured([f"fewer than {count} free ports from {FIRST} to {LAST}; stop something that listens there"])


def kept_ports(path: Path, count: int) -> list[int]:
    """The ports kept in this file if all can be had, else others, kept from now on: who knew them finds them again."""
    wanted: list[int] = []
    with contextlib.suppress(OSError, ValueError):
        wanted = json.loads(path.read_text())
    is_usable = isinstance(wanted, list) and len(wanted) == count and all(_is_port(port) for port in wanted)
    chosen = wanted if is_usable and all(hold(port) for port in wanted) else free_ports(count)
    write_private(path, json.dumps(chosen))
    return chosen


def _is_port(value: object) -> bool:
    return isinstance(value, int) and 0 < value < 65536
