"""Messages that wait some working days, like the survey: told sooner or never as the case goes on (NO-7)."""

from datetime import datetime
from typing import Final

from services.notify.domain.happening import Happening
from services.notify.domain.policy import Later
from shared.worktime import default_calendar

DAY_SECONDS: Final = 86_400


def due_at(later: Later, happening: Happening) -> datetime:
    """The instant: so many working days after the fact, or that of a fact that makes it sooner."""
    latest = default_calendar().add_on_workdays(happening.at, later.workdays * DAY_SECONDS)
    sooner = [at for name, at in happening.following if name in later.sooner]
    return min([latest, *sooner])


def is_dropped(later: Later, happening: Happening) -> bool:
    """Whether the case went another way before the message was due."""
    due = due_at(later, happening)
    return any(name in later.unless and at <= due for name, at in happening.following)
