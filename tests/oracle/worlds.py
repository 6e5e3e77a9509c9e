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
from tests.oracle.calendars import VARIANTS, calendars
from tests.oracle.editions import FROM_NOW, KEEP, RECOMPUTE, Edition
from tests.oracle.lives import STEP
from tests.oracle.minutes import instant_of
from tests.oracle.table import Happened, Limit, Rules

WAITERS = ("opinion", "opinion_unverified", "warning_notice", "progress", "resolution")
SPARE = "investigation progress team_formed team_report team_opinion site_visit commitment revisit".split()
"""Clocks that no other one, and no promise, needs."""
COUNTINGS = ("elapsed_hours", "working_hours", "hours_on_working_days", "working_days", "same_day")


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
