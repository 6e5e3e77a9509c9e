"""The link on a real broker: what breaks it, and that nobody works on with a broken one."""

import threading

import amqp
import pytest

from shared.base.broker import check_reachable
from shared.base.link import CONNECTION_ERRORS, Link, LinkBrokenError, body_of
from shared.kernel.errors import Unavailable
from tests.support.client import client
from tests.support.waiting import wait_for


class CutShort(BaseException):
    """What an eventlet.Timeout is: no Exception."""


def test_a_write_that_is_cut_short_breaks_the_link_for_everybody(amqp_uri: str) -> None:
    link = Link(amqp_uri, "test", threading.Lock())
    seen: list[Exception] = []

    def read() -> None:
        try:
            link.pump(60)
        except CONNECTION_ERRORS as error:
            seen.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    with pytest.raises(CutShort), link.writing():
        raise CutShort
    reader.join(30)
    assert len(seen) == 1, "who waits for something to read finds out at once"
    with pytest.raises(LinkBrokenError), link.writing():
        pytest.fail("nobody writes behind half a frame")
    with pytest.raises(LinkBrokenError):
        link.pump(0)
    link.abandon()


def test_a_broken_link_never_opens_itself_again(amqp_uri: str) -> None:
    link = Link(amqp_uri, "test")
    channel = link.channel()
    link.abandon()
    with pytest.raises(CONNECTION_ERRORS):
        channel.basic_publish(amqp.Message("x"), "", "nowhere")
    with pytest.raises(CONNECTION_ERRORS):
        link.channel()
    with pytest.raises(CONNECTION_ERRORS):
        link.pump(0)


def test_nothing_to_read_is_no_error_and_an_empty_body_is_a_body(amqp_uri: str) -> None:
    with Link(amqp_uri, "test") as link, client(amqp_uri) as outside:
        arrived: list[bytes] = []
        channel = link.channel()
        queue = channel.queue_declare(exclusive=True).queue
        channel.basic_consume(queue, callback=lambda message: arrived.append(body_of(message)), no_ack=True)
        assert link.pump(0) is False
        outside.publish("", queue, b"", content_encoding="punycode")
        outside.publish("", queue, b"\xff" * 300_000, content_encoding="utf-8")
        wait_for(lambda: link.pump(0.1) and len(arrived) == 2, "both")
        assert arrived == [b"", b"\xff" * 300_000]


@pytest.mark.parametrize("change", [("aftercare:", "nobody:"), ("/test", "/missing"), ("127.0.0.1", "127.0.0.99")])
def test_where_nobody_answers_is_told_in_one_line_without_the_password(amqp_uri: str, change: tuple[str, str]) -> None:
    uri = amqp_uri.replace(*change)
    with pytest.raises(Unavailable) as told:
        check_reachable(uri)
    assert "\n" not in str(told.value)
    assert uri.split(":")[2].split("@")[0] not in str(told.value)
