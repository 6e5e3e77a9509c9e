"""Repeats: detected behind the caller's back, told, confirmed or rejected by a person (IN-20)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa

from services.intake.domain.refusals import no_such_case
from services.intake.domain.repeats.detect import Proposal, keys_of, propose
from services.intake.domain.repeats.matter import Matter, matter_of
from services.intake.domain.repeats.policy import SUBJECT, RepeatPolicy
from services.intake.handlers.house import House
from services.intake.handlers.rights import Rights
from services.intake.handlers.stepping import take_step
from services.intake.storage import repeats
from services.intake.storage.repeats import CONFIRMED, PROPOSED, REJECTED, Wanted
from services.intake.storage.repository import CaseFile, Kept
from services.intake.storage.search import CALLER_LIMIT
from shared.base.database import UnitOfWork
from shared.base.paging import cut, place_after
from shared.kernel.errors import Conflict, NotFound
from shared.kernel.instants import format_instant

Answer = dict[str, Any]
Keys = Mapping[str, Sequence[int]]

ENOUGH: Final = 2
FEW_WORDS: Final = 3
"""Keys of a subject of one or two words: each word, and the whole."""
OLD_AT_ONCE: Final = 1000
"""Cases whose keys go in one transaction."""
REGISTERED_LATE: Final = timedelta(days=30)
"""A case may come on file so long after it came in, and is compared with what was before it then."""
OWN_AND_ONE_MORE: Final = 2
"""Beside those that may share a key: the case itself, and the one that makes them too many."""


def detect_repeats(house: House, uow: UnitOfWork, batch: Sequence[Kept]) -> None:
    """Propose what seems to be the same matter again, and have these cases found by those that come."""
    policy = house.repeats
    matters = {kept.id: matter_of(kept.id, kept.case) for kept in batch}
    keys = {case_id: found for case_id, matter in matters.items() if (found := keys_of(matter, policy))}
    flat = {case_id: [key for each in found.values() for key in each] for case_id, found in keys.items()}
    if not any(flat.values()):
        return
    repeats.add_keys(uow.connection, flat)
    everything = [key for own in flat.values() for key in own]
    under = repeats.newest_under(uow.connection, everything, policy.shared_by + OWN_AND_ONE_MORE)
    near = {case_id: _near(matters[case_id], keys[case_id], under, policy) for case_id in keys}
    others = {case_id for ids in near.values() for case_id in ids} - matters.keys()
    matters |= {matter.id: matter for matter in repeats.compared(uow.connection, others)}
    proposals = [propose(matters[own], (matters[each] for each in ids), policy, uow.now) for own, ids in near.items()]
    repeats.propose(uow.connection, [_row(each) for each in proposals if each is not None], uow.now)


def _near(matter: Matter, keys: Keys, under: Mapping[int, Sequence[Any]], policy: RepeatPolicy) -> set[int]:
    """The cases that share a key within its window; none of a key that too many share.

    A single word of a subject that they share is no reason to look at them: two are, or the whole of it.
    """
    hits: Counter[int] = Counter()
    for name, own in keys.items():
        for key in own:
            weight = 1 if name == SUBJECT and len(own) > FEW_WORDS else ENOUGH
            hits.update(dict.fromkeys(_within(matter, under[key], name, policy), weight))
    return {case_id for case_id, count in hits.items() if count >= ENOUGH}


def _within(matter: Matter, rows: Iterable[Any], name: str, policy: RepeatPolicy) -> Iterable[int]:
    window = policy.reasons[name].window
    found = [case_id for case_id, at in rows if case_id != matter.id and matter.received_at - at <= window]
    return found if len(found) <= policy.shared_by else ()


def _row(proposal: Proposal) -> dict[str, Any]:
    return {
        "case_id": proposal.case.id,
        "case_no": proposal.case.case_no,
        "first_case": proposal.first,
        "reasons": [reason.to_json() for reason in proposal.reasons],
        "score": proposal.score,
    }


def show_repeats(connection: sa.Connection, request: Answer, rights: Rights | None = None) -> Answer:
    """A page of proposals in the order in which they were made; without a state and a case, those to be decided."""
    asked = {name: request[name] for name in ("case_no", "state", "region") if name in request}
    if not asked.keys() & {"case_no", "state"}:
        asked["state"] = PROPOSED
    sight = rights.sight(request.get("by")) if rights else None
    wanted = Wanted(limit=request["limit"], after=place_after(request), sight=sight, **asked)
    if "case_no" in asked and CaseFile(connection).find(asked["case_no"]) is None:
        raise no_such_case(asked["case_no"])
    page, following = cut(repeats.page(connection, wanted), wanted.limit, lambda row: (row.proposed_at, row.case_id))
    return {"repeats": [_told(row) | {"case": _about(row)} for row in page], **following}


def _about(row: Any) -> Answer:
    """What the case is about; of somebody protected what they told stays with the case."""
    told = {"region": row.region, "kind": row.kind}
    return told if row.protected else told | {"subject": row.subject}


def proposed_of(connection: sa.Connection, kept: Kept) -> Answer:
    """What was proposed of a case, and what became of it; nothing when nothing was."""
    found = repeats.of_cases(connection, [kept.id])
    return {"repeat_proposal": _told(found[0])} if found else {}


def about_repeats(connection: sa.Connection, cases: Sequence[Kept]) -> Answer:
    """Whether a caller called before about the same thing, and what was proposed of their open cases.

    So many cases that not all are looked at are a shared number's, a hotline's or a shop's: it says nothing.
    """
    told = [kept for kept in cases if not kept.case.customer.protected]
    again = any(kept.case.is_open or kept.case.repeat_of for kept in told) and len(cases) < CALLER_LIMIT
    found = repeats.of_cases(connection, [kept.id for kept in told if kept.case.is_open])
    names = ("case_no", "first_case", "state")
    seems = [{name: getattr(row, name) for name in names} for row in found if row.state != REJECTED]
    return {"repeat": again, **({"repeats": seems} if seems else {})}


def confirm_repeat(house: House, uow: UnitOfWork, request: Answer) -> Answer:
    """Link the case to its first, as `link_repeat` does: linked, never merged; the case as it then stands."""
    proposal = _undecided(uow, request["case_no"])
    reasons = ", ".join(_WORDS[each["reason"]] for each in proposal.reasons)
    step = {
        "case_no": proposal.case_no,
        "step": "link_repeat",
        "by": request["by"],
        "repeat_of": proposal.first_case,
        "reason": request.get("reason") or f"confirmed: {reasons}",
    }
    answer = take_step(uow, house.people, step, house.handbook, house.rights)
    _decide(uow, proposal, CONFIRMED, request)
    return answer


def reject_repeat(house: House, uow: UnitOfWork, request: Answer) -> Answer:
    """Remember that the case is a matter of its own: it is never proposed again."""
    kept = CaseFile(uow.connection).find(request["case_no"])
    if kept is None:
        raise no_such_case(request["case_no"])
    house.rights.refuse_method("reject_repeat", request["by"], kept.case)
    proposal = _undecided(uow, request["case_no"])
    _decide(uow, proposal, REJECTED, request)
    return _told(repeats.find(uow.connection, request["case_no"]))


_WORDS: Final = {
    "phone": "the same phone",
    "serial_no": "the same serial number",
    "order_no": "the same order number",
    "subject": "a like subject in the same region",
}


def _undecided(uow: UnitOfWork, case_no: str) -> Any:
    proposal = repeats.find(uow.connection, case_no)
    if proposal is None:
        if CaseFile(uow.connection).find(case_no) is None:
            raise no_such_case(case_no)
        why = f"nothing is proposed about case {case_no}; `repeats` lists what is"
        raise NotFound(why, {"case_no": case_no, "proposal": None})
    if proposal.state != PROPOSED:
        why = f"the proposal about case {case_no} was {proposal.state} by {proposal.by} already"
        raise Conflict(why, {"state": proposal.state, "first_case": proposal.first_case, "legal": []})
    return proposal


def _decide(uow: UnitOfWork, proposal: Any, state: str, request: Answer) -> None:
    decided = {"state": state, "by": request["by"], "at": uow.now, "note": request.get("reason")}
    repeats.decide(uow.connection, proposal.case_id, decided)


def _told(row: Any) -> Answer:
    told = {
        "case_no": row.case_no,
        "first_case": row.first_case,
        "reasons": row.reasons,
        "score": row.score,
        "state": row.state,
        "proposed_at": format_instant(row.proposed_at),
    }
    optional = {"by": row.by, "at": row.at and format_instant(row.at), "note": row.note}
    return told | {name: value for name, value in optional.items() if value}


def forget_old_keys(policy: RepeatPolicy, uow: UnitOfWork) -> int:
    """Delete a page of keys that no case to come is compared with; how many went. Registering goes on in between."""
    return repeats.forget_keys(uow.connection, uow.now - policy.longest - REGISTERED_LATE, OLD_AT_ONCE)
