"""The parts of a policy file that only notify has."""

from datetime import time, timedelta

from services.notify.domain.durations import parse_span, parse_time
from shared.kernel.reading import Part


def span(part: Part) -> timedelta:
    """A span of time."""
    return part.parsed(parse_span, timedelta(seconds=1))


def time_of_day(part: Part) -> time:
    """A time of day."""
    return part.parsed(parse_time, time())
