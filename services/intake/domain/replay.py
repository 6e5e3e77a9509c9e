"""A case is what its entries make of it: the same entries give the same case (IN-2).

`apply` is the only way in which anything about a case changes, also while a step is taken.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from types import SimpleNamespace
from typing import Any, Final

from services.intake.domain.case import Account, Case, Customer
from services.intake.domain.facts import Entry, Fact
from services.intake.domain.handling import NOTHING
from services.intake.domain.steps import BY_FACT
from services.intake.domain.vocabulary import REGISTERED
from shared.kernel.vocabulary import RECEIVED

_ATTRIBUTES: Final = frozenset(
    "kind channel region category severity verifiable repeat_of cause department owner product complained_about".split()
)
_ALWAYS_KEPT: Final = frozenset("measure_proposed approved plan_agreed cause_determined improvement_set".split())
"""Facts of the first release after which something of the handling is kept."""
_NEVER_WITHOUT: Final = frozenset(
    "approvers_named analysis_requested finding_given department_excused improvement_followed_up "
    "fed_back urged compensation_proposed".split()
)
"""Facts that came with the handling: a case that has one keeps it."""
_FIELDS: Final = [each.name for each in fields(Case)]
_NO_MOVES: Final[Mapping[str, str]] = {}
_WAITING: Final = {"waiting_started": True, "waiting_ended": False}


def begin(case_no: str, entry: Entry) -> Case:
    """The case that its first entry, `received`, makes."""
    fact, detail = entry.fact, entry.detail
    return Case(
        case_no=case_no,
        state=REGISTERED,
        received_at=fact.at,
        customer=Customer(**detail["customer"]),
        account=Account(**detail["account"]),
        last_seq=fact.seq,
        milestones={RECEIVED: fact.at},
        **fact.set,
    )


def apply(case: Case, entry: Entry) -> Case:
    """The case once this entry has happened; illegal steps were refused before they became facts."""
    return replace(case, **_changes(case, entry))


def _changes(case: Case, entry: Entry) -> dict[str, Any]:
    fact = entry.fact
    changed: dict[str, Any] = {name: value for name, value in fact.set.items() if name in _ATTRIBUTES}
    if fact.name == "corrected":
        changed |= _corrected(case, entry.detail["set"])
    return {
        "state": _state_after(case, fact),
        "waiting": _WAITING.get(fact.name, case.waiting),
        "last_seq": fact.seq,
        "milestones": _milestones(case.milestones, fact),
        "threads": case.threads.after(fact.name, fact.key, fact.voids),
        "handling": case.handling.after(entry),
        **changed,
    }


def replay(case_no: str, entries: Sequence[Entry]) -> Case:
    """The case that these entries make, in their order; its version is left to whoever counts requests."""
    first = begin(case_no, entries[0])
    # One draft for all of them: whole records are replayed to be verified, a copy for each entry would be half of it.
    draft: Any = SimpleNamespace(**{name: getattr(first, name) for name in _FIELDS})
    for entry in entries[1:]:
        vars(draft).update(_changes(draft, entry))
    return Case(**vars(draft))


def was_handled_before(case: Case) -> bool:
    """Whether a case was handled before its handling was kept with it: only its entries tell how."""
    return case.handling is NOTHING and not _ALWAYS_KEPT.isdisjoint(case.milestones)


def may_lack_handling(case: Case) -> bool:
    """Whether an older release may have kept this case, without its handling."""
    return _NEVER_WITHOUT.isdisjoint(case.milestones)


def _state_after(case: Case, fact: Fact) -> str:
    step = BY_FACT.get(fact.name)
    if step is None or fact.set.get("passed") is False:
        return case.state
    also = step.also.get(case.kind, _NO_MOVES)
    return also.get(case.state) or step.moves.get(case.state, case.state)


def _milestones(before: Mapping[str, Any], fact: Fact) -> dict[str, Any]:
    return {**before, fact.name: max(fact.at, before.get(fact.name, fact.at))}


def _corrected(case: Case, asked: Mapping[str, Any]) -> dict[str, Any]:
    """What a correction changes of the customer and of the account, which no fact carries."""
    told = {name: asked[name] for name in ("subject", "description", "demand") if name in asked}
    return {
        "customer": replace(case.customer, **asked.get("customer", {})),
        "account": replace(case.account, **told),
    }
