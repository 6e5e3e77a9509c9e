"""Policies and cases made up at random: three zones, 2024 to 2026, in steps of ten minutes: so every mark is whole."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from services.sla.domain.derive import Publication
from services.sla.domain.facts import Fact
from services.sla.domain.policy_file import read_policy
from services.sla.domain.publishing import Running
from services.sla.storage.policy_files import BUILTIN
from shared.base.yaml_file import read_yaml
from shared.kernel.vocabulary import FACTS
from tests.oracle.calendars import VARIANTS, calendars
from tests.oracle.editions import FROM_NOW, KEEP, RECOMPUTE, Edition
from tests.oracle.minutes import instant_of, minute_of
from tests.oracle.table import Happened, Limit, Rules

STEP = 10
KINDS = ("complaint", "complaint", "dispute", "accident", "repair", "inquiry", "guidance", "suggestion")
SEVERITIES = ("minor", "serious", "major", "critical")
REGIONS = ("north", "east.shanghai", "west", "west.ohio", "south", "south.sydney")
WAITERS = ("opinion", "opinion_unverified", "warning_notice", "progress", "resolution")
ANYTIME = (
    "inspected relief_given progress_recorded replied promised promise_kept appointment_made arrived "
    "authority_involved authority_replied waiting_started waiting_ended severity_raised corrected repeat_linked "
    "repeat_unlinked "
    "head_reported head_acknowledged team_formed report_received team_opinion_given handed_over cause_determined"
).split() + 5 * ["waiting_started", "waiting_ended"]
ALONG = {
    "registered": {"handed_over": "handed_over", "investigation_started": "investigating"},
    "handed_over": {"investigation_started": "investigating", "opinion_given": "opinion_given"},
    "investigating": {"opinion_given": "opinion_given"},
    "opinion_given": {"plan_agreed": "agreed", "resolved": "resolved", "objected": "investigating"},
    "agreed": {"treatment_started": "in_treatment", "resolved": "resolved"},
    "in_treatment": {"checked": "checked", "resolved": "resolved"},
    "checked": {"resolved": "resolved", "rejected": "opinion_given"},
    "resolved": {"revisited": "revisited", "reopened": "investigating"},
    "revisited": {"closed": "closed", "reopened": "investigating"},
    "closed": {"reopened": "investigating"},
    "withdrawn": {"reopened": "investigating"},
}
SPARE = "investigation progress team_formed team_report team_opinion site_visit commitment revisit".split()
"""Clocks that no other one, and no promise, needs."""
COUNTINGS = ("elapsed_hours", "working_hours", "hours_on_working_days", "working_days", "same_day")
DONE = ("resolved", "revisited", "closed", "withdrawn")


class Rulebook:
    """One policy told to both sides; the first is the built-in one."""

    def __init__(self, random: Random | None) -> None:
        self.data = copy.deepcopy(read_yaml(BUILTIN))
        self.limits: dict[str, Limit] = {}
        for name, clock in self.data["clocks"].items():
            if name != "warning_notice" and clock["limit"] != {"given": True}:
                self._take(name, clock, random)
        self.waiting = frozenset(WAITERS if random is None else random.sample(WAITERS, random.randint(1, 5)))
        for name in WAITERS:
            if name not in self.waiting:
                del self.data["clocks"][name]["pauses"]
        left = () if random is None else tuple(sorted(random.sample((20, 60, 120, 480), 2), reverse=True))
        self.data["warn"] = [0.5, 0.8, *({"left": f"{minutes} minutes"} for minutes in left)]
        valid = {} if random is None else self._valid(random)
        gone = frozenset() if random is None else frozenset(random.sample(SPARE, random.choice((0, 0, 1, 2))))
        for name in gone:
            del self.data["clocks"][name]
        self.policy = read_policy(self.data, "random.yaml")
        self.rules = Rules(self.limits, self.waiting, (0.5, 0.8), left, valid, gone)

    def _valid(self, random: Random) -> dict[str, tuple[date, date]]:
        """Some clocks for the cases of some days only; `resolution` is there for all."""
        found = {}
        for name in random.sample([name for name in self.data["clocks"] if name != "resolution"], 2):
            days = sorted(random.sample(range(date(2024, 1, 1).toordinal(), date(2027, 1, 1).toordinal()), 2))
            found[name] = date.fromordinal(days[0]), date.fromordinal(days[1])
            self.data["clocks"][name]["valid"] = {"from": str(found[name][0]), "until": found[name][1]}
        return found

    def _take(self, name: str, clock: dict[str, Any], random: Random | None) -> None:
        if name == "progress":
            grave, plain = clock["limit"]
            self.limits["progress_grave"] = self._new(grave, random, {"when": grave["when"]})
            self.limits["progress"] = self._new(plain, random, {})
        elif name == "authority_reply":
            self.limits[name] = self._new(clock["limit"]["otherwise"], random, {})
        else:
            self.limits[name] = self._new(clock["limit"], random, {})

    @staticmethod
    def _new(limit: dict[str, Any], random: Random | None, keep: dict[str, Any]) -> Limit:
        """The limit as it stands or another in its place, in the words of either side."""
        if random is not None:
            word = random.choice(COUNTINGS)
            amount = True if word == "same_day" else random.randint(1, 6 if word == "working_days" else 90)
            limit.clear()
            limit.update(keep | {word: amount})
        word, amount = next((word, amount) for word, amount in limit.items() if word != "when")
        if word == "same_day":
            return Limit("same_day")
        if word == "working_days":
            return Limit("working_days", amount)
        names = {"elapsed_hours": "elapsed", "working_hours": "working", "hours_on_working_days": "on_workdays"}
        return Limit(names[word], amount * 60)


@dataclass(frozen=True)
class Change:
    """One publication, told to both sides."""

    rulebook: Rulebook
    variant: int = 0
    at: int = 0
    running: str = RECOMPUTE

    @property
    def publication(self) -> Publication:
        """For the engine."""
        ours, running = calendars(self.variant)[0], Running(self.running)
        return Publication(self.rulebook.policy, ours, instant_of(self.at), running, self.at)

    @property
    def edition(self) -> Edition:
        """For the second opinion."""
        return Edition(self.rulebook.rules, calendars(self.variant)[1], self.at, self.running)

    def of(self, name: str) -> str:
        """What it says of one clock, for people."""
        rules = self.rulebook.rules
        limits = [limit for clock, limit in rules.limits.items() if clock.startswith(name)]
        return f"{self.running}: {limits}, waits {name in rules.waiting}, {rules.valid.get(name, 'always')}" + (
            ", gone" if name in rules.gone else ""
        )


def changes_of(random: Random, rulebooks: Sequence[Rulebook], begin: int, now: int) -> list[Change]:
    """Up to three publications while the case goes on: of a policy, of calendars, or of both."""
    found: list[Change] = []
    rulebook, variant = rulebooks[-1], 0
    for at in sorted(random.choices(range(begin, now + 1, STEP), k=random.choice((0, 1, 1, 2, 3)))):
        what = random.random()
        rulebook = random.choice(rulebooks) if what < 0.6 else rulebook
        variant = random.randrange(VARIANTS) if what > 0.4 else variant
        found.append(Change(rulebook, variant, at, random.choice((KEEP, FROM_NOW, RECOMPUTE))))
    return found


def case_of(random: Random) -> tuple[list[Happened], int]:
    """The facts of a case by seq, and an instant from which to look at it."""
    return _Life(random).lived()


class _Life:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.at = minute_of_start(random)
        self.state, self.severity, self.repeat = "registered", 0, False
        self.keys: dict[str, list[str]] = {"promised": [], "appointment_made": [], "authority_involved": []}
        self.facts: list[Happened] = []

    def lived(self) -> tuple[list[Happened], int]:
        random = self.random
        self.severity = random.choices(range(4), (6, 2, 1, 1))[0]
        self.repeat = random.random() < 0.1
        first = {
            "kind": random.choice(KINDS),
            "severity": SEVERITIES[self.severity],
            "verifiable": random.random() < 0.6,
            "repeat_of": "1" if self.repeat else None,
            "region": random.choice(REGIONS),
            "mode": "live",
            "channel": "phone",
        }
        self.answered = first["kind"] in ("inquiry", "guidance", "suggestion")
        self._add("received", sets=first)
        for _ in range(random.randint(0, 14)):
            if random.random() < 0.85:
                self.at += STEP * random.choice((0, 1, 6, 24, 60, 150, 300, 800))
            self._next()
        now = max(fact.at for fact in self.facts) + STEP * random.choice((0, 1, 60, 600, 2500))
        return self.facts, now

    def _add(self, name: str, **more: Any) -> None:
        late = self.random.random() < 0.08 and name != "received"
        at = self.at - STEP * self.random.randint(1, 200) if late else self.at
        self.facts.append(Happened(len(self.facts) + 1, name, max(at, self.facts[0].at if self.facts else at), **more))

    def _next(self) -> None:
        roll = self.random.random()
        if roll > 0.97:
            self._add(self.random.choice(FACTS[1:]))  # against every rule of the life of a case: clocks stand it
            return
        if roll < 0.06 and self.state not in DONE:
            self.state = "withdrawn"
            self._add("withdrawn")
        elif self.state in DONE or roll < 0.45:
            ways = dict(ALONG[self.state])
            if self.answered and self.state not in DONE:
                ways["resolved"] = "resolved"
            name = self.random.choice(list(ways))
            self.state = ways[name]
            self._add(name)
            if name == "opinion_given" and self.random.random() < 0.7:
                self._add("warning_settled")
        else:
            self._anytime(self.random.choice(ANYTIME))

    def _anytime(self, name: str) -> None:
        random = self.random
        more: dict[str, Any] = {}
        if name in self.keys:
            more = self._with_key(name)
        elif name in ("promise_kept", "arrived", "authority_replied"):
            of = {"promise_kept": "promised", "arrived": "appointment_made", "authority_replied": "authority_involved"}
            more = {"key": random.choice([*self.keys[of[name]], None])}
        elif name == "replied":
            more = {"due": self.at + 60 * random.randint(1, 90) if random.random() < 0.6 else None}
        elif name == "severity_raised":
            self.severity = min(3, self.severity + random.randint(1, 2))
            more = {"sets": {"severity": SEVERITIES[self.severity]}}
        elif name == "corrected":
            more = {"sets": self._correction()}
        elif name in ("repeat_linked", "repeat_unlinked"):
            more = {"sets": {"repeat_of": "1" if name == "repeat_linked" else None}}
        self._add(name, **more)

    def _with_key(self, name: str) -> dict[str, Any]:
        random, keys = self.random, self.keys[name]
        key = None if name == "authority_involved" and random.random() < 0.3 else f"{name[0]}{len(keys) + 1}"
        due = None if name == "authority_involved" and random.random() < 0.4 else self.at + 10 * random.randint(0, 700)
        voids = random.choice([*keys, None]) if name == "appointment_made" else None
        if key is not None:
            keys.append(key)
        return {"key": key, "due": due, "voids": voids}

    def _correction(self) -> dict[str, Any]:
        random = self.random
        return random.choice(
            (
                {"verifiable": random.random() < 0.5},
                {"region": random.choice(REGIONS)},
                {"kind": random.choice(KINDS)},
                {"category": "other"},
            )
        )


def minute_of_start(random: Random) -> int:
    """Any time of three years, more often where the calendar is odd."""
    if random.random() < 0.3:
        odd = random.choice(("2024-02-07", "2024-02-28", "2025-01-24", "2026-02-13", "2026-09-29", "2026-12-28"))
        return minute_of(instant_of(0).fromisoformat(f"{odd}T00:00:00+00:00")) + STEP * random.randint(0, 800)
    return STEP * random.randint(200, 3 * 365 * 144)


def told(facts: list[Happened], random: Random) -> list[Fact]:
    """The facts as the engine hears them: in any order, some of them again."""
    heard = [
        Fact(
            seq=each.seq,
            name=each.name,
            at=instant_of(each.at),
            recorded_at=instant_of(each.at),
            by="li",
            key=each.key,
            due_at=None if each.due is None else instant_of(each.due),
            set=each.sets,
            voids=each.voids,
        )
        for each in facts
    ]
    heard += random.sample(heard, random.randint(0, len(heard)))
    random.shuffle(heard)
    return heard
