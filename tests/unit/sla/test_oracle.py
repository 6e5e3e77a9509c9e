"""The engine and a second opinion, written from the requirements alone, agree on random cases (SL-1 to SL-5).

What they ever differed on stands below as an example, with who was right and why.
"""

from collections import Counter
from datetime import date

import pytest

from tests.oracle import days
from tests.oracle.days import ABSENT, table_is_there
from tests.oracle.judge import Trial, alike, by_engine, by_requirements, shortest, story, trials
from tests.oracle.table import Happened
from tests.oracle.worlds import Rulebook
from tests.unit.sla.cases import a_case, wall

CASES = 2_000
SEED = 2026


def test_both_agree_on_random_cases():
    states: Counter[str] = Counter()
    for trial in trials(SEED, CASES):
        required = by_requirements(trial)
        if not alike(required, by_engine(trial)):
            pytest.fail(story(shortest(trial)))
        states.update(each["state"] for each in required.values())
    assert min(states[each] for each in ("running", "paused", "met", "breached", "late", "cancelled")) > 100


@pytest.mark.skipif(not table_is_there(), reason=ABSENT)
def test_the_days_off_of_china_were_read_from_a_table_of_their_own():
    off, made_up = days.china()
    assert (date(2026, 2, 16) in off, date(2026, 2, 14) in made_up) == (True, True)


def test_a_disagreement_is_cut_down_to_a_story():
    """As if the engine had another limit for hand-overs than the requirements."""
    trial = next(each for each in trials(1, 50) if each.facts[0].sets["kind"] == "complaint" and len(each.facts) > 5)
    trial.rulebook.limits["handover"] = trial.rulebook.limits["resolution"]
    told = story(shortest(trial))
    assert told.count("\n") < 12
    assert "handover  1, due: " in told
    assert "by the requirements, " in told


def test_an_overrun_clock_whose_start_counts_no_more_is_let_go():
    """Found by the oracle: two generations of the notice stood open at once.

    The notice of a verifiable case is as `opinion`; it was overrun when somebody found that the case must be verified
    first. The verdict stays (SL-6), but the notice that is owed now is that of `opinion_unverified`: one alone is open.
    The engine had left both open, so that one notice would have met the one and been late for the other.
    """
    case = a_case("2026-10-12 10:00").then("handed_over", "2026-10-12 11:00")
    corrected = case.then("corrected", "2026-10-16 09:00", set={"verifiable": False})
    old, new = sorted(corrected.named("warning_notice", "2026-10-16 10:00"), key=lambda clock: clock.generation)
    assert (str(old.state), old.is_open, wall(old.due_at)) == ("breached", False, "2026-10-15 18:00")
    assert (str(new.state), new.is_open, wall(new.due_at)) == ("running", True, "2026-10-19 18:00")


def test_a_promise_kept_before_it_was_written_down():
    """Found by the oracle, which had forgotten it: what was written later proves the promise kept (SL-5)."""
    case = a_case("2026-10-12 10:00").then("promised", "2026-10-12 12:00", key="p1", due="2026-10-13 10:00")
    kept = case.then("promise_kept", "2026-10-12 11:00", key="p1", recorded="2026-10-14 10:00")
    assert str(kept.only("commitment").state) == "met"


def test_a_generation_keeps_its_number_when_an_earlier_start_comes_to_light():
    """Found by the oracle, which had numbered by start: generation 1, once told, would have become another clock."""
    case = a_case("2026-10-12 10:00").then("handed_over", "2026-10-12 11:00")
    settled = case.then("warning_settled", "2026-10-13 10:00")
    corrected = settled.then("corrected", "2026-10-16 09:00", set={"verifiable": False})
    before = {clock.generation: wall(clock.started_at) for clock in settled.named("warning_notice")}
    after = {clock.generation: wall(clock.started_at) for clock in corrected.named("warning_notice")}
    assert before == {1: "2026-10-12 11:00"}
    assert after == {1: "2026-10-12 11:00", 2: "2026-10-12 10:00"}


def test_a_fact_named_linking_links_whatever_it_sets():
    """Found by the oracle, which had read `set` alone: a linked repeat has no hand-over (contracts 4)."""
    facts = [
        Happened(1, "received", 600, sets={"kind": "complaint", "region": "north"}),
        Happened(2, "repeat_linked", 660),
    ]
    trial = Trial(Rulebook(None), facts, 700, 1)
    assert by_requirements(trial)["handover", "", 1]["state"] == "cancelled"
    assert not trial.differs()
