"""Cases made up at random: what happens in them, against the rules of a case's life too, in steps of ten minutes."""

from random import Random
from typing import Any

from shared.kernel.vocabulary import FACTS
from tests.oracle.minutes import instant_of, minute_of
from tests.oracle.table import Happened

STEP = 10
KINDS = ("complaint", "complaint", "dispute", "accident", "repair", "inquiry", "guidance", "suggestion")
SEVERITIES = ("minor", "serious", "major", "critical")
REGIONS = ("north", "east.shanghai", "west", "west.ohio", "south", "south.sydney")
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
DONE = ("resolved", "revisited", "closed", "withdrawn")


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
