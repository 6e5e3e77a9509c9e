"""What customers are paid for, or given: kind, amount, who approved it, when it was paid (IN-22)."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from services.intake.domain.facts import Entry

KINDS: Final = ("refund", "replacement", "repair_free", "voucher", "money", "other")

PROPOSED: Final = "proposed"
APPROVED: Final = "approved"
REFUSED: Final = "refused"
PAID: Final = "paid"


@dataclass(frozen=True, slots=True)
class Compensation:
    """One; the amount as decimal text with two places."""

    kind: str
    amount: str
    currency: str
    proposed_by: str
    state: str = PROPOSED
    decided_by: str | None = None
    paid_on: str | None = None

    def kept(self) -> dict[str, Any]:
        """As plain data."""
        return {name: value for name, value in asdict(self).items() if value is not None}


@dataclass(frozen=True, slots=True)
class Compensations:
    """All of a case, by their keys."""

    all: Mapping[str, Compensation] = field(default_factory=dict)

    def watches(self, fact: str) -> bool:
        """Whether this fact changes a compensation."""
        return fact in _CHANGES

    def after(self, entry: Entry) -> "Compensations":
        """The compensations once this entry has happened."""
        key = entry.fact.key or ""
        return Compensations({**self.all, key: _CHANGES[entry.fact.name](self.all.get(key), entry)})

    def kept(self) -> dict[str, Any] | None:
        """As plain data; None while there is none."""
        return {key: each.kept() for key, each in self.all.items()} or None

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Compensations":
        """What `kept` gave."""
        return cls({key: Compensation(**each) for key, each in kept.items()})


def _proposed(_before: Compensation | None, entry: Entry) -> Compensation:
    told = entry.detail
    return Compensation(told["kind"], told["amount"], told["currency"], entry.fact.by)


def _decided(state: str) -> Callable[[Compensation, Entry], Compensation]:
    return lambda before, entry: replace(before, state=state, decided_by=entry.fact.by)


def _paid(before: Compensation, entry: Entry) -> Compensation:
    return replace(before, state=PAID, paid_on=entry.detail["paid_on"])


_CHANGES: Final[Mapping[str, Callable[[Any, Entry], Compensation]]] = {
    "compensation_proposed": _proposed,
    "compensation_approved": _decided(APPROVED),
    "compensation_refused": _decided(REFUSED),
    "compensation_paid": _paid,
}
