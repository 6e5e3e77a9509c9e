"""How sure figures of satisfaction are: against an oracle that draws, and the laws of intervals."""

import math
import random
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.surveys import (
    HIGHEST,
    LOWEST,
    Sample,
    figures,
    from_step,
    is_period,
    mean_between,
    share_between,
    to_step,
)

SCORES = st.lists(st.integers(LOWEST, HIGHEST), min_size=1, max_size=200)


def sample(scores: list[int], asked: int | None = None) -> Sample:
    squares = float(sum(score * score for score in scores))
    return Sample(asked or len(scores), len(scores), float(sum(scores)), squares, sum(score >= 4 for score in scores))


@given(SCORES)
def test_the_mean_lies_in_its_interval_and_on_the_scale(scores: list[int]) -> None:
    mean, low, high = mean_between(sample(scores))
    assert mean == pytest.approx(statistics.mean(scores))
    assert LOWEST <= low <= mean + 1e-9
    assert mean - 1e-9 <= high <= HIGHEST


@given(SCORES)
def test_more_of_the_same_answers_never_make_it_less_sure(scores: list[int]) -> None:
    _, low, high = mean_between(sample(scores * 2))
    _, before, after = mean_between(sample(scores))
    assert high - low <= after - before + 1e-9


@given(st.integers(1, 500), st.data())
def test_a_share_lies_in_its_interval_and_both_ends_mirror(count: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, count))
    low, high = share_between(part, count)
    assert 0 <= low <= part / count + 1e-12
    assert part / count - 1e-12 <= high <= 1
    mirrored = share_between(count - part, count)
    assert mirrored == (pytest.approx(1 - high), pytest.approx(1 - low))


@pytest.mark.parametrize(
    ("part", "count", "low", "high"),
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (15, 148, 0.0624, 0.1605), (1, 1, 0.2065, 1.0)],
)
def test_wilson_as_tables_have_it(part: int, count: int, low: float, high: float) -> None:
    assert share_between(part, count) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


def test_nineteen_of_twenty_intervals_hold_the_true_mean() -> None:
    drawn = random.Random(2026)
    weights = [5, 10, 20, 35, 30]
    true = sum(score * weight for score, weight in enumerate(weights, 1)) / 100
    held = 0
    for _ in range(4_000):
        _, low, high = mean_between(sample(drawn.choices(range(1, 6), weights, k=12)))
        held += low <= true <= high
    assert 0.92 < held / 4_000 < 0.97


def test_one_answer_says_almost_nothing() -> None:
    assert mean_between(sample([5])) == (5.0, 1.0, 5.0)


def test_nobody_answered() -> None:
    assert figures(Sample(7, 0, 0.0, 0.0, 0)) == {"asked": 7, "answered": 0}


def test_figures() -> None:
    told = figures(sample([5, 4, 4, 2], asked=8))
    assert told["answer_rate"] == 0.5
    assert (told["mean"], told["content_share"]) == (3.75, 0.75)
    assert told["mean_high"] == 5.0
    assert told["mean_low"] == pytest.approx(
        3.75 - 3.182 * math.sqrt((1.25**2 + 2 * 0.25**2 + 1.75**2) / 3 / 4), abs=0.01
    )


@given(st.integers(LOWEST, HIGHEST))
def test_the_two_scales_meet_at_their_ends(score: int) -> None:
    assert from_step(0) == LOWEST
    assert from_step(10) == HIGHEST
    assert abs(from_step(to_step(score)) - score) <= 0.2 + 1e-9


@pytest.mark.parametrize(
    ("text", "well"),
    [
        ("2026", True),
        ("2026-Q4", True),
        ("2026-11", True),
        ("2026-13", False),
        ("2026-Q5", False),
        ("26", False),
        ("", False),
    ],
)
def test_periods(text: str, well: bool) -> None:
    assert is_period(text) is well
