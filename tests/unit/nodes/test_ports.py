"""Loopback ports, held from the choice on and kept from start to start."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from shared.nodes.ports import FIRST, LAST, LOOPBACK, free_ports, hold, is_free, kept_ports

OTHER_PROCESS = """
import sys
from shared.nodes.ports import free_ports, hold
print(hold(int(sys.argv[1])), *free_ports(1), flush=True)
sys.stdin.read()
"""
"""Tries to hold our port, takes one of its own, and lives until its stdin ends."""


def test_free_ports_are_different_and_from_the_range() -> None:
    ports = free_ports(50) + free_ports(50)
    assert len(set(ports)) == 100
    assert all(FIRST <= port < LAST for port in ports)


def test_a_port_in_use_is_not_free() -> None:
    with socket.create_server((LOOPBACK, 0)) as server:
        assert not is_free(server.getsockname()[1])
        assert not hold(server.getsockname()[1])


def test_a_port_is_held_before_its_server_listens() -> None:
    (port,) = free_ports(1)
    with socket.socket() as outgoing, pytest.raises(OSError, match="in use"):
        outgoing.bind((LOOPBACK, port))
    with socket.create_server((LOOPBACK, port)), socket.create_connection((LOOPBACK, port), 10):
        assert not is_free(port)
    assert is_free(port)
    assert hold(port), "it is this process's own"


def test_nobody_else_gets_a_port_that_is_held(tmp_path: Path) -> None:
    (ours,) = free_ports(1)
    command = [sys.executable, "-c", OTHER_PROCESS, str(ours)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        got_ours, theirs = other.stdout.readline().split()
        assert got_ours == "False"
        assert not hold(int(theirs))
        (tmp_path / "ports.json").write_text(json.dumps([int(theirs)]))
        assert kept_ports(tmp_path / "ports.json", 1) != [int(theirs)]


def test_ports_stay_the_same(tmp_path: Path) -> None:
    ports = kept_ports(tmp_path / "ports.json", 3)
    assert kept_ports(tmp_path / "ports.json", 3) == ports


def test_a_port_that_somebody_took_is_replaced(tmp_path: Path) -> None:
    with socket.create_server((LOOPBACK, 0)) as server:
        taken = server.getsockname()[1]
        (tmp_path / "ports.json").write_text(json.dumps([taken]))
        assert kept_ports(tmp_path / "ports.json", 1) != [taken]


@pytest.mark.parametrize("kept", ["", "{}", "[1, 2]", '["a"]', "[70000]", "[-1]", "7"])
def test_nonsense_is_replaced(tmp_path: Path, kept: str) -> None:
    (tmp_path / "ports.json").write_text(kept)
    assert len(kept_ports(tmp_path / "ports.json", 1)) == 1
