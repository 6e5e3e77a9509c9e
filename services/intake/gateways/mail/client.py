"""One IMAP connection: a limit on every answer, however slowly its bytes come, and TLS before any password."""

import imaplib
import io
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from services.intake.gateways.mail.server import ImapServer


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a server is waited for, in seconds: to connect, for an answer, for a whole message."""

    connect: float = 5.0
    answer: float = 15.0
    fetch: float = 120.0


LONGEST_LINE: Final = 20_000_000
Address = tuple[Any, Any, int, str, Any]
Resolve = Callable[[str, int], Sequence[Address]]

LOST: Final = (imaplib.IMAP4.error, OSError)
"""imaplib.IMAP4.abort is one of its errors; ssl.SSLError and TimeoutError are OSErrors."""


class NotLetIn(Exception):
    """The server is away, or will not speak with us."""


class _LimitedFile(io.RawIOBase):
    """Reads a socket until a deadline."""

    def __init__(self, connection: socket.socket, seconds: float) -> None:
        super().__init__()
        self.until = time.monotonic() + seconds
        self._connection = connection
        self._raw = connection.makefile("rb", buffering=0)

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Some bytes; raises TimeoutError at the deadline."""
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        self._connection.settimeout(left)
        time.sleep(0)  # others go on while a large message comes quicker than it is read
        return self._raw.readinto(buffer)

    def close(self) -> None:
        """Let go of the socket."""
        self._raw.close()
        super().close()


class ImapClient(imaplib.IMAP4):
    """A connection that is logged in; raises NotLetIn with the reason otherwise."""

    def __init__(
        self, server: ImapServer, tls: ssl.SSLContext, limits: Patience, resolve: Resolve, *, require_tls: bool
    ) -> None:
        self._server = server
        self._limits = limits
        self._resolve = resolve
        self._tls = tls
        self._limited: _LimitedFile | None = None
        try:
            super().__init__(server.host, server.port, limits.connect)
            self._begin(require_tls)
        except BaseException as error:
            self.hang_up()
            if isinstance(error, ssl.SSLCertVerificationError):
                raise NotLetIn(f"its certificate cannot be trusted: {error.verify_message}") from error
            if isinstance(error, LOST):
                raise NotLetIn(reason_of(error)) from error
            raise

    def open(self, host: str = "", port: int = 0, timeout: float | None = None) -> None:
        """imaplib's own place to make the socket; TLS from the start begins here."""
        self.host, self.port = host, port
        plain = _connected(self._resolve(host, port), timeout)
        try:
            self.sock = self._tls.wrap_socket(plain, server_hostname=host) if self._server.is_tls_from_start else plain
        except BaseException:
            plain.close()
            raise
        self._read_with_limit()

    def readline(self) -> bytes:
        """A line of an answer: the list of all that waits is one."""
        line: bytes = self.file.readline(LONGEST_LINE + 1)
        if len(line) > LONGEST_LINE:
            raise self.error(f"a line has more than {LONGEST_LINE:,} bytes")
        return line

    def allow(self, seconds: float) -> None:
        """From now on the server has so long for what it is asked."""
        if self._limited is not None:
            self._limited.until = time.monotonic() + seconds
        self.sock.settimeout(seconds)

    def hang_up(self) -> None:
        """Close without a word; never raises."""
        sock = getattr(self, "sock", None)
        if sock is not None:
            try:
                self.shutdown()
            except (*LOST, ValueError):
                sock.close()

    def _read_with_limit(self) -> None:
        self._limited = _LimitedFile(self.sock, self._limits.answer)
        self.file: Any = io.BufferedReader(self._limited)

    def _begin(self, require_tls: bool) -> None:
        is_secret = self._server.is_tls_from_start
        if not is_secret and "STARTTLS" in self.capabilities:
            self.allow(self._limits.answer)
            self.starttls(self._tls)
            is_secret = True
            self._read_with_limit()
        if require_tls and not is_secret:
            raise NotLetIn("it offers no STARTTLS, which production mode requires; take imaps:// or another server")
        if not is_secret and not self._server.is_local:
            raise NotLetIn("it offers no STARTTLS, and a password is never sent in the clear; take imaps://")
        self._say_who_we_are()

    def _say_who_we_are(self) -> None:
        self.allow(self._limits.answer)
        user, password = self._server.user, self._server.password
        try:
            if "AUTH=PLAIN" in self.capabilities:
                self.authenticate("PLAIN", lambda _: f"\0{user}\0{password}".encode())
            else:
                self.login(user, password)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            raise NotLetIn("it does not take our name and password") from None
        self._refresh_capabilities()
        if "ID" in self.capabilities:
            self.xatom("ID", '("name" "aftercare")')  # some large providers let nobody read who does not give a name

    def _refresh_capabilities(self) -> None:
        _, told = self.capability()
        self.capabilities = tuple(str(told[-1], "ascii", "replace").upper().split())


def resolve_here(host: str, port: int) -> Sequence[Address]:
    """The addresses of a name; whoever asks waits for them."""
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)


def _connected(addresses: Sequence[Address], timeout: float | None) -> socket.socket:
    """A connection to the first address that answers."""
    trouble = OSError("the name has no address")
    for family, kind, protocol, _, address in addresses:
        plain = socket.socket(family, kind, protocol)
        try:
            plain.settimeout(timeout)
            plain.connect(address)
        except OSError as error:
            plain.close()
            trouble = error
        else:
            return plain
    raise trouble


def reason_of(error: BaseException) -> str:
    """What went wrong, on one line that may be logged; never what was sent."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    text = "".join(letter for letter in str(error) if letter.isprintable())
    return text[:200] or type(error).__name__
