"""How a made-up case is looked after: in time, late, hardly, or never. Pure but for the random numbers it is given."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from shared.cli.demo.acts import Act, Ref, step
from shared.cli.demo.assignment import is_assigned
from shared.worktime import default_calendar

Texts = Mapping[str, Any]

ANSWERED: Final = frozenset({"inquiry", "guidance", "suggestion"})
"""Kinds that are answered and resolved without an opinion (contracts 4)."""
MANNERS: Final = {"prompt": 90, "late": 5, "half": 2, "never": 3}
PACE: Final = {"prompt": (0.2, 0.55), "late": (2, 4.5), "half": (0.5, 1.6), "never": (1.0, 1.0)}
"""How much of the usual time is taken, from and to; the usual time just keeps the limits."""
DESKS: Final = {"south": "south-desk", "east": "east-desk", "north": "north-desk"}
WHOEVER: Final = "desk"
HOUR: Final = 3600
OFTEN: Final = 0.55
"""How many take the steps that nothing asks for."""


@dataclass(frozen=True, slots=True)
class Care:
    """How well, and what happens on the way."""

    manner: str
    happenings: frozenset[str]

    def acts(self, random: Random, texts: Texts, opening: Act) -> tuple[Act, ...]:
        """Everything that is done after the case came in."""
        if self.manner == "never":
            return ()
        script = _Script(random, texts, opening, PACE[self.manner], self.happenings, self.manner == "prompt")
        written = list(script.quick() if opening.request["kind"] in ANSWERED else script.full())
        return tuple(written[: random.randrange(1, 4)] if self.manner == "half" else written)


def care_for(random: Random, kind: str) -> Care:
    """How a case of this kind happens to be looked after."""
    manner = random.choices(list(MANNERS), list(MANNERS.values()))[0]
    chances = {"waits": 0.15, "visit": 0.25, "promise": 0.2, "objects": 0.1, "withdraws": 0.03, "worse": 0.03}
    happens = {name for name, chance in chances.items() if random.random() < chance}
    return Care(manner, frozenset(happens) - ({"visit", "objects", "worse"} if kind in ANSWERED else set()))


def desk_of(region: str) -> str:
    """Who answers for a region."""
    return DESKS.get(region.partition(".")[0], WHOEVER)


@dataclass
class _Script:
    random: Random
    texts: Texts
    opening: Act
    pace: tuple[float, float]
    happenings: frozenset[str]
    is_prompt: bool
    now: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.now = self.opening.at
        self.owner = desk_of(self.opening.request["region"])

    def quick(self) -> Iterator[Act]:
        """A question is answered and closed."""
        yield self._first_answer(3)
        if "waits" in self.happenings:
            yield from self._wait()
        if "withdraws" in self.happenings:
            yield self._act(5, "withdraw", self.owner, reason=self._text("withdrawals"))
            return
        yield self._act(9, "resolve", self.owner, result=self._text("results"), accountable=self.owner)
        if not self._is_serious():
            yield self._act(5, "close", "clerk-lead")

    def full(self) -> Iterator[Act]:
        """Hand-over, answer, investigation, opinion, plan, treatment, result, call back."""
        yield from self._begin()
        if "promise" in self.happenings:
            yield from self._promise()
        if self._often():
            yield self._act(2, "start_investigation", self.owner)
        if "waits" in self.happenings:
            yield from self._wait()
        if "visit" in self.happenings:
            yield from self._visit()
        if "worse" in self.happenings and self.opening.request["severity"] == "minor":
            yield self._act(2, "raise_severity", self.owner, severity="serious", reason=self._text("severity_reasons"))
        yield self._opinion()
        if "withdraws" in self.happenings:
            yield self._act(5, "withdraw", self.owner, reason=self._text("withdrawals"))
            return
        if "objects" in self.happenings:
            yield self._act(6, "object", self.owner, text=self._text("objections"))
            yield self._opinion()
        yield from self._end()

    def _begin(self) -> Iterator[Act]:
        if is_assigned(self.opening.request):
            yield self._first_answer(2.5)
        elif self._is_night_shift():
            yield self._first_answer(3)
            yield self._act(2, "hand_over", "clerk-day", owner=self.owner)
        else:
            yield self._act(0.7, "hand_over", "clerk-day", owner=self.owner)
            yield self._first_answer(2.5)

    def _end(self) -> Iterator[Act]:
        if self._often():
            yield self._act(5, "agree_plan", self.owner, text=self._text("agreements"))
        if self._is_serious():
            yield from self._form()
        if self.opening.request["kind"] == "repair":
            yield self._act(4, "start_treatment", self.owner)
            yield self._act(6, "check", self.owner, passed=True)
        yield self._act(8, "resolve", self.owner, result=self._text("results"), accountable=self.owner)
        if self._is_serious():
            yield self._act(4, "record_reaction", "clerk-day", text=self._text("reactions"))
            yield self._improvement()
        yield self._act(8, "revisit", "clerk-day", satisfied=True, score=self.random.randrange(6, 11))
        if self._often():
            yield self._act(4, "close", "clerk-lead")

    def _is_serious(self) -> bool:
        """Whether it closes only with a handling form that was filled in."""
        return self.opening.request["severity"] != "minor" or "worse" in self.happenings

    def _form(self) -> Iterator[Act]:
        """Cause, measure, approval."""
        cause, department = self.random.choice(self.texts["causes"])
        found = {"cause": cause, "departments": [department], "grounds": self._text("grounds"), "ours": True}
        yield self._act(2, "determine_cause", self.owner, **found)
        yield self._act(2, "propose_measure", self.owner, department=department, measure=self._text("measures"))
        yield self._act(4, "approve", "aftersales-lead", department=department)

    def _improvement(self) -> Act:
        made = self._act(1, "improve", self.owner)
        due = _later(made.at, days=30)
        return step(
            made.at, made.label, "improve", self.owner, measure=self._text("improvements"), owner=self.owner, due_at=due
        )

    def _often(self) -> bool:
        return self.random.random() < OFTEN

    def _is_night_shift(self) -> bool:
        """Whether somebody answers at once although everybody else has gone home."""
        return self.is_prompt and not default_calendar().is_open(self.opening.at)

    def _first_answer(self, hours: float) -> Act:
        """What will be done, and by when."""
        texts = {"text": self._text("replies"), "plan": self._text("plans")}
        by = self.owner
        if self._is_night_shift():
            by, self.now = "clerk-night", self.now + timedelta(minutes=self.random.randrange(30, 240))
        else:
            self.now = self._act(hours, "reply", by).at
        return step(self.now, self.opening.label, "reply", by, **texts, by_when=_later(self.now, days=2))

    def _opinion(self) -> Act:
        notice: dict[str, Any] = {"no_warning_reason": self._text("no_notice")}
        if self.random.random() < 0.5:
            notice = {"warning": {"text": self._text("notices")}}
        opinion = {"accountable": self.owner, "text": self._text("opinions")}
        return self._act(10, "give_opinion", self.owner, **opinion, **notice)

    def _promise(self) -> Iterator[Act]:
        made = self._act(1, "promise", self.owner, what=self._text("promises"))
        due = _later(made.at, days=1)
        yield step(made.at, made.label, "promise", self.owner, what=self._text("promises"), due_at=due)
        yield self._act(6, "keep_promise", self.owner, promise_id=Ref("promised", made.label))

    def _visit(self) -> Iterator[Act]:
        made = self._act(1, "make_appointment", self.owner)
        visit = {"visit_at": _later(made.at, hours=20), "visit_until": _later(made.at, hours=24)}
        yield step(made.at, made.label, "make_appointment", self.owner, **visit)
        yield self._act(7, "arrive", self.owner, appointment_id=Ref("appointment_made", made.label))
        yield self._act(1, "inspect", self.owner, findings=self._text("findings"))

    def _wait(self) -> Iterator[Act]:
        yield self._act(2, "wait_for_customer", self.owner, reason=self._text("waiting"))
        yield self._act(9, "resume", self.owner)

    def _act(self, hours: float, name: str, by: str, **fields: Any) -> Act:
        """A step after so many working hours, at this case's pace."""
        seconds = hours * HOUR * self.random.uniform(*self.pace)
        self.now = default_calendar().add(self.now, int(seconds)).replace(second=0, microsecond=0)
        return step(self.now, self.opening.label, name, by, **fields)

    def _text(self, name: str) -> str:
        text: str = self.random.choice(self.texts[name])
        return text


def _later(at: datetime, *, days: int = 0, hours: int = 0) -> str:
    return (at + timedelta(days=days, hours=hours)).isoformat()
