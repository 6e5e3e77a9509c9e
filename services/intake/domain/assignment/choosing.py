"""The choice: who of those that a rule names is free, on duty and least busy; always the same for the same facts.

"Least busy" is the smallest load that a person would have with this case, open cases per capacity; ties go to who
stands first in the people file. So nobody's load is ever more than one case above another's who could have had it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Final

from services.intake.domain.assignment.rules import Person, Rule, Rules, Target
from services.intake.domain.case import Case
from services.intake.domain.complained import CONDUCT, is_complained_about
from services.intake.domain.personal import is_named

BY_RULE: Final = "to"
OTHERWISE: Final = "otherwise"
FALLBACK: Final = "fallback"
NO_RULE: Final = "no_rule"
NOBODY: Final = "nobody"

Loads = Mapping[str, int]
"""Open cases by person's id."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could have the case, and how busy they are without it."""

    who: str
    open: int
    capacity: int

    @property
    def load(self) -> Fraction:
        """What their load would be with the case."""
        return Fraction(self.open + 1, self.capacity)


@dataclass(frozen=True, slots=True)
class Passed:
    """Somebody whom a rule names but who does not get the case, and why not."""

    who: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What the rules make of a case; without an owner `why` says why there is none."""

    owner: str | None
    rule: str | None
    way: str
    candidates: Sequence[Candidate] = ()
    passed: Sequence[Passed] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A case to give to somebody, and all that this depends on."""

    case: Case
    registrar: str | None
    now: datetime


Why = str | None
Test = Callable[[Person], Why]


def choose(rules: Rules, everybody: Sequence[Person], question: Question, loads: Loads) -> Choice:
    """Who gets the case: of its rule, else of those that the rule names otherwise, else of the fallback."""
    rule = rules.rule_for(question.case)
    if rule is None:
        return Choice(owner=None, rule=None, way=NO_RULE)
    passed: list[Passed] = []
    for way, target, test in _ways(rules, rule, question):
        free = []
        for person in target.of(everybody, question.case.region):
            why = test(person)
            if why is None:
                free.append(Candidate(person.id, loads.get(person.id, 0), rules.of(person).capacity))
            else:
                passed.append(Passed(person.id, why))
        if free:
            best = min(free, key=lambda each: each.load)
            return Choice(owner=best.who, rule=rule.name, way=way, candidates=free, passed=_once(passed))
    return Choice(owner=None, rule=rule.name, way=NOBODY, passed=_once(passed))


def _ways(rules: Rules, rule: Rule, question: Question) -> Iterator[tuple[str, Target, Test]]:
    """One after the other; only the first asks for duty and skills, for in the end somebody must have it."""
    yield (
        BY_RULE,
        rule.to,
        lambda person: _unfree(rules, rule, question, person) or _unfit(rules, rule, question, person),
    )
    if rule.otherwise:
        yield OTHERWISE, rule.otherwise, lambda person: _unfree(rules, rule, question, person)
    if rules.fallback:
        yield FALLBACK, rules.fallback, lambda person: _unfree(rules, rule, question, person)


def _unfree(rules: Rules, rule: Rule, question: Question, person: Person) -> Why:
    """Why this person may not have it, whatever happens."""
    if is_meant(question.case, person):
        return "complained_about"
    if rule.not_registrar and question.registrar in (person.id, person.name):
        return "registrar"
    return "absent" if any(each.covers(question.now) for each in rules.of(person).absent) else None


def _unfit(rules: Rules, rule: Rule, question: Question, person: Person) -> Why:
    staff = rules.of(person)
    if not rule.skills <= staff.skills:
        return "skill"
    windows = staff.duty or rule.on_duty
    if windows and not any(rules.windows[name].is_open(question.now) for name in windows):
        return "off_duty"
    return None


def is_meant(case: Case, person: Person) -> bool:
    """Whether this person is complained about, or a complaint about conduct names them anywhere (IN-26)."""
    if is_complained_about(case, (person.id, person.name)):
        return True
    if case.category != CONDUCT:
        return False
    account = case.account
    told = " ".join(filter(None, (account.subject, account.description, account.demand)))
    return is_named(told, person.name) or is_named(told, person.id)


def _once(passed: Sequence[Passed]) -> list[Passed]:
    return list(dict.fromkeys(passed))
