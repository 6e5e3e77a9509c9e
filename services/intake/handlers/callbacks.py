"""Missed calls: each asks for one call back, as a case whose clock runs, until somebody has spoken with the caller.

One number has one open callback case at most: who tries five times is called back once, and the four others are
progress of that case. An answered call, ours to them or theirs to us, serves every call missed before it. What is
heard in another order leads to the same end: an answer that comes after its hangup withdraws the case.
"""

from collections.abc import Sequence
from typing import Any, Final

from services.intake.domain.calls import words
from services.intake.domain.calls.record import CallRecord
from services.intake.domain.case import Case
from services.intake.domain.steps import TABLE, is_ready
from services.intake.handlers.house import House
from services.intake.handlers.inquiries import open_inquiry
from services.intake.handlers.saying import VOICE
from services.intake.handlers.stepping import take_step
from services.intake.storage.calls import Call, CallFile
from services.intake.storage.repository import CaseFile
from shared.base.database import UnitOfWork
from shared.events import Event
from shared.kernel.errors import NotFound

PHONE: Final = "system:phone"
OPENED: Final = "opened"
JOINED: Final = "joined"
WITHDRAWN: Final = "withdrawn"
WITHHELD: Final = "withheld"
REGISTERED: Final = "registered"
SERVED: Final = "served"
MOST_NOTED: Final = 20
"""Missed calls that are noted in a callback case; who tries more often is found in the list of calls."""


class Callbacks:
    """What a call's new record asks for; the numbers concerned are locked."""

    def __init__(self, uow: UnitOfWork, house: House, file: CallFile) -> None:
        self._uow = uow
        self._house = house
        self._file = file

    def follow(self, call: Call, before: CallRecord | None) -> None:
        """Do what the difference between two records of a call asks for."""
        now = call.record
        if before is not None and before.is_missed and not now.is_missed:
            self._take_back(call)
        elif now.is_missed and call.callback in (None, WITHHELD):
            self._miss(call)
        elif now.is_missed and before is not None and _is_elsewhere(before, now):
            self._look_again(call)
        if now.spoke_at is not None and now.number is not None and _spoke_anew(before, now):
            self._serve(call, now.number)

    def _miss(self, call: Call) -> None:
        """A missed call opens its case, or joins the one that is open for its number, or tells why there is none."""
        self._file.mark(call, *self._led_to(call))
        if not call.said_missed:
            self._file.mark_said(call)
            self._say_missed(call)

    def _led_to(self, call: Call) -> tuple[str, str | None]:
        number, first_at = call.record.number, call.record.first_at
        if call.registered is not None:
            return REGISTERED, None
        if number is None:
            return WITHHELD, None
        served = self._file.served_since(number, first_at)
        waiting = self._file.open_callbacks(number)
        if waiting and served is None:
            self._join(call, waiting[0])
            return JOINED, waiting[0]
        case_no = open_inquiry(self._uow, self._house.people, call, f"callback:{call.call_id}", words.TO_CALL_BACK)
        if served is not None:
            self._resolve(case_no, served)
        return OPENED, case_no

    def _join(self, call: Call, case_no: str) -> None:
        if len(self._file.members(case_no)) <= MOST_NOTED:
            self._step(case_no, "record_progress", text=words.missed_again(call.record, call.call_id))

    def _take_back(self, call: Call) -> None:
        """It was answered after all: the answer came late. Those who joined it still wait."""
        case_no = call.callback_case_no
        if case_no is None:
            self._file.mark(call, None, None)
            return
        text = words.answered_after_all(call.record, call.call_id)
        if call.callback == JOINED:
            self._file.mark(call, None, None)
            self._note(case_no, text)
            return
        joined = [each for each in self._file.members(case_no) if each.id != call.id]
        if self._case(case_no).kind == "inquiry" and self._can(case_no, "withdraw"):
            self._file.mark(call, WITHDRAWN, case_no)
            self._step(case_no, "withdraw", reason=text)
            self._let_go(joined)
        else:
            self._note(case_no, text)

    def _look_again(self, call: Call) -> None:
        """A missed call began earlier than was known, or came from another: perhaps it is served already."""
        number = call.record.number or ""
        served = self._file.served_since(number, call.record.first_at)
        if served is not None:
            self._serve(served, number)

    def _serve(self, call: Call, number: str) -> None:
        """Somebody spoke with the caller: what was missed before that is done."""
        for case_no in self._file.open_callbacks(number):
            members = [each for each in self._file.members(case_no) if each.record.is_missed]
            served = [each for each in members if _is_served(each.record, call.record)]
            others = [each for each in members if each not in served]
            if served and any(each.callback == OPENED for each in others):
                self._serve_joined(case_no, served, call)
            elif served and self._resolve(case_no, call):
                self._let_go(others)

    def _serve_joined(self, case_no: str, served: Sequence[Call], call: Call) -> None:
        """Of the calls of a case not the one that opened it: the case goes on without them."""
        for each in served:
            self._file.mark(each, SERVED, None)
        self._note(case_no, words.spoken(call.record))

    def _let_go(self, calls: Sequence[Call]) -> None:
        """Calls whose case is over without them: each is missed anew; the first opens a case, the others join it."""
        for each in calls:
            self._file.mark(each, None, None)
        for each in calls:
            self._miss(each)

    def _resolve(self, case_no: str, call: Call) -> bool:
        """Done, and who did it; a case that somebody made more of than an inquiry only hears of it: False."""
        result = words.spoken(call.record)
        if not self._can(case_no, "resolve"):
            self._note(case_no, result)
            return False
        dated = {"at": call.record.spoke_at, "at_reason": words.told_of(call.call_id)}
        when = {} if self._case(case_no).waiting else dated
        self._step(case_no, "resolve", result=result, accountable=(*call.record.users, PHONE)[0], **when)
        return True

    def _note(self, case_no: str, text: str) -> None:
        if self._can(case_no, "record_progress"):
            self._step(case_no, "record_progress", text=text)

    def _step(self, case_no: str, step: str, **fields: Any) -> None:
        request = {"case_no": case_no, "step": step, "by": PHONE, **fields}
        take_step(self._uow, self._house.people, request, self._house.handbook)

    def _can(self, case_no: str, step: str) -> bool:
        return is_ready(self._case(case_no), TABLE[step])

    def _case(self, case_no: str) -> Case:
        kept = CaseFile(self._uow.connection).find_to_change(case_no)
        if kept is None:
            raise NotFound(f"no case {case_no}", {"case_no": case_no})
        return kept.case

    def _say_missed(self, call: Call) -> None:
        """`call.missed.v1`, once a call; the number stays with intake (AL-4)."""
        now = self._file.again(call.source, call.call_id)
        data = {"call": words.missed_call(now.record, now.source, now.call_id, now.callback, now.callback_case_no)}
        subject = now.callback_case_no or now.call_id
        VOICE.stage(self._uow, [Event("call.missed.v1", subject, now.version, data)])


def _spoke_anew(before: CallRecord | None, now: CallRecord) -> bool:
    return before is None or (before.spoke_at, before.number) != (now.spoke_at, now.number)


def _is_elsewhere(before: CallRecord, now: CallRecord) -> bool:
    """Whether a missed call stands at another time, or is another caller's, than was known."""
    return now.number is not None and (before.first_at, before.number) != (now.first_at, now.number)


def _is_served(missed: CallRecord, spoken: CallRecord) -> bool:
    """Whether a call was with the same caller, after they had begun to call in vain; no later event undoes that."""
    return missed.number == spoken.number and spoken.spoke_at is not None and missed.first_at <= spoken.spoke_at
