"""What is said of clocks, as text at once: at close of business it is said a hundred thousand times (SL-7).

A clock has the form of `wire.clock_json`; a test holds both equal byte for byte.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from services.sla.domain.calendars import Calendar, Calendars, Measure
from services.sla.domain.changes import Change, Said
from services.sla.domain.clock import State
from services.sla.domain.record import Record
from services.sla.domain.told import Case
from services.sla.domain.usage import Usage
from services.sla.storage.timers import BREACH_MARK, Due, fraction_of
from shared.kernel.plain_json import quoted
from shared.outbox.staging import Text

BREACHED, WARNED = (f"clock.{change}.v1" for change in (Change.BREACHED, Change.WARNED))


class Standing(NamedTuple):
    """Where a clock stands; `warned` as the inside of a list."""

    state: State
    warned: str
    usage: Usage
    stopped_at: datetime | None = None
    breached_at: datetime | None = None


def said(due: Sequence[Due], calendars: Calendars, now: datetime) -> list[Text]:
    """What fired timers say, in order; a clock with several marks due says them one after the other."""
    return [
        Text(
            BREACHED if each.mark == BREACH_MARK else WARNED,
            each.case_no,
            each.revision,
            _fired_data(each, calendars, now),
        )
        for each in _fired(due)
    ]


def told(said: Said, case: Case, calendars: Calendars, now: datetime) -> Text:
    """What is said of a clock that was derived; ordered by its revision."""
    record = said.record
    return Text(f"clock.{said.change}.v1", record.case_no, record.revision, _data(record, case, calendars, now))


def _fired(due: Sequence[Due]) -> Iterator[Due]:
    """Each as it is once it fired."""
    last: dict[int, Due] = {}
    for each in due:
        before = last.get(each.clock_id, each)
        warned = before.warned if each.mark == BREACH_MARK else f"{before.warned} {fraction_of(each.mark)}".lstrip()
        last[each.clock_id] = fired = each._replace(revision=before.revision + 1, warned=warned)
        yield fired


def _fired_data(fired: Due, calendars: Calendars, now: datetime) -> str:
    usage = Usage(
        measure=Measure(fired.measure),
        started_at=fired.started_at,
        due_at=fired.due_at,
        until=None,
        paused_seconds=fired.paused_seconds,
        counted_from=fired.counted_from,
        used_before=fired.used_before,
    )
    is_breach = fired.mark == BREACH_MARK
    standing = Standing(
        state=State.BREACHED if is_breach else State.RUNNING,
        warned=fired.warned.replace(" ", ","),
        usage=usage,
        breached_at=now if is_breach else None,
    )
    return _text(fired, standing, fired, calendars.named(fired.calendar, fired.calendar_version), now)


def _data(record: Record, case: Case, calendars: Calendars, now: datetime) -> str:
    standing = Standing(
        state=record.state,
        warned=",".join(map(repr, record.warned)),
        usage=record.usage,
        stopped_at=record.stopped_at,
        breached_at=record.breached_at,
    )
    return _text(record, standing, case, calendars.named(record.calendar, record.calendar_version), now)


def _text(clock: Record | Due, standing: Standing, case: Case | Due, calendar: Calendar, now: datetime) -> str:
    zone, usage = calendar.work.zone, standing.usage
    more = f',"key":{quoted(clock.key)}' if clock.key else ""
    if standing.stopped_at is not None:
        more += f',"stopped_at":"{standing.stopped_at.astimezone(zone).isoformat()}"'
    if standing.breached_at is not None:  # tells a breach from one before it that was revoked
        more += f',"breached_at":"{standing.breached_at.astimezone(zone).isoformat()}"'
    return (
        f'{{"clock":{{"clock":{quoted(clock.name)},"case_no":{quoted(clock.case_no)},'
        f'"generation":{clock.generation},"revision":{clock.revision},"state":"{standing.state}",'
        f'"started_at":"{clock.started_at.astimezone(zone).isoformat()}",'
        f'"due_at":"{clock.due_at.astimezone(zone).isoformat()}",'
        f'"warned":[{standing.warned}],'
        f'"used_seconds":{round(usage.used_seconds(calendar, now), 3)!r},'
        f'"left_seconds":{round(usage.left_seconds(calendar, now), 3)!r},'
        f'"provisional":{"true" if clock.provisional else "false"},'
        f'"policy_version":{quoted(clock.policy_version)},'
        f'"calendar_version":{quoted(clock.calendar_version)}{more}}},'
        f'"case":{{"case_no":{quoted(case.case_no)},"mode":{quoted(case.mode)},"kind":{quoted(case.kind)},'
        f'"region":{quoted(case.region)},"category":{_or_null(case.category)},'
        f'"severity":{quoted(case.severity)},"owner":{_or_null(case.owner)}}}}}'
    )


def _or_null(text: str | None) -> str:
    return "null" if text is None else quoted(text)
