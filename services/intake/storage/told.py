"""What an event tells of a long history: read once, and on SQLite kept by reference until the event is sent.

An event carries every fact of its case (contracts 5), so the thousandth step of a case would read and write a thousand
facts once more. Facts are only ever added, and the chain over them says which they are. Those of the cases that are
being worked on stay in memory as they are sent, for the next step: where the row of the case tells another chain,
another replica went on with it, or erased somebody, which adds an entry to each case whose texts it changes
(handlers/erasing.py), and they are read again.

SQLite would write an event once more when it is marked as sent: there the outbox keeps a reference to a long history,
and the relay puts the facts in. On PostgreSQL, where another release may run the relay beside this one, events are kept
whole.
"""

from collections import OrderedDict
from sys import getsizeof
from typing import Final
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from services.intake.domain.proof.chain import Head
from services.intake.storage.repository import CaseFile
from shared.base.database import Database
from shared.kernel.plain_json import Written, encoded

LONG: Final = 16_384
"""Bytes of facts, about a hundred; shorter ones cost nothing to speak of."""
MOST: Final = 5_000_000
"""Bytes of facts in memory: three hundred long cases, thirty of a thousand facts."""
_BESIDE: Final = 512
"""Bytes that a case takes beside its text."""
_REFERENCE: Final = '"facts":"\\u001a'
"""As text of JSON: where a list stands otherwise, a string that begins so. Inside of a string its quotes look other."""


class Texts:
    """The facts of cases as JSON in UTF-8, each with the chain that they end with."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._size = 0
        self._kept: OrderedDict[str, tuple[str, bytes]] = OrderedDict()

    def get(self, case_no: str, chain: str) -> bytes | None:
        """The facts of a case up to this link of its chain, if they are here."""
        known, text = self._kept.get(case_no, ("", b""))
        return text if known == chain else None

    def keep(self, case_no: str, chain: str, text: bytes) -> None:
        """Remember these; what was asked for longest ago goes."""
        if case_no in self._kept:
            self._size -= _size(self._kept.pop(case_no)[1])
        self._kept[case_no] = (chain, text)
        self._size += _size(text)
        while self._size > self._most:
            _case_no, (_chain, gone) = self._kept.popitem(last=False)
            self._size -= _size(gone)

    def forget(self) -> None:
        """Remember nothing more: the texts in the database are others now."""
        self._kept.clear()
        self._size = 0


def _size(text: bytes) -> int:
    return getsizeof(text) + _BESIDE


_TEXTS: Final[WeakKeyDictionary[sa.Engine, Texts]] = WeakKeyDictionary()


def _texts(engine: sa.Engine) -> Texts:
    return _TEXTS.setdefault(engine, Texts())


def facts_before(connection: sa.Connection, case_no: str, head: Head | None) -> bytes | None:
    """The facts of a case as they are sent, if they are in memory."""
    return _texts(connection.engine).get(case_no, head.chain) if head else None


def remember(connection: sa.Connection, case_no: str, head: Head, facts: bytes) -> None:
    """Keep the facts of a case that end with this head for its next step, if they are long."""
    if len(facts) >= LONG:
        _texts(connection.engine).keep(case_no, head.chain, facts)


def by_reference(connection: sa.Connection, case_no: str, version: int, head: Head, facts: bytes) -> Written | None:
    """What stands in an event instead of the facts up to this version; None where they stand there themselves."""
    if connection.dialect.name != "sqlite" or len(facts) < LONG:
        return None
    return Written(f'"\\u001a{case_no} {version} {head.chain}"')


def whole(database: Database, body: str) -> tuple[bytes, ...]:
    """An event as it is sent, in pieces."""
    before, reference, behind = body.partition(_REFERENCE)
    if not reference:
        return (body.encode(),)
    named, _, after = behind.partition('"')
    case_no, version, chain = named.split(" ")
    texts = _texts(database.engine)
    if (facts := texts.get(case_no, chain)) is None:
        facts = _read(database, case_no, int(version))
        texts.keep(case_no, chain, facts)
    return before.encode(), b'"facts":[', facts, b"]", after.encode()


def _read(database: Database, case_no: str, version: int) -> bytes:
    with database.read() as connection:
        file = CaseFile(connection)
        kept = file.find(case_no)
        if kept is None:
            raise LookupError(f"an event tells of case {case_no}, which is not there")
        return encoded(file.facts_written(kept, version))


def forget_texts(connection: sa.Connection) -> None:
    """To be called when facts that were kept before are changed, as an erasure does, and before they are told again.

    Other replicas forget by the chain, which goes on with the entry that tells of the change.
    """
    _texts(connection.engine).forget()
