"""Sealing digests: once a suite day, and when somebody asks for it (AL-4)."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from services.intake.domain.proof.digest import Draft, digest_hash, told
from services.intake.domain.wire import CN
from services.intake.gateways.audit import AuditFolder, Signer
from services.intake.handlers.saying import VOICE
from services.intake.handlers.witnessing import witness
from services.intake.storage import accesses, chaining, digests
from services.intake.storage.digests import Digest, Unsealed
from shared.base.database import Database, UnitOfWork
from shared.base.logs import logger
from shared.events import Event
from shared.kernel.errors import Misconfigured
from shared.kernel.instants import format_instant
from shared.kernel.plain_json import parse_json

FIRST_SECONDS: Final = 60.0
LOOK_SECONDS: Final = 30.0
"""Real seconds until the first look, and between two."""
WINDOW: Final = 5_000
"""Cases that one query looks through, and that one digest stands for at most."""
CHAINED_AT_ONCE: Final = 100
SEALED: Final = "audit.digest_sealed.v1"

log = logger(__name__)


class Sealer:
    """Chains what an older release left, seals the day's digest, and sees that each one is kept outside too."""

    def __init__(
        self, database: Database, folder: AuditFolder, open_key: Callable[[], Signer], window: int = WINDOW
    ) -> None:
        self._database = database
        self._folder = folder
        self._open_key = open_key
        self._window = window
        self._signer: Signer | None = None
        self._is_first = True
        self._all_chained = False
        self._is_warned = False

    def turn(self, stopping: Callable[[], bool]) -> float:
        """Look whether a digest is due; the seconds until the next look."""
        if self._is_first:
            self._is_first = False
            return FIRST_SECONDS
        try:
            is_due = self.is_due()
            self.chain_old(stopping, again=is_due)
            if is_due:
                self.seal(stopping)
        except Misconfigured as error:
            if not self._is_warned:
                log.warning("no digests are sealed", why=str(error))
            self._is_warned = True
        return LOOK_SECONDS

    def close(self) -> None:
        """Nothing is held."""

    def is_due(self) -> bool:
        """Whether a day of the suite is over since the last digest; without any case there is nothing to seal."""
        with self._database.read() as connection:
            newest = digests.newest(connection)
            if newest is None:
                return chaining.last_case(connection) > 0
        return _day(newest.sealed_at) < _day(self._database.clock.now())

    def chain_old(self, stopping: Callable[[], bool], *, again: bool = False) -> None:
        """Chain the entries of an older release, some at a time: once in the life of a process, and before a digest.

        Older processes may run beside this one for a while, and what they write meanwhile is not chained.
        """
        after, self._all_chained = 0, self._all_chained and not again
        with self._database.read() as connection:
            last = chaining.last_case(connection)
        while not self._all_chained and after < last and not stopping():
            with self._database.write() as uow:
                heads = chaining.chain_some(uow.connection, after, after + self._window, CHAINED_AT_ONCE)
                for case_no, head in heads.items():
                    witness(uow, case_no, head)
            if not heads:
                after += self._window
            time.sleep(0)
        self._all_chained = self._all_chained or not stopping()

    def seal(self, stopping: Callable[[], bool] = lambda: False) -> list[dict[str, Any]]:
        """Seal digests until each case's head is in one; what was sealed. Raises Misconfigured without a key."""
        self._signer = self._signer or self._open_key()
        done: list[dict[str, Any]] = []
        after = 0
        while not stopping():
            found, after = self._some_unsealed(after)
            if done and not found:
                break
            with self._database.write() as uow:
                done.append(self._add(uow, self._signer, found))
        self._keep_outside(self._signer)
        return done

    def _some_unsealed(self, after: int) -> tuple[list[Unsealed], int]:
        """The next cases that no digest stands for, and up to which key all were looked through."""
        with self._database.read() as connection:
            last = chaining.last_case(connection)
        while after < last:
            with self._database.read() as connection:
                found = digests.unsealed(connection, after, after + self._window, self._window)
            after += self._window
            if found:
                return found, after
            time.sleep(0)
        return [], after

    def _add(self, uow: UnitOfWork, signer: Signer, found: list[Unsealed]) -> dict[str, Any]:
        connection = uow.connection
        digests.be_alone(connection)
        before, up_to = digests.newest(connection), accesses.last(connection)
        since = before.reads_up_to if before else 0
        draft = Draft(
            no=before.no + 1 if before else 1,
            at=format_instant(uow.now, CN),
            previous=digest_hash(before.body) if before else "",
            leaves=[each.leaf for each in found],
            reads=accesses.heads(connection, since, up_to),
            reads_up_to=up_to,
            key=signer.fingerprint,
        )
        text = draft.text()
        signature = signer.sign(text)
        digests.add(connection, Digest(draft.no, uow.now, up_to, text, signature), found)
        said = told(text, parse_json(text.encode()), signature)
        VOICE.stage(uow, [Event(SEALED, "digest", draft.no, {"digest": said, "public_key": signer.public})])
        return said

    def _keep_outside(self, signer: Signer) -> None:
        """Write every digest that the folder has not got, also those that a crash or another replica left."""
        self._folder.keep_key(signer.fingerprint, signer.public)
        after = 0
        while True:
            with self._database.read() as connection:
                some = digests.later(connection, after, 100)
            for each in some:
                if not self._folder.has_digest(each.no):
                    self._folder.keep_digest(each.no, each.body, each.signature)
                after = each.no
            if not some:
                return


def _day(instant: datetime) -> str:
    return instant.astimezone(CN).date().isoformat()
