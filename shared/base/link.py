"""One AMQP connection with limits on every wait, on py-amqp itself.

Two habits of py-amqp are taken off here. It reads the socket before every publish on brokers that announce blocked
connections: beside a thread that reads, that tears frames apart. And properties that it cannot decode raise out of
the read loop, so that one odd message from outside ends the connection again and again: such a message arrives without
properties instead. kombu is not used because its connection opens itself again in silence, without our consumers.
"""

import contextlib
import socket
import ssl
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

import amqp
from amqp.exceptions import AMQPError
from amqp.method_framing import frame_handler
from amqp.serialization import decode_properties_basic

CONNECT_SECONDS = 5
WAIT_SECONDS = 10
"""How long the broker may take to answer a declaration or to make room for what is written."""
SHORTEST_WAIT_SECONDS = 0.001
"""py-amqp polls in a hot loop for the rest of a frame when it may not wait at all."""
HEARTBEAT_SECONDS = 15
USER_TIMEOUT_MILLISECONDS = 30_000

CONNECTION_ERRORS: tuple[type[Exception], ...] = (AMQPError, OSError)
"""What a connection that broke, or a broker that refuses, raises."""

_HEADER_FRAME = 2
_PROPERTIES_AT = 12
_NO_PROPERTIES = b"\0\0"

Frame = tuple[int, int, bytes]


class LinkBrokenError(ConnectionError):
    """What came over the connection made no sense, or a write was cut short: throw it away."""


class _Connection(amqp.Connection):  # type: ignore[misc]
    # Without "connection.blocked": see the head of this file.
    negotiate_capabilities = {"consumer_cancel_notify": True, "authentication_failure_close": True}


def _tolerant(connection: Any, callback: Any) -> Callable[[Frame], bool]:
    read: Callable[[Frame], bool] = frame_handler(connection, callback)

    def on_frame(frame: Frame) -> bool:
        kind, channel, payload = frame
        if kind == _HEADER_FRAME and not _decodable(payload):
            payload = bytes(payload[:_PROPERTIES_AT]) + _NO_PROPERTIES
        return read((kind, channel, payload))

    return on_frame


def _decodable(header: bytes) -> bool:
    try:
        decode_properties_basic(header, _PROPERTIES_AT)
    except Exception:  # noqa: BLE001 - bytes from outside: whatever they raise, they are no properties
        return False
    return True


class Link:
    """One AMQP connection, read by one thread; others may write inside `writing()`.

    Raises one of CONNECTION_ERRORS when the broker is away: throw the link away and make another.
    """

    def __init__(self, uri: str, name: str, turn: contextlib.AbstractContextManager[Any] | None = None) -> None:
        self._turn = turn or contextlib.nullcontext()
        self._broken = False
        self._connection = _Connection(
            **address(uri),
            connect_timeout=CONNECT_SECONDS,
            heartbeat=HEARTBEAT_SECONDS,
            client_properties={"connection_name": name},
            socket_settings={socket.TCP_USER_TIMEOUT: USER_TIMEOUT_MILLISECONDS},
            frame_handler=_tolerant,
        )
        try:
            self._connection.connect()
            self._socket = self._connection.sock
            self._socket.settimeout(WAIT_SECONDS)
        except BaseException:
            self.abandon()
            raise

    def channel(self) -> Any:
        """A new channel (py-amqp's); bodies come as bytes."""
        channel = self._connection.channel()
        channel.auto_decode = False  # the sender names the codec: not every one is cheap
        return channel

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """For those who write beside the reader: one at a time; whoever is cut short in a frame breaks the link."""
        with self._turn:
            if self._broken:
                raise LinkBrokenError("the connection broke")
            try:
                yield
            except BaseException:
                self._break()
                raise

    @property
    def frame_max(self) -> int:
        """The most bytes that both sides agreed on for one frame."""
        return int(self._connection.frame_max)

    def write(self, frames: bytes) -> None:
        """Send whole frames that somebody else has made."""
        with self.writing():
            self._connection.transport.write(frames)
            self._connection.bytes_sent += 1  # py-amqp sends a heartbeat where nothing else was

    def pump(self, timeout: float) -> bool:
        """Take what has arrived, waiting up to `timeout` seconds; False when nothing came. Keeps heartbeats."""
        with self.writing():
            self._connection.heartbeat_tick()
        try:
            self._connection.drain_events(timeout=max(timeout, SHORTEST_WAIT_SECONDS))
        except TimeoutError:
            return False
        except CONNECTION_ERRORS:
            raise
        except Exception as error:
            raise LinkBrokenError(f"nonsense from the broker: {error!r}") from error
        return True

    def close(self) -> None:
        """Say goodbye and let go."""
        with contextlib.suppress(*CONNECTION_ERRORS):
            self._connection.close()
        self.abandon()

    def abandon(self) -> None:
        """Let go at once, without a word to the broker; only the reader may."""
        self._broken = True
        with contextlib.suppress(*CONNECTION_ERRORS):
            self._connection.collect()

    def _break(self) -> None:
        """Make the reader find out; closing the socket is the reader's, who may be waiting on it."""
        self._broken = True
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> "Link":
        return self

    def __exit__(self, error_type: type[BaseException] | None, *_error: object) -> None:
        if error_type is None:
            self.close()
        else:
            self.abandon()


def body_of(message: Any) -> bytes:
    """The body of a message that came over a link; py-amqp makes a text of one that is empty."""
    return message.body.encode() if isinstance(message.body, str) else bytes(message.body)


def address(uri: str) -> dict[str, Any]:
    """What py-amqp needs to know of an AMQP URL; with amqps the broker must prove its name."""
    parts = urlsplit(uri)
    host = parts.hostname or "127.0.0.1"
    secure = parts.scheme == "amqps"
    return {
        "host": f"{f'[{host}]' if ':' in host else host}:{parts.port or (5671 if secure else 5672)}",
        "userid": unquote(parts.username or "guest"),
        "password": unquote(parts.password or "guest"),
        "virtual_host": unquote(parts.path[1:]) or "/",
        "ssl": {"cert_reqs": ssl.CERT_REQUIRED, "server_hostname": host} if secure else False,
    }


def without_password(uri: str) -> str:
    """The URL as it may be shown."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.hostname or ''}:{parts.port or 5672}{parts.path}"
