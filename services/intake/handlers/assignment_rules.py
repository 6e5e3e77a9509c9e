"""What an operator does with the rules of assignment: publish them, look at them, let them work on what is there."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from services.intake.domain.assignment.rules_file import read_rules
from services.intake.domain.refusals import conflict, no_such_case
from services.intake.domain.steps import legal_steps
from services.intake.handlers.assigning import ASSIGNMENT, DETAIL, Given, decide, give_out
from services.intake.handlers.house import House
from services.intake.handlers.rule_book import known_to
from services.intake.handlers.vouching import actor_of
from services.intake.storage import assignment, fresh
from services.intake.storage.assignment import Published
from services.intake.storage.repository import CaseFile, Kept
from shared.base.database import UnitOfWork
from shared.base.paging import cut, place_after
from shared.base.yaml_file import parse_yaml
from shared.kernel.errors import Conflict, Invalid, Misconfigured, NotFound
from shared.kernel.instants import format_instant

Answer = dict[str, Any]
MOST_VALUES = 20_000
"""Words and numbers of a file of rules, written out."""
VERSIONS = 50
"""Versions that are listed, newest first."""


def publish_assignment(house: House, uow: UnitOfWork, request: Answer) -> Answer:
    """Make a version of the rules; the same again changes nothing. Raises Invalid with every mistake in it."""
    actor_of(house.people, request["by"])
    body = _body(request)
    try:
        rules = read_rules(body, "rules", known_to(house.people))
    except Misconfigured as error:
        raise Invalid(str(error), {"rules": [each.removeprefix("rules: ") for each in error.problems]}) from None
    fresh.take_turns(uow.connection)
    newest = assignment.published(uow.connection)
    if newest and newest[0].body == body:
        return _told(newest[0])
    version = newest[0].version + 1 if newest else 1
    new = Published(version=version, name=rules.name, body=body, by=request["by"], note=request.get("note"), at=uow.now)
    assignment.publish(uow.connection, new)
    return _told(new)


def show_assignment(connection: sa.Connection, request: Answer) -> Answer:
    """Which rules there were, newest first, and the one in force or asked for with all that it says."""
    versions = assignment.published(connection, most=VERSIONS)
    asked = assignment.published(connection, request.get("version"))
    if not asked and "version" in request:
        raise NotFound(f"there is no version {request['version']} of the rules; `assignment` lists what there is")
    answer: Answer = {
        "active": bool(versions and versions[0].body.get("rules")),
        "versions": [_told(each) for each in versions],
    }
    return answer | ({"body": asked[0].body} if asked else {})


def run_assignment(house: House, uow: UnitOfWork, request: Answer) -> Answer:
    """Give out a page of the cases that nobody has, oldest first."""
    found = _in_force(house, uow.connection)
    page, following = _page(house, uow.connection, request)
    given = give_out(house, uow, found, [each.id for each in page])
    return {"cases": [_outcome(each) for each in given], **following}


def preview_assignment(house: House, connection: sa.Connection, now: datetime, request: Answer) -> Answer:
    """What `run_assignment` would do with this page now; changes nothing."""
    found = _in_force(house, connection)
    page, following = _page(house, connection, request)
    return {"cases": [_outcome(each) for each in decide(house.people, connection, now, found, page)], **following}


def explain_assignment(house: House, connection: sa.Connection, now: datetime, request: Answer) -> Answer:
    """Why a case went to whom it went, or to nobody; and what the rules would make of it now."""
    file = CaseFile(connection)
    kept = file.find(request["case_no"])
    if kept is None:
        raise no_such_case(request["case_no"])
    house.rights.refuse_reading(request.get("by"), kept.case)
    answer: Answer = {"case_no": kept.case.case_no, "state": kept.case.state}
    answer |= {"owner": kept.case.owner} if kept.case.owner else {}
    answer |= {"assigned": _assigned(file, kept)}
    if why := assignment.why_unassigned(connection, kept.id):
        answer |= {"unassigned": dict(why)} if kept.case.owner is None else {}
    if found := house.book.rules(connection):
        (would,) = decide(house.people, connection, now, found, [kept])
        answer["now"] = _outcome(would)
    return answer


def _assigned(file: CaseFile, kept: Kept) -> list[Answer]:
    """Each hand-over by the rules, with its reason, and what came after it by hand."""
    return [
        {"at": format_instant(entry.fact.at), "by": entry.fact.by, "owner": entry.fact.set.get("owner")}
        | ({"reason": entry.detail[DETAIL]} if entry.fact.by == ASSIGNMENT and DETAIL in entry.detail else {})
        for entry, _version in file.history(kept)
        if entry.fact.name == "handed_over"
    ]


def _in_force(house: House, connection: sa.Connection) -> Any:
    found = house.book.rules(connection)
    if found is None:
        raise Conflict("there are no rules of assignment; `aftercare assignment load FILE` publishes some", {})
    return found


def _page(house: House, connection: sa.Connection, request: Answer) -> tuple[Sequence[Kept], dict[str, str]]:
    if "case_no" in request:
        return [_one(house, connection, request["case_no"])], {}
    limit = request["limit"]
    found = assignment.unowned(connection, limit + 1, place_after(request))
    return cut(found, limit, lambda kept: (kept.case.received_at, kept.id))


def _one(house: House, connection: sa.Connection, case_no: str) -> Kept:
    kept = CaseFile(connection).find(case_no)
    if kept is None:
        raise no_such_case(case_no)
    if kept.case.owner is not None or kept.case.state != "registered":
        why = f"it is {kept.case.state}: rules give out what nobody has"
        raise conflict(kept.case, why, legal_steps(kept.case, house.handbook))
    return kept


def _outcome(given: Given) -> Answer:
    owner = {"owner": given.choice.owner} if given.choice.owner else {}
    return {"case_no": given.case_no, **owner, "reason": dict(given.reason)}


def _body(request: Answer) -> dict[str, Any]:
    """The rules as JSON that every database can keep: the dates of a YAML file become text, which is read alike."""
    field = "rules" if "rules" in request else "text"
    try:
        data = request["rules"] if field == "rules" else parse_yaml(request["text"], "text")
        _refuse_endless(data, field)
        text = json.dumps(data, default=str, ensure_ascii=False, allow_nan=False)
        text.encode()
    except Misconfigured as error:
        raise Invalid(str(error), {"text": error.problems}) from None
    except (ValueError, TypeError, RecursionError):
        raise Invalid.field(field, "holds what no JSON can say; write words, numbers and lists") from None
    body = json.loads(text)
    if not isinstance(body, dict) or "\\u0000" in text:
        raise Invalid.field(field, "is no mapping of plain words; begin with `assignment: name`")
    return body


def _refuse_endless(data: Any, field: str) -> None:
    """Raise Invalid for what is huge once it is written out: aliases of YAML make much of little."""
    left, waiting = MOST_VALUES, [data]
    while waiting:
        value = waiting.pop()
        left -= 1
        if left < 0:
            raise Invalid.field(field, f"holds more than {MOST_VALUES} values; write fewer, or fewer aliases")
        if isinstance(value, dict | list):
            waiting.extend(value.values() if isinstance(value, dict) else value)


def _told(published: Published) -> Answer:
    told = {
        "version": published.version,
        "name": published.name,
        "at": format_instant(published.at),
        "rules": len(published.body.get("rules") or []),
    }
    return told | {name: value for name, value in (("by", published.by), ("note", published.note)) if value}
