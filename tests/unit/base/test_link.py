"""The link: where an AMQP URL leads, and what odd bytes from outside do to a message."""

from struct import pack
from typing import Any

import pytest
from amqp.serialization import dumps

from shared.base.link import _tolerant, address, without_password


@pytest.mark.parametrize(
    ("uri", "host", "userid", "password", "virtual_host"),
    [
        ("amqp://guest:guest@127.0.0.1:5673/", "127.0.0.1:5673", "guest", "guest", "/"),
        ("amqp://127.0.0.1", "127.0.0.1:5672", "guest", "guest", "/"),
        ("amqp://u%40x:p%2Fw@rabbit.example/%2Fa%20b", "rabbit.example:5672", "u@x", "p/w", "/a b"),
        ("amqp://u:p@[::1]:5672/test?heartbeat=5", "[::1]:5672", "u", "p", "test"),
    ],
)
def test_where_an_url_leads(uri: str, host: str, userid: str, password: str, virtual_host: str) -> None:
    found = address(uri)
    assert (found["host"], found["userid"], found["password"], found["virtual_host"]) == (
        host,
        userid,
        password,
        virtual_host,
    )
    assert found["ssl"] is False


def test_over_tls_the_broker_must_prove_its_name() -> None:
    found = address("amqps://u:p@rabbit.example/")
    assert found["host"] == "rabbit.example:5671"
    assert found["ssl"]["server_hostname"] == "rabbit.example"
    assert found["ssl"]["cert_reqs"].name == "CERT_REQUIRED"


def test_a_url_is_shown_without_its_password() -> None:
    assert without_password("amqp://u:secret@h:5672/v") == "amqp://h:5672/v"


class Connection:
    """What py-amqp's frame reader counts on."""

    bytes_recv = 0


def delivered(properties: bytes, body: bytes = b"{}") -> Any:
    """The message that a delivery with these property bytes becomes."""
    found: list[Any] = []
    on_frame = _tolerant(Connection(), lambda _channel, _method, _args, message: found.append(message))
    method = pack(">HH", 60, 60) + dumps("sLbss", ("tag", 1, False, "exchange", "key")).ljust(1, b"\0")
    on_frame((1, 1, method))
    on_frame((2, 1, pack(">HxxQ", 60, len(body)) + properties))
    on_frame((3, 1, body))
    return found[0]


def shortstr(value: bytes) -> bytes:
    """An AMQP short string."""
    return pack("B", len(value)) + value


def headers(name: bytes, kind: bytes, value: bytes) -> bytes:
    """An AMQP table with one entry."""
    entry = shortstr(name) + kind + value
    return pack(">I", len(entry)) + entry


def test_good_properties_arrive() -> None:
    assert delivered(pack(">H", 0x0200) + shortstr(b"reply")).properties == {"reply_to": "reply"}


@pytest.mark.parametrize(
    "properties",
    [
        pack(">H", 0x0200) + shortstr(b"\xff\xfe"),
        pack(">H", 0x0200) + pack("B", 200) + b"short",
        pack(">H", 0x0400),
        pack(">H", 0x2000) + headers(b"when", b"T", pack(">Q", 2**63)),
        pack(">H", 0x2000) + headers(b"what", b"?", b""),
        pack(">H", 0x2000) + pack(">I", 2**31) + b"cut",
        pack(">H", 0x2000) + headers(b"deep", b"A", b"".join(pack(">I", 5 * n) + b"A" for n in range(3000, 0, -1))),
    ],
    ids=["encoding", "cut text", "missing", "year", "type", "cut table", "deep"],
)
def test_a_message_with_odd_properties_arrives_without_them(properties: bytes) -> None:
    message = delivered(properties)
    assert message.body == b"{}"
    assert message.properties.get("reply_to", "short") == "short"
    assert "application_headers" not in message.properties
