"""Reading the mailbox, turn by turn: what waits is taken, then put away; what cannot be taken stops nobody else."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol, TypeVar

from services.intake.domain.mail.letter import Letter
from services.intake.domain.mail.sorting import Why
from services.intake.gateways.mail import Fetched, Limits, Mailbox, MailboxAway, Place, Store, Unreadable, read_letter
from services.intake.gateways.mail.reading import bare_letter
from services.intake.handlers.mail.deciding import MailRules, decide
from services.intake.handlers.mail.taking import instant_of, request_of, set_aside, take_again, take_letter
from services.intake.handlers.promising import AskPromise, Promise, promise_for
from services.intake.schemas import RegisterCase, to_registration
from services.intake.storage import letters
from shared.base.clock import wall_now
from shared.base.database import Database, UnitOfWork
from shared.base.logs import logger
from shared.base.schema import load
from shared.kernel.errors import Conflict, NotFound, Refused, Unavailable

T = TypeVar("T")
FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 60.0
"""Real seconds before the next try after the mailbox was away: servers lock out who knocks too often."""
AGAIN_SECONDS: Final = 600.0
"""So long a message is passed over that could not even be set aside."""
SMALL: Final = 200_000
"""Bytes up to which a message is read at once; a larger one beside, so that nobody waits."""
SHOWN: Final = 4_000
"""Characters of a letter that are shown."""
TOLD: Final = "failed"

log = logger(__name__)


class Aside(Protocol):
    """Runs a piece of work beside the others."""

    def __call__(self, work: Callable[[], T]) -> T:
        """What the work gives; others go on meanwhile."""
        ...


@dataclass(kw_only=True)
class MailRoom:
    """One process's share of the mail."""

    database: Database
    mailbox: Mailbox | None
    store: Store
    limits: Limits
    rules: MailRules
    every_seconds: float
    ask_promise: AskPromise
    tell_notify: Callable[[dict[str, Any]], Any]
    aside: Aside
    last_read_at: datetime | None = None
    trouble: str | None = None
    _pause: float = FIRST_PAUSE
    _passed_over: dict[Place, float] = field(default_factory=dict)

    def turn(self, stopping: Callable[[], bool]) -> float:
        """Take what waits; the real seconds until the next turn."""
        if self.mailbox is None:
            return LONGEST_PAUSE
        try:
            self._read(self.mailbox, stopping)
        except MailboxAway as error:
            return self._wait(str(error))
        self.last_read_at, self._pause = wall_now(), FIRST_PAUSE
        self._tell_bounces()
        return self.every_seconds

    def close(self) -> None:
        """Let the mailbox go."""
        if self.mailbox is not None:
            self.mailbox.close()

    def retry(self, letter_id: int, do: Callable[[Callable[[UnitOfWork], dict[str, Any]]], dict[str, Any]]) -> Any:
        """Take a letter that was set aside, as somebody asks for it."""
        with self.database.read() as connection:
            row = _to_retry(letters.find(connection, letter_id), letter_id)
        raw = self.store.message(row["digest"])
        if raw is None:
            raise NotFound(f"letter {letter_id} is not kept any more", {"id": letter_id})
        try:
            letter = self._letter(Fetched(raw, max(row["size"], len(raw)), row["arrived_at"]))
        except Unreadable as error:
            raise Refused(f"letter {letter_id} cannot be read: {error}", {"id": letter_id}) from None
        with self.database.read() as connection:
            is_new = decide(connection, self.rules, letter, wall_now(), wanted=True).is_new
        promise = self._promise(letter) if is_new else None

        def again(uow: UnitOfWork) -> dict[str, Any]:
            _to_retry(letters.find(uow.connection, letter_id, to_change=True), letter_id)
            became = take_again(uow, self.rules, letter, letter_id, promise)
            return {"id": letter_id, "state": became["state"], "case_no": became["case_no"]}

        answer = do(again)
        self.store.forget_message(row["digest"])
        return answer

    def text_of(self, row: letters.Row) -> str | None:
        """The beginning of a letter that was set aside, empty where it cannot be read; None when it is not kept."""
        raw = self.store.message(row["digest"])
        if raw is None:
            return None
        fetched = Fetched(raw[:SMALL], row["size"], row["arrived_at"])  # not whole: its attachments are left alone
        try:
            return read_letter(fetched, self.limits, lambda _: "").text[:SHOWN]
        except Unreadable:
            return ""

    def _wait(self, why: str) -> float:
        if why != self.trouble:
            log.warning("the mailbox cannot be read; it is tried again", reason=why)
        self.trouble, wait = why, self._pause
        self._pause = min(2 * self._pause, LONGEST_PAUSE)
        return wait

    def _read(self, mailbox: Mailbox, stopping: Callable[[], bool]) -> None:
        places = mailbox.waiting()
        spots = [_spot(each) for each in places]
        with self.database.read() as connection:
            taken = letters.known(connection, spots) if spots else set()
        refused = None
        for place in places:
            if stopping():
                return
            # What was taken before a crash is only put away; a mailbox that keeps no marks is read all the same.
            if (_spot(place) in taken or self._take(mailbox, place)) and refused is None:
                refused = mailbox.put_away(place)
        self._note_refused(refused)

    def _note_refused(self, refused: str | None) -> None:
        trouble = refused and f"messages that were taken cannot be put away: {refused}"
        if trouble and trouble != self.trouble:
            log.warning("messages that were taken cannot be put away", reason=refused)
        self.trouble = trouble

    def _take(self, mailbox: Mailbox, place: Place) -> bool:
        """Whether the message is done with; one that cannot be is passed over for a while."""
        if self._passed_over.get(place, 0.0) > time.monotonic():
            return False
        fetched = mailbox.fetch(place)
        if fetched is None:
            log.warning("a message cannot be had from the mailbox", uid=place.uid)
            self._passed_over[place] = time.monotonic() + AGAIN_SECONDS
            return False
        try:
            self.handle(fetched, place)
        except Unavailable:
            raise
        except Exception:
            log.error("a message cannot even be set aside", uid=place.uid, exc_info=True)
            self._passed_over[place] = time.monotonic() + AGAIN_SECONDS
            return False
        return True

    def handle(self, fetched: Fetched, place: Place) -> None:
        """Take one message: it becomes a case, joins one, or is set aside; raises Unavailable when nothing was done."""
        try:
            letter = self._letter(fetched)
            self._take_in(letter, fetched, place)
        except Unavailable:
            raise
        except Unreadable as error:
            self._fail(fetched, place, Why.UNREADABLE, str(error))
        except Exception as error:
            log.error("a message cannot be handled; it is set aside", uid=place.uid, exc_info=True)
            self._fail(fetched, place, Why.BROKEN, type(error).__name__)

    def _letter(self, fetched: Fetched) -> Letter:
        def read() -> Letter:
            return read_letter(fetched, self.limits, self.store.keep_attachment)

        return read() if len(fetched.raw) < SMALL else self.aside(read)

    def _take_in(self, letter: Letter, fetched: Fetched, place: Place) -> None:
        with self.database.read() as connection:
            decision = decide(connection, self.rules, letter, wall_now())
        if decision.why is not None:
            self.store.keep_message(letter.digest, fetched.raw)  # before the commit that says that it is there
        promise = self._promise(letter) if decision.is_new else None
        with self.database.write() as uow:
            state = take_letter(uow, self.rules, letter, _spot(place), promise)
        if state == letters.ASIDE and decision.why is None:
            self.store.keep_message(letter.digest, fetched.raw)  # another replica was quicker with the same sender

    def _promise(self, letter: Letter) -> Promise:
        """What is promised for a case that begins with it; asked before any transaction."""
        now = self.database.clock.now()
        asked = load(RegisterCase(), request_of(self.rules, letter, instant_of(letter, now), "-"))
        return promise_for(to_registration(asked), self.ask_promise, now)

    def _fail(self, fetched: Fetched, place: Place, reason: Why, why: str) -> None:
        letter = bare_letter(fetched)
        self.store.keep_message(letter.digest, fetched.raw)
        with self.database.write() as uow:
            set_aside(uow, letter, _spot(place), reason, why)

    def _tell_bounces(self) -> None:
        """Tell notify which of its mails came back; what it cannot hear now, later."""
        with self.database.read() as connection:
            untold = list(letters.untold_bounces(connection))
        for each in untold:
            receipt = {"reference": each.bounced, "state": TOLD, "reason": f"it came back: {each.why or 'undelivered'}"}
            try:
                self.tell_notify(receipt)
            except Unavailable:
                return
            except Refused as error:
                log.warning("notify does not take a delivery failure", reason=str(error))
            with self.database.write() as uow:
                letters.settle(uow.connection, each.id, told_at=wall_now())


def _spot(place: Place) -> tuple[str, int, int]:
    return place.mailbox, place.uid_validity, place.uid


def _to_retry(row: Any, letter_id: int) -> Any:
    if row is None:
        raise NotFound(f"no letter {letter_id}", {"id": letter_id})
    if row["state"] not in (letters.ASIDE, letters.FAILED):
        detail: dict[str, Sequence[str] | str] = {"state": row["state"], "case_no": row["case_no"] or ""}
        raise Conflict(f"letter {letter_id} belongs to case {row['case_no']} already", detail)
    return row
