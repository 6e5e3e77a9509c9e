"""Which earlier case, if any, a case seems to repeat: pure, from what was found under the same keys."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from services.intake.domain.repeats.likeness import key, likeness, sketch
from services.intake.domain.repeats.matter import Matter
from services.intake.domain.repeats.policy import REASONS, SERIAL, SUBJECT, RepeatPolicy
from shared.kernel.regions import UNASSIGNED

MOST_POINTS: Final = 100


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that two cases have in common."""

    name: str
    points: int
    alike: float | None = None

    def to_json(self) -> dict[str, Any]:
        """As it is kept and told; what it is that they share stands in the cases."""
        alike = {} if self.alike is None else {"alike": round(self.alike, 2)}
        return {"reason": self.name, "points": self.points, **alike}


@dataclass(frozen=True, slots=True)
class Proposal:
    """The case seems to repeat `first`; a person decides."""

    case: Matter
    first: str
    reasons: Sequence[Reason]

    @property
    def score(self) -> int:
        """How much speaks for it, up to 100."""
        return min(MOST_POINTS, sum(reason.points for reason in self.reasons))


def keys_of(case: Matter, policy: RepeatPolicy) -> dict[str, list[int]]:
    """Under which keys a case is found, by reason; none for a kind that never repeats, and for who stays unknown."""
    if case.kind not in policy.kinds or case.is_hidden:
        return {}
    return {name: [key(name, *given) for given in _given(case, name)] for name in policy.reasons}


def _given(case: Matter, name: str) -> list[tuple[str, ...]]:
    if name == SUBJECT:
        words = case.features if case.region != UNASSIGNED else frozenset()
        # The whole of it too: of an ordinary subject every single word may be one that very many have.
        whole = [("", *sorted(words))] if words else []
        return [(case.region, word) for word in sketch(words)] + [(case.region, *each) for each in whole]
    number = case.numbers[name]
    return [(number,)] if number else []


def propose(new: Matter, near: Iterable[Matter], policy: RepeatPolicy, now: datetime) -> Proposal | None:
    """The earlier case that most speaks for, of those found under the same keys; of equal ones the first."""
    if new.repeat_of is not None:
        return None
    judged = [(old, list(_reasons(new, old, policy))) for old in near if old.came_before(new)]
    fits = [(old, reasons) for old, reasons in judged if reasons and not _is_over(old, policy, now)]
    if not fits:
        return None
    old, reasons = max(fits, key=lambda fit: (sum(each.points for each in fit[1]), _age(fit[0])))
    first = old.repeat_of or old.case_no
    return Proposal(new, first, reasons) if first != new.case_no else None


def _age(old: Matter) -> tuple[float, int]:
    return (-old.received_at.timestamp(), -old.id)


def _reasons(new: Matter, old: Matter, policy: RepeatPolicy) -> Iterator[Reason]:
    """What they have in common; nothing where they name different things."""
    if old.is_hidden or _differ(new.numbers[SERIAL], old.numbers[SERIAL]):
        return
    apart = new.received_at - old.received_at
    for name in REASONS:
        weight = policy.reasons.get(name)
        if weight is None or apart > weight.window:
            continue
        if name == SUBJECT:
            alike = likeness(new.features, old.features) if new.region == old.region != UNASSIGNED else 0.0
            if alike >= policy.alike:
                yield Reason(name, round(weight.points * alike), alike)
        elif new.numbers[name] and new.numbers[name] == old.numbers[name]:
            yield Reason(name, weight.points)


def _differ(mine: str, theirs: str) -> bool:
    return bool(mine and theirs) and mine != theirs


def _is_over(old: Matter, policy: RepeatPolicy, now: datetime) -> bool:
    """Whether it was closed so long ago that the matter is a new one."""
    return old.ended_at is not None and now - old.ended_at > policy.closed_for
