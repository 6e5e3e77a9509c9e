"""The questions: `get_case`, `find_cases`, `lookup_caller`, `case_status`. They change nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final

import sqlalchemy as sa

from services.intake.domain.handling.book import CONTRACT, Handbook
from services.intake.domain.handling.telling import handling_as_wire
from services.intake.domain.protecting import guarded, guarded_entry
from services.intake.domain.refusals import no_such_case
from services.intake.domain.speech import speak
from services.intake.domain.warranty import Rule
from services.intake.domain.wire import case_for_staff, case_in_list, history_as_wire, zone_of
from services.intake.handlers.evidence import files_shown
from services.intake.handlers.owing import tasks_shown
from services.intake.handlers.recognising import who_calls
from services.intake.handlers.repeating import about_repeats, proposed_of
from services.intake.handlers.rights import Rights
from services.intake.handlers.showing import calls_of
from services.intake.handlers.warranties import case_judged, day_of, item_shown
from services.intake.storage import repeats
from services.intake.storage.customers import is_reached
from services.intake.storage.repository import CaseFile, Kept
from services.intake.storage.search import Search, Wanted
from shared.base.paging import cut, place_after
from shared.base.people import People
from shared.kernel.instants import format_instant, parse_instant

Answer = dict[str, Any]

SPOKEN: Final = 5
"""Cases that a caller is told of at most."""


def get_case(
    rules: Sequence[Rule],
    connection: sa.Connection,
    request: Mapping[str, Any],
    rights: Rights | None = None,
    book: Handbook = CONTRACT,
    now: datetime | None = None,
) -> Answer:
    """One case with all its facts and its history; the identity of somebody protected only where it is asked for.

    Raises Forbidden where `by` may not read it.
    """
    file = CaseFile(connection)
    kept = file.find(request["case_no"])
    if kept is None:
        raise no_such_case(request["case_no"])
    if rights:
        rights.refuse_reading(request.get("by"), kept.case)
    zone = zone_of(kept.case.region)
    history = [history_as_wire(entry, version, zone) for entry, version in file.history(kept)]
    told = case_for_staff(kept.case) | {"facts": file.facts(kept)} | case_judged(connection, rules, kept.case)
    told |= proposed_of(connection, kept) | (rights.owing(kept.case) if rights else {})
    told |= handling_as_wire(kept.case, book) | files_shown(connection, kept)
    told |= tasks_shown(kept.case, book.duties, now)
    if request.get("identity") or not kept.case.customer.protected:
        return told | {"history": history}
    return guarded(kept.case, told | {"history": [guarded_entry(each) for each in history]})


def find_cases(
    people: People, connection: sa.Connection, request: Mapping[str, Any], rights: Rights | None = None
) -> Answer:
    """A page of cases, oldest first unless the newest are asked for; `next` is there while there are more."""
    rights = rights or Rights(people)
    asked = {name: value for name, value in request.items() if name != "after"}
    owner = asked.pop("owner", None)
    wanted = Wanted(
        sight=rights.sight(asked.pop("by", None)),
        owners=people.names_of(owner) if owner else None,
        since=asked.pop("from", None),
        before=asked.pop("to", None),
        after=place_after(request),
        **asked,
    )
    found = Search(connection).page(wanted)
    page, following = cut(found, wanted.limit, lambda kept: (kept.case.received_at, kept.id))
    seems = repeats.undecided(connection, [kept.id for kept in page])
    told = [guarded(kept.case, case_in_list(kept.case)) | _seems(seems.get(kept.id)) for kept in page]
    return {"cases": told, **following}


def _seems(first: str | None) -> Answer:
    return {} if first is None else {"seems_repeat_of": first}


def lookup_caller(
    rules: Sequence[Rule],
    now: datetime,
    connection: sa.Connection,
    request: Mapping[str, Any],
    rights: Rights | None = None,
) -> Answer:
    """Who is calling and what is open for them (IN-10); `repeat` when they may be calling about it again.

    Of somebody protected nothing is shown: whoever picks up the phone may be the one complained about.
    """
    if request["phone"] is None:
        return {"open_cases": [], "equipment": [], "calls": [], "repeat": False}
    sight = rights.sight(request.get("by")) if rights else None
    cases = Search(connection).of_phone(request["phone"], sight)
    file = CaseFile(connection)
    still_open = [_line(file, kept) for kept in cases if kept.case.is_open and not kept.case.customer.protected]
    calls = calls_of(connection, [request["phone"]])
    answer: Answer = {"open_cases": still_open, "equipment": [], "calls": calls, **about_repeats(connection, cases)}
    customers = [kept.case.customer for kept in cases]
    return answer | who_calls(connection, request["phone"], customers, partial(item_shown, rules, day_of(now)))


def case_status(connection: sa.Connection, request: Mapping[str, Any]) -> Answer:
    """How the caller's cases stand, in words that are safe to say aloud (IN-11).

    A withheld number is as good as none. Of somebody anonymous or protected nothing is said to a mere number: it may
    be that of the house or the company they complain about.
    """
    phone = request.get("phone")
    if "case_no" in request:
        cases = [_own_case(connection, request["case_no"], phone)]
    else:
        everything = [] if phone is None else Search(connection).of_phone(phone)
        told = [kept for kept in everything if not (kept.case.customer.anonymous or kept.case.customer.protected)]
        cases = [kept for kept in told if kept.case.is_open] or told[:1]
    file = CaseFile(connection)
    return {"cases": [_spoken(file, kept) for kept in cases[:SPOKEN]]}


def _own_case(connection: sa.Connection, case_no: str, phone: str | None) -> Kept:
    kept = CaseFile(connection).find(case_no)
    # A caller who gives a number too hears only of what is theirs; of what is not, no more than that it is not there.
    if kept is None or (phone is not None and not _belongs(connection, kept, phone)):
        raise no_such_case(case_no)
    return kept


def _belongs(connection: sa.Connection, kept: Kept, phone: str) -> bool:
    """Whether the case came from this number, or belongs to a customer whom it reaches too."""
    theirs = kept.case.customer_id
    return kept.case.customer.phone == phone or (theirs is not None and is_reached(connection, theirs, phone))


def _spoken(file: CaseFile, kept: Kept) -> Answer:
    case = kept.case
    say = speak(case, _reply_by(file, kept), zone_of(case.region))
    return {"case_no": case.case_no, "state": case.state, "say": say}


def _line(file: CaseFile, kept: Kept) -> Answer:
    case = kept.case
    line = {"case_no": case.case_no, "state": case.state, "subject": case.account.subject}
    reply_by = _reply_by(file, kept)
    return line | ({"reply_by": format_instant(reply_by, zone_of(case.region))} if reply_by else {})


def _reply_by(file: CaseFile, kept: Kept) -> datetime | None:
    """When an answer was promised, until one was given that says what will be done and by when."""
    if not kept.promise or not kept.case.is_open or _is_answered(file, kept):
        return None
    return parse_instant(kept.promise["reply_by"])


def _is_answered(file: CaseFile, kept: Kept) -> bool:
    """Whether a reply stopped `first_response`: a mere sign of life, which sets no due instant, does not."""
    if "replied" not in kept.case.milestones:
        return False
    return any(fact["fact"] == "replied" and "due_at" in fact for fact in file.facts(kept))
