"""Loopback ports, kept from start to start."""

import json
import socket
from pathlib import Path

import pytest

from shared.nodes.ports import FIRST, LAST, free_ports, is_free, kept_ports


def test_free_ports_are_different_and_outside_the_kernels_range() -> None:
    ports = free_ports(50)
    assert len(set(ports)) == 50
    assert all(FIRST <= port < LAST for port in ports)


def test_a_port_in_use_is_not_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert not is_free(server.getsockname()[1])


def test_ports_stay_the_same(tmp_path: Path) -> None:
    ports = kept_ports(tmp_path / "ports.json", 3)
    assert kept_ports(tmp_path / "ports.json", 3) == ports


def test_a_port_that_somebody_took_is_replaced(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken = server.getsockname()[1]
        (tmp_path / "ports.json").write_text(json.dumps([taken]))
        assert kept_ports(tmp_path / "ports.json", 1) != [taken]


@pytest.mark.parametrize("kept", ["", "{}", "[1, 2]", '["a"]', "[70000]", "[-1]", "7"])
def test_nonsense_is_replaced(tmp_path: Path, kept: str) -> None:
    (tmp_path / "ports.json").write_text(kept)
    assert len(kept_ports(tmp_path / "ports.json", 1)) == 1
