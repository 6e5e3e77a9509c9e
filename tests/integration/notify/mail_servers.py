"""Mail servers on loopback: well-behaved ones by aiosmtpd, and one that answers what its script says."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session

from shared.nodes.ports import LOOPBACK, free_ports

HANG, HANG_UP, DRIP = "hang", "hang up", "drip"
GOOD = {
    "greeting": "220 ready",
    "EHLO": "250 here",
    "MAIL": "250 ok",
    "RCPT": "250 ok",
    "DATA": "354 go on",
    "DOT": "250 2.0.0 queued as 7F",
    "RSET": "250 ok",
    "QUIT": "221 bye",
}


class Mailbox:
    """What a server took, and what it says to each recipient."""

    def __init__(self, **replies: str) -> None:
        self.replies = replies
        self.mails: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.sessions: list[Session] = []

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take the recipient, unless told otherwise."""
        reply = self.replies.get(address.partition("@")[0], "250 ok")
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, _server: Any, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the mail."""
        assert isinstance(envelope.content, bytes)
        self.raw.append(envelope.content)
        self.mails.append(BytesParser(EmailMessage, policy=policy.default).parsebytes(envelope.content))
        self.envelopes.append((envelope.mail_from or "", list(envelope.rcpt_tos)))
        self.sessions.append(session)
        return self.replies.get("DATA", "250 2.0.0 Ok: queued as 4F2A")


def authenticator(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    """Knows one user."""
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"notify", b"p@ss/word")
    return AuthResult(success=right, handled=False)


@contextmanager
def mail_server(mailbox: Mailbox, **options: Any) -> Iterator[int]:
    """A well-behaved server; its port."""
    (port,) = free_ports(1)
    controller = Controller(mailbox, hostname=LOOPBACK, port=port, loop=asyncio.new_event_loop(), **options)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


class ScriptedServer:
    """Says what its script says at each stage; `connections` counts who came, `seen` what they said."""

    def __init__(self, script: Mapping[str, str], tls: ssl.SSLContext | None = None) -> None:
        self._script = {**GOOD, **script}
        self._tls = tls
        self._ended = threading.Event()
        self._listener = socket.create_server((LOOPBACK, 0))
        self.port: int = self._listener.getsockname()[1]
        self.connections = 0
        self.seen: list[str] = []
        self._threads = [threading.Thread(target=self._serve)]
        self._threads[0].start()

    def say_from_now_on(self, **script: str) -> None:
        """Change the script."""
        self._script.update(script)

    def close(self) -> None:
        """Let everybody go."""
        self._ended.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for each in self._threads:
            each.join(60)

    def __enter__(self) -> "ScriptedServer":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def _serve(self) -> None:
        while not self._ended.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._threads.append(threading.Thread(target=self._talk, args=(connection,)))
            self._threads[-1].start()

    def _talk(self, connection: socket.socket) -> None:
        connection.settimeout(60)
        with connection, connection.makefile("rb") as lines:
            try:
                alive = self._say(connection, "greeting")
                while alive and (line := lines.readline()):
                    verb = line[:4].decode().upper()
                    self.seen.append(verb)
                    alive = self._say(connection, verb)
                    if verb == "DATA" and alive and self._script["DATA"].startswith("354"):
                        while lines.readline() not in (b".\r\n", b""):
                            pass
                        alive = self._say(connection, "DOT")
            except OSError:
                return

    def _say(self, connection: socket.socket, stage: str) -> bool:
        reply = self._script.get(stage, "502 what?")
        if reply == HANG:
            self._ended.wait(60)
        elif reply == DRIP:
            while not self._ended.wait(0.02):
                connection.sendall(b"2")
        elif reply != HANG_UP:
            connection.sendall(reply.encode() + b"\r\n")
            return True
        return False
