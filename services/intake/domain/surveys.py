"""Satisfaction (IN-17): what customers answer, from 1 (not at all) to 5 (very content), and how sure the figures are.

Of few answers a mean says little; so each figure comes with the interval that holds the true one in 95 of 100 cases:
Student's for the mean, Wilson's for a share.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

LOWEST: Final = 1
HIGHEST: Final = 5
CONTENT: Final = 4
"""From this score on a customer counts as content."""
CASE: Final = "case"
PERIODIC: Final = "periodic"
KINDS: Final = (CASE, PERIODIC)
WAYS: Final = ("phone", "link", "clerk", "sms", "email")
"""By which way an answer came."""
GROUPS: Final = ("kind", "region", "model", "department", "category", "case_kind", "owner", "period", "month")
"""What statistics can be told apart by."""
_PERIOD: Final = re.compile(r"20\d\d(-Q[1-4]|-(0[1-9]|1[0-2]))?")
_Z: Final = 1.959964
_STUDENT: Final = (
    *(12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131),
    *(2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042),
)
"""Student's t for 95 of 100, by degrees of freedom from 1; more of them are near enough to the normal distribution."""
_TOP_OF_STEPS: Final = 10
"""Steps of a case are scored from 0 to 10 (contracts 4)."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The answers of one group: how many were asked and answered, the sum of the scores and of their squares."""

    asked: int
    answered: int
    total: float
    squares: float
    content: int


def is_period(text: str) -> bool:
    """Whether this names a year, a quarter or a month: 2026, 2026-Q4, 2026-11."""
    return _PERIOD.fullmatch(text) is not None


def from_step(score: int) -> float:
    """The score of a step, 0 to 10, on the scale of surveys."""
    return LOWEST + score * (HIGHEST - LOWEST) / _TOP_OF_STEPS


def to_step(score: float) -> int:
    """A survey's score on the scale of steps."""
    return round((score - LOWEST) * _TOP_OF_STEPS / (HIGHEST - LOWEST))


def figures(sample: Sample) -> Mapping[str, Any]:
    """What the answers say; without any, nothing but that."""
    asked = max(sample.asked, sample.answered)
    told = {"asked": asked, "answered": sample.answered}
    if not sample.answered:
        return told
    mean, low, high = mean_between(sample)
    share = sample.content / sample.answered
    below, above = share_between(sample.content, sample.answered)
    return told | {
        "answer_rate": round(sample.answered / asked, 4),
        "mean": round(mean, 2),
        "mean_low": round(low, 2),
        "mean_high": round(high, 2),
        "content_share": round(share, 4),
        "content_low": round(below, 4),
        "content_high": round(above, 4),
    }


def mean_between(sample: Sample) -> tuple[float, float, float]:
    """The mean and where the true one lies; of a single answer it may lie anywhere."""
    count, mean = sample.answered, sample.total / sample.answered
    if count == 1:
        return mean, float(LOWEST), float(HIGHEST)
    variance = max(0.0, (sample.squares - count * mean * mean) / (count - 1))
    student = _STUDENT[count - 2] if count - 2 < len(_STUDENT) else _Z
    margin = student * math.sqrt(variance / count)
    return mean, max(float(LOWEST), mean - margin), min(float(HIGHEST), mean + margin)


def share_between(part: int, count: int) -> tuple[float, float]:
    """Where the true share lies, by Wilson: right for few answers too, and when all of them agree."""
    share, spread = part / count, _Z * _Z / count
    middle = (share + spread / 2) / (1 + spread)
    margin = _Z * math.sqrt(share * (1 - share) / count + spread / (4 * count)) / (1 + spread)
    return max(0.0, middle - margin), min(1.0, middle + margin)
