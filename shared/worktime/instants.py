"""Instants and limits as whole microseconds, checked where they enter."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from shared.kernel.errors import Invalid

#: Years that calendars cover; also the bound of every search for working time.
FIRST_YEAR, LAST_YEAR = 1900, 2299

SECOND = 1_000_000
UNIX_DAY = date(1970, 1, 1).toordinal()
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST = (date(FIRST_YEAR, 1, 1).toordinal() - UNIX_DAY) * 86_400 * SECOND
_END = (date(LAST_YEAR + 1, 1, 1).toordinal() - UNIX_DAY) * 86_400 * SECOND


def micros(instant: datetime) -> int:
    """Microseconds since 1970 UTC. Raises `Invalid` but for a datetime with zone in the years covered."""
    try:
        since = instant - _EPOCH
    except TypeError as error:
        raise Invalid.field(
            "instant", f"{instant!r} has no time zone: give a datetime with a zone or an offset"
        ) from error
    counted = (since.days * 86_400 + since.seconds) * SECOND + since.microseconds
    if not _FIRST <= counted < _END:
        raise Invalid.field(
            "instant", f"{instant} is outside the years {FIRST_YEAR} to {LAST_YEAR} that calendars cover: check it"
        )
    return counted


def local(instant: int, zone: ZoneInfo) -> datetime:
    """The instant on the zone's wall clock."""
    seconds, rest = divmod(instant, SECOND)
    shown = datetime.fromtimestamp(seconds, zone)
    return shown.replace(microsecond=rest) if rest else shown


def limit_micros(seconds: float) -> int:
    """A limit, rounded to the microsecond. Raises `Invalid` unless it is a finite number, 0 or more."""
    if type(seconds) is int and seconds >= 0:
        return seconds * SECOND
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds < float("inf"):
        raise Invalid.field("seconds", f"{seconds!r} is no limit: give a number of seconds, 0 or more")
    return round(seconds * SECOND)


def in_seconds(length: int) -> float:
    """A length as seconds: whole ones as int, so that what was added comes back as it was."""
    return length / SECOND if length % SECOND else length // SECOND


def day_number(day: date) -> int:
    """Days since 1970-01-01. Raises `Invalid` for anything but a plain date."""
    if not isinstance(day, date) or isinstance(day, datetime):
        raise Invalid.field("day", f"{day!r} is no date: give a datetime.date")
    return day.toordinal() - UNIX_DAY
