"""Why ladders are walked: from the facts of a case and from the states of its clocks, never from an event's type.

The same facts and clocks, told in any order and any number of times, give the same reasons.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from services.escalation.domain.about import About
from services.escalation.domain.escalation import Reason
from services.escalation.domain.policy import Occasion, On, Policy, Trigger
from services.escalation.domain.told import AGAIN, ALIVE, BREACHED, Clock, Fact
from shared.kernel.regions import UNASSIGNED
from shared.kernel.vocabulary import SEVERITIES

BEFORE: Final[Mapping[str, Any]] = {
    "kind": None,
    "region": UNASSIGNED,
    "category": None,
    "severity": SEVERITIES[0],
    "channel": None,
    "repeat": False,
    "warning": False,
}
"""The attributes that a rule may ask for, as a case has them before its first fact."""


def attributes_at_each(facts: Sequence[Fact]) -> Iterator[tuple[Fact, Mapping[str, Any]]]:
    """Each fact in its order, with what the case was once it had happened."""
    known = dict(BEFORE)
    for fact in sorted(facts, key=lambda fact: fact.seq):
        known |= {name: value for name, value in fact.set.items() if name in BEFORE and value is not None}
        if "repeat_of" in fact.set:
            known["repeat"] = fact.set["repeat_of"] is not None
        yield fact, dict(known)


def of_facts(policy: Policy, facts: Sequence[Fact]) -> list[Reason]:
    """Every reason that the facts of a case ever gave, standing unless a later fact has ended it."""
    return [
        Reason(
            rule=trigger.name,
            ref=f"fact:{fact.seq}",
            what=trigger.what,
            ladder=trigger.ladder,
            at=fact.at,
            level=trigger.level,
            up=trigger.up,
            standing=not any(_ends(trigger, fact, later) for later in facts),
        )
        for fact, attributes in attributes_at_each(facts)
        for trigger in policy.triggers
        if trigger.occasion.takes(On.FACTS, fact.name, attributes)
    ]


def _ends(trigger: Trigger, fact: Fact, later: Fact) -> bool:
    if later.seq <= fact.seq or later.name not in trigger.until:
        return False
    return later.key is None or fact.key is None or later.key == fact.key


def of_clock(policy: Policy, clock: Clock, about: About, told_at: datetime) -> list[Reason]:
    """The reasons that a state of a clock gives: of the rules for breaches, and of those for warnings, the first."""
    found = []
    if clock.was_breached:
        found += [_of_clock(each, clock, BREACHED, clock.due_at) for each in _first(policy, clock, about, On.BREACHED)]
    if clock.warned:
        found += [_of_clock(each, clock, "warned", told_at) for each in _first(policy, clock, about, On.WARNED)]
    return found


def _first(policy: Policy, clock: Clock, about: About, on: On) -> list[Trigger]:
    return [each for each in policy.triggers if meets_clock(each.occasion, on, clock, about)][:1]


def _of_clock(trigger: Trigger, clock: Clock, kind: str, at: datetime) -> Reason:
    return Reason(
        rule=trigger.name,
        ref=f"{kind}:{clock.breach if kind == BREACHED else clock.ref}",
        what=trigger.what,
        ladder=trigger.ladder,
        at=at,
        clock=clock.name,
        level=trigger.level,
        up=trigger.up,
    )


def meets_clock(occasion: Occasion, on: On, clock: Clock, about: About) -> bool:
    """Whether the rule means this clock as it is."""
    return occasion.takes(on, clock.name, about.attributes) and (on is not On.WARNED or clock.warned >= occasion.mark)


def clock_of(reason: Reason) -> str:
    """The reference of the clock behind a reason; nothing when it is none of a clock."""
    kind, _, ref = reason.ref.partition(":")
    clock, _, instant = ref.rpartition(AGAIN)
    if clock and "/" not in instant:  # a key may hold the sign too, but is followed by the generation
        ref = clock
    return ref if kind in (BREACHED, "warned") else ""


def _holds(reason: Reason, clock: Clock) -> bool:
    """Whether the clock is in the breach, or in the danger, that the reason is about."""
    if not reason.ref.startswith(f"{BREACHED}:"):
        return clock.state in ALIVE
    return clock.state == BREACHED and reason.ref in (f"{BREACHED}:{clock.breach}", f"{BREACHED}:{clock.ref}")


def still_stands(
    reason: Reason, trigger: Trigger | None, clocks: Mapping[str, Clock], milestones: Mapping[str, datetime]
) -> bool:
    """Whether a reason that is none of facts holds still: its clock is overrun, or in danger, and nothing has ended it.

    A reason whose rule is gone from the policy ends by its clock alone.
    """
    clock = clocks.get(clock_of(reason))
    if clock is not None and not _holds(reason, clock):
        return False
    since = clock.started_at if clock is not None else reason.at
    return not any(at >= since for name, at in milestones.items() if trigger is not None and name in trigger.until)
