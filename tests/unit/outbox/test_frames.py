"""Our own frames are those of py-amqp, byte for byte."""

from types import SimpleNamespace
from typing import Any

import amqp
import pytest
from amqp.method_framing import frame_writer
from amqp.serialization import dumps
from amqp.spec import Basic
from hypothesis import given
from hypothesis import strategies as st

from shared.events import CONTENT_TYPE
from shared.outbox.frames import Frames

FRAME_MAX = 4096
CHANNEL = 7


def written_by_py_amqp(method: Any, arguments: bytes, message: Any = None) -> bytes:
    """What py-amqp writes for this."""
    written: list[bytes] = []
    transport = SimpleNamespace(write=lambda data: written.append(bytes(data)))
    connection = SimpleNamespace(frame_max=FRAME_MAX, bytes_sent=0)
    frame_writer(connection, transport)(1, CHANNEL, method, arguments, message)
    return b"".join(written)


def ours(exchange: str, routing_key: str, message_id: str, *pieces: bytes) -> bytes:
    """What we write for it, its body in pieces."""
    return b"".join(Frames(CHANNEL, FRAME_MAX).message(exchange, routing_key, message_id, pieces))


def by_py_amqp(exchange: str, routing_key: str, message_id: str, body: bytes) -> bytes:
    """What py-amqp writes for the same message."""
    message = amqp.Message(
        body, content_type=CONTENT_TYPE, content_encoding="utf-8", delivery_mode=2, message_id=message_id
    )
    arguments = dumps("Bssbb", (0, exchange, routing_key, True, False))
    return written_by_py_amqp(Basic.Publish, arguments, message)


@pytest.mark.parametrize("size", [0, 1, 900, FRAME_MAX - 8, FRAME_MAX - 7, 3 * FRAME_MAX])
def test_a_message_is_the_same_bytes(size: int) -> None:
    message = ("sla.events", "clock.breached.v1", "5f0c8a2e-9b1d-4c57-8a53-0d9c1f2b7e61", b"x" * size)
    assert ours(*message) == by_py_amqp(*message)


@given(st.lists(st.binary(max_size=3 * FRAME_MAX), max_size=5))
def test_it_is_the_same_however_the_body_is_cut(pieces: list[bytes]) -> None:
    name = ("sla.events", "clock.breached.v1", "id")
    assert ours(*name, *pieces) == by_py_amqp(*name, b"".join(pieces))


def test_keys_are_text_in_any_script() -> None:
    message = ("alerts", "alert.recurrence.major.华南", "id", "工单".encode())
    assert ours(*message) == by_py_amqp(*message)


@pytest.mark.parametrize("size", [0, 900, 3 * FRAME_MAX])
@pytest.mark.parametrize("correlation_id", ["", "5f0c8a2e", "第七", "\udc80"])
def test_an_answer_goes_with_its_ack(size: int, correlation_id: str) -> None:
    body = b"x" * size
    message = amqp.Message(
        body, content_type="application/json", content_encoding="utf-8", correlation_id=correlation_id
    )
    answer = written_by_py_amqp(Basic.Publish, dumps("Bssbb", (0, "nameko-rpc", "to me", False, False)), message)
    ack = written_by_py_amqp(Basic.Ack, dumps("Lb", (2**40 + 7, False)))
    frames = Frames(CHANNEL, FRAME_MAX)
    assert frames.answer("nameko-rpc", "to me", correlation_id, [body], 2**40 + 7) == answer + ack
