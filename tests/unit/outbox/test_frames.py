"""The relay's own frames are those of py-amqp, byte for byte."""

from types import SimpleNamespace

import amqp
import pytest
from amqp.method_framing import frame_writer
from amqp.serialization import dumps
from amqp.spec import Basic

from shared.events import CONTENT_TYPE
from shared.outbox.frames import Frames

FRAME_MAX = 4096
CHANNEL = 7


def by_py_amqp(exchange: str, routing_key: str, message_id: str, body: bytes) -> bytes:
    """What py-amqp writes for the same message."""
    written: list[bytes] = []
    transport = SimpleNamespace(write=lambda data: written.append(bytes(data)))
    connection = SimpleNamespace(frame_max=FRAME_MAX, bytes_sent=0)
    message = amqp.Message(
        body, content_type=CONTENT_TYPE, content_encoding="utf-8", delivery_mode=2, message_id=message_id
    )
    arguments = dumps("Bssbb", (0, exchange, routing_key, True, False))
    frame_writer(connection, transport)(1, CHANNEL, Basic.Publish, arguments, message)
    return b"".join(written)


@pytest.mark.parametrize("size", [0, 1, 900, FRAME_MAX - 8, FRAME_MAX - 7, 3 * FRAME_MAX])
def test_a_message_is_the_same_bytes(size: int) -> None:
    message = ("sla.events", "clock.breached.v1", "5f0c8a2e-9b1d-4c57-8a53-0d9c1f2b7e61", b"x" * size)
    assert Frames(CHANNEL, FRAME_MAX).message(*message) == by_py_amqp(*message)


def test_keys_are_text_in_any_script() -> None:
    message = ("alerts", "alert.recurrence.major.华南", "id", "工单".encode())
    assert Frames(CHANNEL, FRAME_MAX).message(*message) == by_py_amqp(*message)
