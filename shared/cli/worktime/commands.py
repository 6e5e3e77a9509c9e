"""The commands of `aftercare worktime`."""

from datetime import datetime
from typing import Annotated, Any

import typer
from rich.text import Text

from shared.cli.durations import working_hours
from shared.cli.options import AsJson, with_fields
from shared.cli.output import say, show, show_json
from shared.cli.strip import marks_for, strip
from shared.cli.worktime.calendars import CALENDAR, calendar_of
from shared.cli.worktime.drawn import drawing_of
from shared.cli.worktime.limits import Counted, count, parse_there
from shared.worktime import WorkCalendar

Start = Annotated[str, typer.Argument(help="From when: 2026-10-09T22:00 (on the wall there), or RFC 3339.")]
End = Annotated[str, typer.Argument(help="Until when.")]
Limit = Annotated[str, typer.Argument(help="8h or 1h30m of working time, 3d working days, or same-day.")]
OnWorkdays = Annotated[
    bool, typer.Option("--on-workdays", help="Count 24 hours of each working day and none of a day off.")
]


Ascii = Annotated[bool, typer.Option("--ascii", help="Draw with plain ASCII alone.")]


@with_fields(CALENDAR)
def add(start: Start, limit: Limit, on_workdays: OnWorkdays = False, as_json: AsJson = False, **given: Any) -> None:
    """When a limit ends that starts at an instant.

    \b
    Examples:
      aftercare worktime add 2026-10-09T22:00 8h
      aftercare worktime add 2026-09-30T17:30 3d
      aftercare worktime add 2026-10-09T22:00 72h --on-workdays
      aftercare worktime add 2026-07-01T16:00 8h \\
        --zone America/New_York --country US
    """
    calendar = calendar_of(**given)
    counted = count(calendar, parse_there(calendar, start, "start"), limit, on_workdays=on_workdays)
    if as_json:
        show_json(_told(calendar, counted))
    else:
        say(_moment(counted.due) + _provisional(calendar, counted.due))


@with_fields(CALENDAR)
def between(start: Start, end: End, as_json: AsJson = False, **given: Any) -> None:
    """How much working time lies between two instants.

    \b
    Examples:
      aftercare worktime between 2026-09-30T17:30 2026-10-08T10:00
      aftercare worktime between 2026-10-09T22:00 2026-10-12T12:00 --json
    """
    calendar = calendar_of(**given)
    first, last = parse_there(calendar, start, "start"), parse_there(calendar, end, "end")
    seconds = calendar.between(first, last)
    if as_json:
        elapsed = last.timestamp() - first.timestamp()
        show_json({"working_seconds": seconds, "elapsed_seconds": elapsed, "zone": calendar.zone.key})
    else:
        say(f"{working_hours(seconds)} of working time")


@with_fields(CALENDAR)
def explain(
    start: Start,
    limit: Limit,
    on_workdays: OnWorkdays = False,
    plain: Ascii = False,
    as_json: AsJson = False,
    **given: Any,
) -> None:
    """Why a limit ends when it ends: a strip of days with what was counted in each.

    \b
    Examples:
      aftercare worktime explain 2026-09-30T17:30 8h
      aftercare worktime explain 2026-10-09T22:00 5d
      aftercare worktime explain 2026-09-30T17:30 72h --on-workdays
      aftercare worktime explain 2026-02-13T16:30 10d --ascii
    """
    calendar = calendar_of(**given)
    counted = count(calendar, parse_there(calendar, start, "start"), limit, on_workdays=on_workdays)
    if as_json:
        spans = [{"from": begin.isoformat(), "to": end.isoformat()} for begin, end in counted.spans]
        show_json(_told(calendar, counted) | {"counted": spans})
        return
    show(Text.assemble("From ", (_moment(counted.start), "bold"), f": {counted.rule}"))
    show(strip(drawing_of(calendar, counted), marks_for(plain)))
    show(Text.assemble("Ends ", (_moment(counted.due), "bold"), (_provisional(calendar, counted.due), "yellow")))


def _told(calendar: WorkCalendar, counted: Counted) -> dict[str, Any]:
    return {
        "start": counted.start.isoformat(),
        "due": counted.due.isoformat(),
        "rule": counted.rule,
        "zone": calendar.zone.key,
        "provisional": calendar.provisional(counted.due),
    }


def _moment(instant: datetime) -> str:
    return f"{instant:%a %Y-%m-%d %H:%M:%S} {instant.strftime('%z')[:3]}:{instant.strftime('%z')[3:]}"


def _provisional(calendar: WorkCalendar, instant: datetime) -> str:
    return "  provisional: that year's holidays are not announced yet" if calendar.provisional(instant) else ""
