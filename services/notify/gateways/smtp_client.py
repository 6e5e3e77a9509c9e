"""One SMTP connection: a limit on every wait, and a result that knows whether the last dot was out."""

import io
import smtplib
import socket
import ssl
from typing import Final

from services.notify.domain.provider import Accepted, Failed, Refused, Result, Unclear
from services.notify.gateways.limits import Deadline, LimitedReader
from services.notify.gateways.smtp_server import MailServer, spoken

_PATH_OK: Final = (250, 251)
_GO_ON: Final = 354
_GOODBYE: Final = 421
_OURS: Final = frozenset({503, 530, 538})
"""Replies to a recipient that mean us: we must speak in another order, or say who we are."""

LOST: Final = (smtplib.SMTPServerDisconnected, OSError)


class NotConnected(Exception):
    """The server is away, or will not speak with us; nothing was sent."""


class SmtpClient(smtplib.SMTP):
    """A connection that is ready for mail; raises NotConnected with the reason otherwise."""

    def __init__(self, server: MailServer, tls: ssl.SSLContext, greeting: str, connect: float, wait: float) -> None:
        # With a name of our own: smtplib would ask the DNS for one, without a limit.
        super().__init__(local_hostname=greeting, timeout=connect)
        self._host = server.host  # what a certificate must name
        self._server = server
        self._tls = tls
        self._wait = wait
        self._reader: LimitedReader | None = None
        self.is_secret = False
        """Whether TLS keeps what is said."""

    @classmethod
    def open(cls, server: MailServer, tls: ssl.SSLContext, greeting: str, limits: tuple[float, float]) -> "SmtpClient":
        """Connected and greeted, with TLS where it is offered, not logged in; `limits`: to connect, for each reply."""
        client = cls(server, tls, greeting, *limits)
        try:
            client._greet()
        except BaseException as error:
            client.close()
            if isinstance(error, ssl.SSLCertVerificationError):
                raise NotConnected(f"its certificate cannot be trusted: {error.verify_message}") from error
            if isinstance(error, (OSError, smtplib.SMTPException)):
                raise NotConnected(reason_of(error)) from error
            raise
        return client

    def _greet(self) -> None:
        code, text = self.connect(self._server.host, self._server.port)
        if code != 220:
            raise NotConnected(f"it does not greet: {spoken(code, text)}")
        self.ehlo_or_helo_if_needed()
        if not self.is_secret and self.has_extn("starttls"):
            self.starttls(context=self._tls)
            self.is_secret = True
            self.ehlo_or_helo_if_needed()

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        """smtplib's own place to make the socket; TLS from the start begins here."""
        plain = socket.create_connection((host, port), timeout)
        try:
            plain.settimeout(self._wait)
            # A dialogue of small pieces: none waits for the acknowledgement of the one before.
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._server.is_tls_from_start:
                self.is_secret = True
                return self._tls.wrap_socket(plain, server_hostname=host)
        except BaseException:
            plain.close()
            raise
        return plain

    def getreply(self) -> tuple[int, bytes]:
        """The whole reply within the limit, however slowly it comes."""
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        if self.file is None or self._reader is None:  # at first, and when STARTTLS has changed the socket
            self._reader = LimitedReader(self.sock, Deadline(self._wait))
            self.file = io.BufferedReader(self._reader)
        self._reader.until = Deadline(self._wait)
        try:
            return super().getreply()
        finally:
            if self.sock is not None:
                self.sock.settimeout(self._wait)

    def say_who_we_are(self, user: str, password: str) -> None:
        """Log in; raises NotConnected."""
        try:
            self.login(user, password)
        except smtplib.SMTPAuthenticationError as error:
            raise NotConnected(f"it does not take our name and password ({error.smtp_code})") from None
        except (OSError, smtplib.SMTPException) as error:
            raise NotConnected(reason_of(error)) from error

    def deliver(self, sender: str, to: str, content: bytes) -> Result:
        """One mail; raises one of LOST only while it is surely not taken."""
        code, text = self.mail(sender)
        if code != 250:
            # Whatever is wrong with the sender is wrong with our settings, not with this recipient.
            return self._no(Failed, code, text)
        code, text = self.rcpt(to)
        if code not in _PATH_OK:
            return self._no(Refused if code >= 500 and code not in _OURS else Failed, code, text)
        code, text = self.docmd("DATA")
        if code != _GO_ON:
            return self._no(Refused if code >= 500 and code not in _OURS else Failed, code, text)
        # One write: when it fails, the dot at its end is not out, and half a mail is none (RFC 5321, 4.1.1.4).
        self.send(smtplib._quote_periods(content) + b".\r\n")  # type: ignore[attr-defined]
        try:
            code, text = self.getreply()
        except LOST as error:
            return Unclear(f"no word after the last dot: {reason_of(error)}")
        if code == 250:
            return Accepted(provider_reference=spoken(code, text), is_final=False)
        return self._no(Refused if code >= 500 else Failed, code, text)

    def _no(self, kind: type[Refused] | type[Failed], code: int, text: bytes) -> Result:
        if code == _GOODBYE:
            self.close()
        return kind(spoken(code, text))


def reason_of(error: BaseException) -> str:
    """What went wrong, as one line that may be shown."""
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return spoken(error.smtp_code, said if isinstance(said, bytes) else said.encode())
    if isinstance(error, TimeoutError):
        return "timed out"
    return " ".join((getattr(error, "strerror", None) or str(error)).split())[:200]
