"""The mailbox: which messages wait, what they are, and that they are done with.

Done with are those with our keyword, or those in another folder. Both only save work: which message was taken is
known by our own database, so a mark that was lost, or that the server cannot keep, makes no second case.
"""

import re
import ssl
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from services.intake.gateways.mail.client import (
    LOST,
    ImapClient,
    NotLetIn,
    Patience,
    Resolve,
    reason_of,
    resolve_here,
)
from services.intake.gateways.mail.server import ImapServer, folder_on_wire
from shared.kernel.errors import Unavailable

KEYWORD: Final = "AftercareTaken"
KEPT_SECONDS: Final = 300.0
"""So long a connection is kept: a folder that was deleted and made anew is seen by a new one only."""
HEAD_BYTES: Final = 262_144
"""So much is read of a message that is larger than it may be: enough for its text."""
_SIZE: Final = re.compile(rb"RFC822\.SIZE (\d+)")
_DATE: Final = re.compile(rb'INTERNALDATE "([^"]+)"')


class MailboxAway(Unavailable):
    """The mailbox cannot be read now."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message lies: true until the server says another UIDVALIDITY."""

    mailbox: str
    uid_validity: int
    uid: int


@dataclass(frozen=True, slots=True)
class Fetched:
    """A message as the server has it."""

    raw: bytes = field(repr=False)
    size: int
    arrived_at: datetime

    @property
    def is_whole(self) -> bool:
        """Whether all of it was read; a large one is read to a limit."""
        return len(self.raw) >= self.size


class Mailbox:
    """One folder of one server; each method raises MailboxAway, after which the next one connects anew."""

    def __init__(
        self,
        server: ImapServer,
        *,
        done: str | None,
        longest: int,
        require_tls: bool = False,
        limits: Patience = Patience(),  # noqa: B008 - it never changes
        resolve: Resolve = resolve_here,
    ) -> None:
        self.name = server.name
        self._server = server
        self._tls: ssl.SSLContext = server.tls()
        self._done = done
        self._longest = longest
        self._require_tls = require_tls
        self._limits = limits
        self._resolve = resolve
        self._client: ImapClient | None = None
        self._since = 0.0
        self._validity = 0
        self._takes_keyword = False

    def waiting(self) -> list[Place]:
        """The messages that are not done with, oldest first."""
        if time.monotonic() - self._since > KEPT_SECONDS:
            self.close()
        client = self._connected()
        with _away(self):
            client.allow(self._limits.answer)
            client.noop()  # the server tells what came since the last look
            wanted = ("UNDELETED", "UNKEYWORD", KEYWORD) if self._takes_keyword else ("UNDELETED",)
            found = _needed(client.uid("SEARCH", *wanted))
        uids = sorted(int(each) for line in found if line for each in line.split())
        return [Place(self.name, self._validity, uid) for uid in uids]

    def fetch(self, place: Place) -> Fetched | None:
        """The message, or its beginning when it is too large; None when it is not there, or not to be had."""
        client = self._connected()
        if place.uid_validity != self._validity:
            return None
        with _away(self), suppress(SaidNo):
            client.allow(self._limits.answer)
            about = _ok(client.uid("FETCH", str(place.uid), "(RFC822.SIZE INTERNALDATE)"))
            size, arrived = _SIZE.search(_joined(about)), _DATE.search(_joined(about))
            if size is None or arrived is None:
                return None
            most = self._longest if int(size[1]) <= self._longest else HEAD_BYTES
            client.allow(self._limits.fetch)
            parts = _ok(client.uid("FETCH", str(place.uid), f"(BODY.PEEK[]<0.{most + 1}>)"))
            return _fetched(parts, most, int(size[1]), arrived[1].decode())
        return None

    def put_away(self, place: Place) -> str | None:
        """Mark it as done with, or move it to the folder of those; why not, where the server will not have it."""
        client = self._connected()
        if place.uid_validity != self._validity:
            return None
        try:
            self._mark(client, place)
        except SaidNo as no:
            return str(no)
        return None

    def _mark(self, client: ImapClient, place: Place) -> None:
        with _away(self):
            client.allow(self._limits.answer)
            if self._done is None:
                marks = rf"(\Seen {KEYWORD})" if self._takes_keyword else r"(\Seen)"
                _ok(client.uid("STORE", str(place.uid), "+FLAGS.SILENT", marks))
            else:
                self._move(client, str(place.uid), folder_on_wire(self._done))

    def close(self) -> None:
        """Say goodbye."""
        if self._client is not None:
            with suppress(*LOST):
                self._client.allow(self._limits.answer)
                self._client.logout()
            self.hang_up()

    def hang_up(self) -> None:
        """Let the connection go."""
        if self._client is not None:
            self._client.hang_up()
            self._client = None

    def _connected(self) -> ImapClient:
        if self._client is None:
            try:
                self._client = ImapClient(
                    self._server, self._tls, self._limits, self._resolve, require_tls=self._require_tls
                )
                self._since = time.monotonic()
            except NotLetIn as error:
                raise MailboxAway(f"the mailbox cannot be read: {error}") from error
            with _away(self):
                self._select(self._client)
        return self._client

    def _select(self, client: ImapClient) -> None:
        client.allow(self._limits.answer)
        if self._done is not None:
            client.create(folder_on_wire(self._done))  # NO where it is there already
        _needed(client.select(folder_on_wire(self._server.folder)))
        validity, flags = client.response("UIDVALIDITY")[1], client.response("PERMANENTFLAGS")[1]
        self._validity = int(validity[-1]) if validity and validity[-1] else 0
        allowed = _joined(flags)
        self._takes_keyword = rb"\*" in allowed or KEYWORD.encode() in allowed

    def _move(self, client: ImapClient, uid: str, folder: str) -> None:
        if "MOVE" in client.capabilities:
            _ok(client.uid("MOVE", uid, folder))
            return
        _ok(client.uid("COPY", uid, folder))
        _ok(client.uid("STORE", uid, "+FLAGS.SILENT", r"(\Deleted)"))
        if "UIDPLUS" in client.capabilities:  # else it would take what others have deleted along
            _ok(client.uid("EXPUNGE", uid))


class _away:  # noqa: N801 - reads as a word of the with statement
    """What breaks inside is that the mailbox is away; the connection is given up."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        """Hang up after any error, so that no answer of one question is taken for that of the next."""
        if error is None or isinstance(error, SaidNo):
            return
        self._mailbox.hang_up()
        if isinstance(error, (*LOST, ValueError)):
            raise MailboxAway(f"the mailbox cannot be read: {reason_of(error)}") from error


class SaidNo(Exception):
    """The server understood and will not do it; the connection is as good as before."""


def _fetched(parts: Sequence[Any], most: int, size: int, arrived: str) -> Fetched | None:
    bodies = [each[1] for each in parts if isinstance(each, tuple)]
    if not bodies:
        return None
    # Servers count the size with other line ends now and then: what is shorter than was asked for is whole.
    raw = bytes(bodies[0])
    whole = len(raw) <= most
    return Fetched(raw, len(raw) if whole else max(size, len(raw) + 1), _instant(arrived))


def _ok(answer: tuple[str, Sequence[Any]]) -> Sequence[Any]:
    kind, told = answer
    if kind != "OK":
        raise SaidNo(f"the server says {kind}: {_joined(told)[:150].decode('utf-8', 'replace')}")
    return told


def _needed(answer: tuple[str, Sequence[Any]]) -> Sequence[Any]:
    """What nothing goes on without."""
    try:
        return _ok(answer)
    except SaidNo as no:
        raise OSError(0, str(no)) from no


def _joined(told: Sequence[Any]) -> bytes:
    return b" ".join(piece for each in told for piece in (each if isinstance(each, tuple) else (each,)) if piece)


def _instant(text: str) -> datetime:
    """INTERNALDATE, like `17-Jul-1996 02:44:25 -0700`."""
    return parsedate_to_datetime(text.strip().replace("-", " ", 2)).astimezone(UTC)
