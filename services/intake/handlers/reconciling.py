"""`reconcile_calls`: what an exchange kept of its calls, against what it told of them (IN-1).

Run again it does nothing again: what was mended is known by then. What fails refuses its own call and no other.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from services.intake.domain.calls import words
from services.intake.domain.calls.reconciling import INCOMPLETE, NO_CASE, UNHEARD, Leg, events_of, missing, reasons
from services.intake.domain.calls.record import fold
from services.intake.domain.dating import refuse_ahead
from services.intake.handlers.calling import hear_call
from services.intake.handlers.house import House
from services.intake.handlers.inquiries import open_inquiry
from services.intake.handlers.showing import call_as_wire
from services.intake.schemas import CallRow
from services.intake.storage.calls import Call, CallFile
from shared.base.database import UnitOfWork
from shared.base.schema import load
from shared.kernel.errors import Invalid, Refused

Answer = dict[str, Any]
Id = tuple[str, str]

_ROW: Final = CallRow()
_SAME: Final = ("direction", "started_at", "answered_at", "user", "queue", "cause", "recording")


def reconcile_calls(uow: UnitOfWork, house: House, request: Mapping[str, Any]) -> Answer:
    """Each call that is not on file as its exchange has it, with the reasons; with `apply` it is mended."""
    calls, refused = _read(uow, request)
    file = CallFile(uow.connection)
    if request["apply"]:
        file.lock_calls(calls)
    known = file.these(calls)
    if request["apply"]:
        file.lock_numbers(_numbers(uow, calls, known))
    found: list[Answer] = []
    for key, legs in calls.items():
        try:
            with uow.savepoint():
                line = _reconcile(uow, house, request, key, legs, known.get(key))
        except Refused as error:
            refused += [{"row": leg.row, "errors": error.detail or {"call_id": [error.message]}} for leg in legs]
            continue
        if line is not None:
            found.append(line)
    counts = {"read": len(request["calls"]), "calls": len(calls), "known": len(calls) - len(found)}
    return counts | {"found": found, "refused": sorted(refused, key=lambda each: each["row"])}


def _numbers(uow: UnitOfWork, calls: Mapping[Id, Sequence[Leg]], known: Mapping[Id, Call]) -> set[str]:
    """Every number concerned: all are locked before the first call is changed, so nobody waits in a circle."""
    told = [fold(events_of(legs, uow.now)).number for legs in calls.values()]
    return {number for number in [*told, *(call.record.number for call in known.values())] if number is not None}


def _read(uow: UnitOfWork, request: Mapping[str, Any]) -> tuple[dict[Id, list[Leg]], list[Answer]]:
    """The rows of each call, and the rows that are none."""
    calls: dict[Id, list[Leg]] = {}
    refused: list[Answer] = []
    for number, told in enumerate(request["calls"], start=1):
        row = _number(told, number)
        try:
            read = load(_ROW, told)
            refuse_ahead(read["started_at"], uow.now, "started_at")
            refuse_ahead(read.get("ended_at") or read["started_at"], uow.now, "ended_at")
        except Invalid as error:
            refused.append({"row": row, "errors": error.detail})
        else:
            source = read.get("source", request["source"])
            calls.setdefault((source, read["call_id"]), []).append(_leg(read, row))
    return calls, refused


def _number(told: Any, number: int) -> int:
    """The row's own number, where it has one."""
    own = told.get("row") if isinstance(told, dict) else None
    return own if isinstance(own, int) and not isinstance(own, bool) else number


def _leg(read: Mapping[str, Any], row: int) -> Leg:
    lasted = timedelta(seconds=read.get("seconds") or 0)
    answered_at = read.get("answered_at")
    ended_at = read.get("ended_at") or max(read["started_at"] + lasted, answered_at or read["started_at"])
    same = {name: read[name] for name in _SAME if name in read}
    return Leg(row=row, sent_from=read["from"] or "", sent_to=read["to"] or "", ended_at=ended_at, **same)


def _reconcile(
    uow: UnitOfWork, house: House, request: Mapping[str, Any], key: Id, legs: Sequence[Leg], call: Call | None
) -> Answer | None:
    told = events_of(legs, uow.now)
    why = reasons(call.record if call else None, told, has_case=_has_case(uow, key, call))
    if not why:
        return None
    repaired = []
    if request["apply"] and (lost := missing(call.record if call else None, told)):
        call = hear_call(uow, house, *key, lost)
        repaired = [each for each in why if each in (UNHEARD, INCOMPLETE)]
    if request["open_cases"] and NO_CASE in why and call is not None:
        open_inquiry(uow, house.people, call, call.call_id, words.NOT_REGISTERED)
        call = CallFile(uow.connection).again(*key)
        repaired.append(NO_CASE)
    shown = call_as_wire(call) if call else {"call_id": key[1], **({"source": key[0]} if key[0] else {})}
    return {"rows": [leg.row for leg in legs], "reasons": why, "repaired": repaired, "call": shown}


def _has_case(uow: UnitOfWork, key: Id, call: Call | None) -> bool:
    if call is not None:
        return call.registered is not None or call.callback_case_no is not None
    return CallFile(uow.connection).is_registered(*key)
