"""Which earlier case, if any, a case seems to repeat: pure, from what was found under the same keys."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from services.intake.domain.case import Case
from services.intake.domain.repeats.likeness import features, key, likeness, sketch
from services.intake.domain.repeats.policy import PHONE, REASONS, SERIAL, SUBJECT, RepeatPolicy
from services.intake.domain.vocabulary import CLOSED, WITHDRAWN
from shared.kernel.regions import UNASSIGNED

_OVER: Final = (CLOSED, WITHDRAWN)
MOST_POINTS: Final = 100


@dataclass(frozen=True, slots=True)
class Found:
    """A case as it stands in its row."""

    id: int
    case: Case


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that two cases have in common."""

    name: str
    points: int
    alike: float | None = None

    def to_json(self) -> dict[str, Any]:
        """As it is kept and told; what it is that they share stands in the cases."""
        return {"reason": self.name, "points": self.points} | (
            {} if self.alike is None else {"alike": round(self.alike, 2)}
        )


@dataclass(frozen=True, slots=True)
class Proposal:
    """The case seems to repeat `first`; a person decides."""

    case: Found
    first: str
    reasons: Sequence[Reason]

    @property
    def score(self) -> int:
        """How much speaks for it, up to 100."""
        return min(MOST_POINTS, sum(reason.points for reason in self.reasons))


def keys_of(case: Case, policy: RepeatPolicy) -> dict[str, list[int]]:
    """Under which keys a case is found, by reason; none for a kind that never repeats, and for who stays unknown."""
    if case.kind not in policy.kinds or _is_hidden(case):
        return {}
    return {name: [key(name, *given) for given in _given(case, name)] for name in policy.reasons}


def _given(case: Case, name: str) -> list[tuple[str, ...]]:
    if name == PHONE:
        return [(case.customer.phone,)] if case.customer.phone else []
    if name == SUBJECT:
        words = features(case.account.subject) if case.region != UNASSIGNED else frozenset()
        # The whole of it too: of an ordinary subject every single word may be one that very many have.
        whole = [("", *sorted(words))] if words else []
        return [(case.region, word) for word in sketch(words)] + [(case.region, *each) for each in whole]
    number = _plain(case.product.get(name))
    return [(number,)] if number else []


def propose(new: Found, near: Mapping[str, Iterable[Found]], policy: RepeatPolicy, now: datetime) -> Proposal | None:
    """The earlier case that most speaks for, of those found under the same keys; of equal ones the first."""
    if new.case.repeat_of is not None:
        return None
    candidates = {found.id: found for each in near.values() for found in each if _comes_before(found, new)}
    judged = [(found, list(_reasons(new.case, found.case, policy))) for found in candidates.values()]
    fits = [(found, reasons) for found, reasons in judged if reasons and not _is_over(found.case, policy, now)]
    if not fits:
        return None
    found, reasons = max(fits, key=lambda fit: (sum(each.points for each in fit[1]), _age(fit[0])))
    first = found.case.repeat_of or found.case.case_no
    return Proposal(new, first, reasons) if first != new.case.case_no else None


def _is_hidden(case: Case) -> bool:
    """Whether nobody may find out by comparing who it is."""
    return case.customer.anonymous or case.customer.protected


def _comes_before(found: Found, new: Found) -> bool:
    return found.id != new.id and (found.case.received_at, found.id) < (new.case.received_at, new.id)


def _age(found: Found) -> tuple[float, int]:
    return (-found.case.received_at.timestamp(), -found.id)


def _reasons(new: Case, old: Case, policy: RepeatPolicy) -> Iterator[Reason]:
    """What they have in common; nothing where they name different things."""
    if _is_hidden(old) or _differ(new, old, SERIAL):
        return
    for name in REASONS:
        weight = policy.reasons.get(name)
        if weight is None or new.received_at - old.received_at > weight.window:
            continue
        if name == SUBJECT:
            alike = likeness(features(new.account.subject), features(old.account.subject))
            if new.region == old.region != UNASSIGNED and alike >= policy.alike:
                yield Reason(name, round(weight.points * alike), alike)
        elif _shared(new, old, name):
            yield Reason(name, weight.points)


def _shared(new: Case, old: Case, name: str) -> bool:
    if name == PHONE:
        return new.customer.phone is not None and new.customer.phone == old.customer.phone
    number = _plain(new.product.get(name))
    return bool(number) and number == _plain(old.product.get(name))


def _differ(new: Case, old: Case, name: str) -> bool:
    mine, theirs = _plain(new.product.get(name)), _plain(old.product.get(name))
    return bool(mine and theirs) and mine != theirs


def _is_over(case: Case, policy: RepeatPolicy, now: datetime) -> bool:
    """Whether it was closed so long ago that the matter is a new one."""
    if case.state not in _OVER:
        return False
    ended = max((case.milestones[name] for name in _OVER if name in case.milestones), default=case.received_at)
    return now - ended > policy.closed_for


def _plain(number: Any) -> str:
    """A number however it is written: without spaces, hyphens and capitals."""
    return "".join(each for each in unicodedata.normalize("NFKC", str(number or "")).casefold() if each.isalnum())
