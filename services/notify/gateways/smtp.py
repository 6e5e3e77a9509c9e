"""E-mail by SMTP over TLS (contracts 4, notify): connections are kept for the next mail, many may be out at once."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from smtplib import SMTPException
from typing import Final

from services.notify.domain.provider import Failed, Outgoing, Refused, Result
from services.notify.gateways.limits import WAIT_SECONDS
from services.notify.gateways.mime import Sender, email_of
from services.notify.gateways.smtp_client import LOST, NotConnected, SmtpClient, reason_of
from services.notify.gateways.smtp_server import MailServer
from shared.kernel.errors import Invalid

_KEPT: Final = 8
"""How many idle connections are kept."""
_IDLE_SECONDS: Final = 20.0
"""How long an idle one is kept: servers hang up after minutes."""
_MAILS_EACH: Final = 100
"""How many mails go over one connection: servers and balancers like an end to it."""


@dataclass(slots=True)
class _Kept:
    client: SmtpClient
    since: float
    mails: int


class SmtpGateway:
    """One mail server; `now` gives the instant of a mail's Date; may be used by many threads or greenlets at once."""

    name = "smtp"

    def __init__(
        self,
        server: MailServer,
        sender: Sender,
        now: Callable[[], datetime],
        *,
        require_tls: bool = False,
        limits: tuple[float, float] = (WAIT_SECONDS, WAIT_SECONDS),
    ) -> None:
        self._server = server
        self._sender = sender
        self._now = now
        self._require_tls = require_tls
        self._limits = limits
        self._tls = server.tls()
        self._idle: list[_Kept] = []  # its pop and append are atomic

    def send(self, message: Outgoing) -> Result:
        """Hand one mail to the server; 250 means sent: nobody tells of its delivery."""
        try:
            mail = email_of(message, self._sender, self._now())
        except Invalid as error:
            return Refused(str(error))
        to, content = mail["To"].addresses[0].addr_spec, mail.as_bytes()
        kept = self._take()
        if kept is not None:
            # The server may have hung up since the last mail; nothing of this one is out, so another is made.
            with suppress(*LOST):
                result = self._over(kept, to, content)
                if not (isinstance(result, Failed) and kept.client.sock is None):
                    return result
        try:
            return self._over(_Kept(self._open(), time.monotonic(), 0), to, content)
        except NotConnected as error:
            return Failed(f"the mail server cannot be used: {error}")
        except LOST as error:
            return Failed(f"the mail server hung up before the mail was out: {reason_of(error)}")

    def ask(self, reference: str) -> Result | None:  # noqa: ARG002 - the seam's name
        """Nobody can be asked: SMTP does not know references."""
        return None

    def close(self) -> None:
        """Say goodbye on every idle connection."""
        while self._idle:
            _end(self._idle.pop().client)

    def _over(self, kept: _Kept, to: str, content: bytes) -> Result:
        client = kept.client
        try:
            result = client.deliver(self._sender.address, to, content)
        except BaseException:
            client.close()
            raise
        self._keep(_Kept(client, time.monotonic(), kept.mails + 1), is_clean=not isinstance(result, Failed | Refused))
        return result

    def _keep(self, kept: _Kept, *, is_clean: bool) -> None:
        if kept.client.sock is None:
            return
        try:
            if not is_clean and kept.client.rset()[0] != 250:
                kept.mails = _MAILS_EACH
        except LOST:
            return
        if kept.mails >= _MAILS_EACH or len(self._idle) >= _KEPT:
            _end(kept.client)
        else:
            self._idle.append(kept)

    def _take(self) -> _Kept | None:
        while self._idle:
            kept = self._idle.pop()
            if time.monotonic() - kept.since < _IDLE_SECONDS:
                return kept
            kept.client.close()
        return None

    def _open(self) -> SmtpClient:
        client = SmtpClient.open(self._server, self._tls, self._sender.domain, self._limits)
        try:
            self._check(client)
        except NotConnected:
            _end(client)
            raise
        return client

    def _check(self, client: SmtpClient) -> None:
        if self._require_tls and not client.is_secret:
            raise NotConnected("it offers no STARTTLS, which production mode requires; take smtps:// or another server")
        if not self._server.user:
            return
        if not client.is_secret and not self._server.is_local:
            raise NotConnected("it offers no STARTTLS, and a password is never sent in the clear; take smtps://")
        client.say_who_we_are(self._server.user, self._server.password)


def _end(client: SmtpClient) -> None:
    with suppress(SMTPException, OSError):
        client.quit()
    client.close()
