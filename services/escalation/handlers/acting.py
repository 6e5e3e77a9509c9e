"""What people do: acknowledge, hand on, resolve, ask for help, form a team (ES-3, ES-4)."""

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa

from services.escalation.domain import acting
from services.escalation.domain.acting import Handing
from services.escalation.domain.dossier import Dossier, Team
from services.escalation.domain.escalation import Escalation
from services.escalation.domain.hearing import ask_for_help, helping
from services.escalation.handlers.asking import escalation_answer, team_answer
from services.escalation.handlers.guessing import WrongCode
from services.escalation.handlers.keeping import keep
from services.escalation.handlers.rules import Rules
from services.escalation.handlers.vouching import members, reached
from services.escalation.storage import dossiers, records
from shared.base.database import UnitOfWork
from shared.base.vouching import vouch
from shared.kernel.errors import Conflict, NotFound

Answer = dict[str, Any]
Request = Mapping[str, Any]


class NotHeardOf(NotFound):
    """No event of this case or order has come here yet; its first may be on its way."""


def acknowledge(rules: Rules, uow: UnitOfWork, request: Request) -> Answer:
    """Somebody has it: the escalation of the code or the id, or every open one of the case."""
    if "code" in request:
        return _by_code(rules, uow, request)
    by = vouch(rules.staff, request["by"])
    return _each_meant(uow, request, by, lambda dossier, walk: acting.acknowledge(dossier, rules, walk, uow.now, by))


def _by_code(rules: Rules, uow: UnitOfWork, request: Request) -> Answer:
    found = records.target_of_code(uow.connection, request["code"])
    if found is None:
        kind = NotFound if records.was_code(uow.connection, request["code"]) else WrongCode
        raise kind("no open escalation has this code; it may be settled already")
    walk_id, person = found
    by = vouch(rules.staff, request.get("by", person))
    named = {"escalation_id": walk_id}
    return _each_meant(uow, named, by, lambda dossier, walk: acting.acknowledge(dossier, rules, walk, uow.now, by))


def hand_on(rules: Rules, uow: UnitOfWork, request: Request) -> Answer:
    """Somebody else is asked: a person, or the next level."""
    people = rules.staff
    to = reached(people, "to", request["to"]) if "to" in request else None
    handing = Handing(to, _reason(request), vouch(people, request["by"]))
    return _each_meant(
        uow, request, handing.by, lambda dossier, walk: acting.hand_on(dossier, rules, walk, uow.now, handing)
    )


def resolve(rules: Rules, uow: UnitOfWork, request: Request) -> Answer:
    """It is settled, by hand."""
    by = vouch(rules.staff, request["by"])
    reason = _reason(request)
    return _each_meant(uow, request, by, lambda dossier, walk: acting.resolve(dossier, walk, uow.now, by, reason))


def open_(rules: Rules, uow: UnitOfWork, request: Request) -> Answer:
    """Field staff ask for help: one level above where the case would begin, or where it stands (ES-2)."""
    by = vouch(rules.staff, request["by"])
    dossier = _locked(uow, request)
    acting.refuse_concerned(dossier, by)
    if acting.needs_nobody(dossier):
        raise Conflict(
            f"case {dossier.about.subject} has ended; reopen it first", {"state": "ended", "legal": ["reopen"]}
        )
    if not ask_for_help(dossier, rules, uow.now, by, _reason(request)):
        raise Conflict("the policy has no trigger `asked`, so nobody can be called by hand", {"legal": []})
    keep(uow, [dossier])
    return _answer(uow, dossier, dossier.open_walks(), helping(dossier))


def form_team(rules: Rules, uow: UnitOfWork, request: Request) -> Answer:
    """The handling team of a case, formed or changed; there is one."""
    people = rules.staff
    leader = members(people, "leader", [request["leader"]])[0]
    team = Team(
        leader=leader,
        members=tuple(each for each in members(people, "members", request["members"]) if each != leader),
        visit_at=request.get("visit_at"),
        by=vouch(people, request["by"]),
        at=uow.now,
    )
    dossier = _locked(uow, request)
    if dossier.about.is_order:
        raise NotFound(f"{dossier.about.subject} is a work order; a team is formed for a case")
    acting.refuse_concerned(dossier, team.by)
    acting.form_team(dossier, team)
    keep(uow, [dossier])
    return team_answer(dossier)


def _each_meant(uow: UnitOfWork, request: Request, by: str, do: Callable[[Dossier, Escalation], Escalation]) -> Answer:
    """Do it to every open escalation that the request means; raises NotFound or Conflict when it means none."""
    dossier = _locked(uow, request)
    acting.refuse_concerned(dossier, by)
    ladder, walk_id = request.get("ladder"), request.get("escalation_id")
    meant = [walk for walk in dossier.walks.values() if ladder in (None, walk.ladder) and walk_id in (None, walk.id)]
    still = [walk for walk in meant if not walk.is_over]
    if not meant:
        missing = NotFound if dossier.version else NotHeardOf  # clocks may be heard of before their case
        raise missing(f"{dossier.about.subject} has no such escalation", {"escalations": list(dossier.walks)})
    if not still:
        raise Conflict(
            f"the escalation of {dossier.about.subject} is resolved already", {"state": "resolved", "legal": ["open"]}
        )
    done = [do(dossier, walk) for walk in still]
    keep(uow, [dossier])
    return _answer(uow, dossier, done, done)


def _answer(uow: UnitOfWork, dossier: Dossier, walks: list[Escalation], meant: list[Escalation]) -> Answer:
    """These escalations; where exactly one was meant, its id and state at the top too."""
    uow.flush()
    told: Answer = {"escalations": [escalation_answer(uow.connection, walk, dossier.about) for walk in walks]}
    return told | {"escalation_id": meant[0].id, "state": str(meant[0].state)} if len(meant) == 1 else told


def _reason(request: Request) -> str:
    """Why, in their words; nothing when they said nothing."""
    reason: str = request.get("reason", "")
    return reason


def _locked(uow: UnitOfWork, request: Request) -> Dossier:
    walk_id = request.get("escalation_id")
    subject: str | None = _subject(request)
    if walk_id is not None:
        subject = records.subject_of(uow.connection, walk_id)
    found = dossiers.lock(uow.connection, [subject]) if subject else []
    if not found:
        missing = NotHeardOf if walk_id is None else NotFound
        raise missing(f"nothing is known of {walk_id or subject} here (yet)")
    return found[0]


def is_heard_of(request: Request, connection: sa.Connection) -> bool:
    """Whether the case or order of a request has been heard of itself, not only one of its clocks."""
    return any(each.version for each in dossiers.find(connection, [_subject(request)]))


def _subject(request: Request) -> str:
    named: str = request.get("case_no") or request.get("order_no") or ""
    return named
