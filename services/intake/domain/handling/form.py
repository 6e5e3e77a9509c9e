"""The handling form: measures of the departments, the plan, and who approved it (IN-9).

Approvals belong to a round. A refusal and an objection end it; decisions/012 says what else does, and why.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Final

from services.intake.domain.facts import Entry, Fact
from shared.kernel.instants import format_instant, parse_instant

IN_TURN: Final = "in_turn"
PARALLEL: Final = "parallel"
ORDERS: Final = (IN_TURN, PARALLEL)


@dataclass(frozen=True, slots=True)
class Signed:
    """What a department put on the form: a measure (`seq` finds its text in the history), or an approval."""

    department: str
    by: str
    at: datetime
    round: int
    seq: int

    def kept(self) -> dict[str, Any]:
        """As plain data."""
        return {**asdict(self), "at": format_instant(self.at)}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Signed":
        """What `kept` gave."""
        return cls(**{**kept, "at": parse_instant(kept["at"])})


@dataclass(frozen=True, slots=True)
class Plan:
    """What was agreed with the customer, in which round; it stands until it is refused or objected to."""

    subject_to_approval: bool
    round: int
    stands: bool = True


@dataclass(frozen=True, slots=True)
class Form:
    """The form as it stands."""

    round: int = 1
    measures: tuple[Signed, ...] = ()
    approvers: tuple[str, ...] = ()
    order: str | None = None
    approvals: tuple[Signed, ...] = ()
    """Those that count; one of an earlier round counts while nothing new is agreed."""
    plan: Plan | None = None

    def watches(self, fact: str) -> bool:
        """Whether this fact changes a form; one that is blank is not changed by the end of a round."""
        return fact in _CHANGES and (fact not in _ENDINGS or self != BLANK)

    def after(self, entry: Entry) -> "Form":
        """The form once this entry has happened."""
        return _CHANGES[entry.fact.name](self, entry)

    def required(self) -> tuple[str, ...]:
        """Whose approval it needs: of those named, else of those who proposed measures."""
        return self.approvers or tuple(dict.fromkeys(each.department for each in self.measures))

    def approved(self) -> tuple[str, ...]:
        """Whose approval it has."""
        return tuple(each.department for each in self.approvals)

    def waits_for(self) -> list[str]:
        """Whose approval is missing; the next one first where they approve in turn."""
        return [each for each in self.required() if each not in self.approved()]

    def has_approved(self, department: str) -> bool:
        """Whether it has approved in this round."""
        return any(each.department == department and each.round == self.round for each in self.approvals)

    def is_approved(self) -> bool:
        """Whether every approval that it needs is there, and at least one."""
        return bool(self.approvals) and not self.waits_for()

    def kept(self) -> dict[str, Any] | None:
        """As plain data; None while it is blank."""
        if self == BLANK:
            return None
        plain: dict[str, Any] = {
            "round": self.round,
            "measures": [each.kept() for each in self.measures],
            "approvers": list(self.approvers),
            "order": self.order,
            "approvals": [each.kept() for each in self.approvals],
            "plan": asdict(self.plan) if self.plan else None,
        }
        return {name: value for name, value in plain.items() if value}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Form":
        """What `kept` gave."""
        return cls(
            round=kept["round"],
            measures=_all_of(kept.get("measures", ())),
            approvers=tuple(kept.get("approvers", ())),
            order=kept.get("order"),
            approvals=_all_of(kept.get("approvals", ())),
            plan=Plan(**kept["plan"]) if "plan" in kept else None,
        )


def _all_of(kept: Iterable[Mapping[str, Any]]) -> tuple[Signed, ...]:
    return tuple(Signed.of(each) for each in kept)


BLANK: Final = Form()


def _signed(form: Form, fact: Fact) -> Signed:
    return Signed(fact.key or "", fact.by, fact.at, form.round, fact.seq)


def _anew(form: Form) -> Form:
    """A new round, in which nobody has approved."""
    return replace(form, round=form.round + 1, approvals=())


def _without_approvals(form: Form) -> Form:
    return _anew(form) if form.approvals else form


def _but(form: Form, department: str | None) -> tuple[Signed, ...]:
    return tuple(each for each in form.approvals if each.department != department)


def _measure_proposed(form: Form, entry: Entry) -> Form:
    """Its own department is asked anew; those who are named approve the whole form, so they are all asked anew."""
    if form.approvers:
        form = _without_approvals(form)
    signed = _signed(form, entry.fact)
    return replace(form, measures=(*form.measures, signed), approvals=_but(form, signed.department))


def _approvers_named(form: Form, entry: Entry) -> Form:
    form = _without_approvals(form)
    return replace(form, approvers=tuple(entry.detail["departments"]), order=entry.detail["order"])


def _approved(form: Form, entry: Entry) -> Form:
    signed = _signed(form, entry.fact)
    return replace(form, approvals=(*_but(form, signed.department), signed))


def _plan_agreed(form: Form, entry: Entry) -> Form:
    """A plan agreed again in the same round is another plan: nobody has approved it yet."""
    if form.plan and form.plan.stands and form.plan.round == form.round:
        form = _anew(form)
    fresh = tuple(each for each in form.approvals if each.round == form.round)
    subject = bool(entry.detail.get("subject_to_approval"))
    return replace(form, approvals=fresh, plan=Plan(subject, form.round))


def _sent_back(form: Form, _entry: Entry) -> Form:
    """A refusal or an objection: the plan stands no longer, and whatever comes next is approved anew."""
    return replace(_anew(form), plan=replace(form.plan, stands=False) if form.plan else None)


def _reopened(form: Form, _entry: Entry) -> Form:
    """What was approved stays so until something new is agreed; everybody may approve again."""
    return replace(form, round=form.round + 1)


_CHANGES: Final[Mapping[str, Callable[[Form, Entry], Form]]] = {
    "measure_proposed": _measure_proposed,
    "approvers_named": _approvers_named,
    "approved": _approved,
    "plan_agreed": _plan_agreed,
    "rejected": _sent_back,
    "objected": _sent_back,
    "reopened": _reopened,
}
_ENDINGS: Final = ("rejected", "objected", "reopened")
