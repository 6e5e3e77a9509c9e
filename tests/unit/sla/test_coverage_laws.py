"""What is said of open states without a clock is true of the engine: what is told can happen, the rest cannot."""

import copy
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from services.sla.domain.calendars import Calendars
from services.sla.domain.clock import State
from services.sla.domain.coverage import gaps
from services.sla.domain.derive import Publication, clocks
from services.sla.domain.facts import Fact
from services.sla.domain.life import BEFORE, OPEN, WHILE_OPEN, life_of
from services.sla.domain.policy import Policy
from services.sla.domain.policy_file import read_policy
from services.sla.storage.policy_files import BUILTIN
from shared.base.yaml_file import read_yaml
from shared.kernel.errors import Misconfigured
from shared.kernel.vocabulary import CATEGORIES, CHANNELS, KINDS, SEVERITIES
from tests.unit.sla.cases import CN

DATA = read_yaml(BUILTIN)
BEGIN = datetime(2026, 10, 12, 2, tzinfo=UTC)
SOON = timedelta(minutes=1)
POLICIES = 40
TITLE = {"title": {"zh": "钟", "en": "a clock"}, "source": "a test"}
WALKS = 20
STEPS = 12


def fact(number: int, name: str, **more) -> Fact:
    at = BEGIN + number * SOON
    return Fact(seq=number + 1, name=name, at=at, recorded_at=at, **more)


def is_in_sight(facts: list[Fact], policy: Policy) -> bool:
    """Whether any clock runs, waits, or was overrun, and is not ended."""
    found = clocks(facts, [Publication(policy, Calendars(CN))], facts[-1].at)
    return any(clock.is_open for clock in found if clock.state is not State.CANCELLED)


def some_policy(random: Random) -> Policy | None:
    """The built-in policy with clocks left out and conditions changed, unless a part of it is wrong in itself."""
    data = copy.deepcopy(DATA)
    for name in random.sample(sorted(data["clocks"]), random.randint(0, 6)):
        if name not in ("first_response", "handover", "opinion", "opinion_unverified"):
            del data["clocks"][name]
    for name in random.sample(sorted(data["clocks"]), 2):
        clock = data["clocks"][name]
        change = random.choice(("start", "for", "stop"))
        if change == "start" and "start" in clock:
            clock["start"] = random.sample(["received", "reopened", "handed_over", "opinion_given", "resolved"], 2)
        elif change == "for":
            clock["for"] = {"kind": random.sample(KINDS, 3)}
        else:
            clock["stop"] = [*clock["stop"], random.choice(("opinion_given", "handed_over", "checked"))]
    # As a policy with gaps would be read: a clock for every case covers them, and is taken out again.
    always = TITLE | {"start": ["received", "reopened"], "stop": ["resolved", "revisited"], "limit": {"same_day": True}}
    data["clocks"] = {"always": always} | data["clocks"]
    try:
        policy = read_policy(data, "random.yaml")
    except Misconfigured:
        return None
    return only(policy, {name for name in policy.clocks if name != "always"})


def only(policy: Policy, names: set[str]) -> Policy:
    rules = {name: rule for name, rule in policy.clocks.items() if name in names}
    return Policy(policy.name, policy.version, rules, policy.promise)


def policies() -> Iterator[Policy]:
    random = Random(2026)
    found = 0
    while found < POLICIES:
        policy = some_policy(random)
        if policy is not None:
            found += 1
            yield policy


@pytest.fixture(scope="module")
def judged():
    return [(policy, list(gaps(policy))) for policy in policies()]


def test_both_sorts_are_looked_at(judged):
    assert min(sum(not found for _, found in judged), sum(bool(found) for _, found in judged)) > 3


def test_a_gap_that_is_told_can_be_seen(judged):
    """Whoever goes the way that was told stands without any clock that can be counted on."""
    for policy, found in judged:
        for gap in found:
            told = gap.sort.attributes | {"repeat_of": "1" if gap.sort.attributes["repeat"] else None}
            facts = [fact(number, name) for number, name in enumerate(gap.way)]
            facts[0] = fact(0, "received", set=told)
            alone = only(policy, {name for name, rule in policy.clocks.items() if not _is_unsure(rule)})
            seen = [_carrying(each) for each in facts]
            assert not is_in_sight(facts, alone) or not is_in_sight(seen, alone), gap.words()


def test_where_no_gap_is_told_a_clock_always_runs(judged):
    random = Random(7)
    for policy, found in judged:
        for _ in range(0 if found else WALKS):
            for facts, state in walk(random):
                if state in OPEN:
                    assert is_in_sight(facts, policy), [each.name for each in facts]


def walk(random: Random) -> Iterator[tuple[list[Fact], str]]:
    """A legal life of a case, step by step."""
    kind = random.choice(KINDS)
    told = {"kind": kind, "severity": random.choice(SEVERITIES), "verifiable": random.random() < 0.5}
    life, state, facts = life_of(kind), BEFORE, []
    for number in range(STEPS):
        name = random.choice([each for each, moves in life.items() if state in moves])
        state = random.choice(sorted(life[name][state]))
        due_at = BEGIN if random.random() < 0.5 else None
        facts = [*facts, fact(number, name, due_at=due_at, set=told if number == 0 else {})]
        yield facts, state


def _is_unsure(rule) -> bool:
    return rule.keyed or any(each.start.became for each in rule.variants)


def _carrying(each: Fact) -> Fact:
    """The same fact with the instant that some stop asks for."""
    return Fact(each.seq, each.name, each.at, each.recorded_at, due_at=each.at, set=each.set)


def test_a_policy_that_tells_very_many_sorts_of_cases_apart_is_judged_at_once():
    """Forty regions, each channel, category, kind and severity: some hundred thousand sorts of cases."""
    clocks = {}
    for number, channel in enumerate(CHANNELS * 4):
        its = {"region": f"south.r{number}", "channel": channel, "category": CATEGORIES[number % 5]}
        its |= {"kind": KINDS[number % 7], "severity": SEVERITIES[number % 4]}
        clocks[f"c{number}"] = TITLE | {
            "for": its,
            "start": ["received"],
            "stop": ["replied"],
            "limit": {"same_day": True},
        }
    promise = {"reply_by": "c0", "handed_over_by": "c0", "opinion_by": []}
    data = {"policy": "many", "version": 1, "promise": promise, "clocks": clocks}
    with pytest.raises(Misconfigured, match="let one clock run from received and reopened to resolved"):
        read_policy(data, "many.yaml")
    clocks["all"] = TITLE | {"start": ["received", "reopened"], "stop": ["resolved"], "limit": {"working_days": 9}}
    assert len(read_policy(data, "many.yaml").clocks) == 41


def test_many_clocks_that_each_stop_for_themselves_are_judged_at_once():
    """Two to the power of their number are the ways to stop them; only the one that stops all of them matters."""
    clocks = {"first": TITLE | {"start": ["received"], "stop": ["resolved"], "limit": {"working_days": 9}}}
    for name in sorted(WHILE_OPEN - {"received", "reopened"}):
        clocks[f"until_{name}"] = TITLE | {"start": ["received"], "stop": [name], "limit": {"working_days": 1}}
    del clocks["until_resolved"]
    promise = {"reply_by": "first", "handed_over_by": "first", "opinion_by": []}
    with pytest.raises(Misconfigured, match="no clock runs in the open state investigating after received, "):
        read_policy({"policy": "many", "version": 1, "promise": promise, "clocks": clocks}, "many.yaml")
