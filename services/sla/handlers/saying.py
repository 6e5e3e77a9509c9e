"""What fired timers say, as text at once: at close of business it is said a hundred thousand times (SL-7).

The form on the wire is that of `wire.clock_event`; a test holds both equal byte for byte.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from services.sla.domain.calendars import Calendars, Measure
from services.sla.domain.changes import Change
from services.sla.domain.clock import State
from services.sla.domain.usage import Usage
from services.sla.storage.timers import BREACH_MARK, Due, fraction_of
from shared.kernel.plain_json import quoted
from shared.outbox.staging import Text

BREACHED, WARNED = (f"clock.{change}.v1" for change in (Change.BREACHED, Change.WARNED))


def said(due: Sequence[Due], calendars: Calendars, now: datetime) -> list[Text]:
    """The events in order; a clock with several marks due says them one after the other."""
    return [
        Text(BREACHED if each.mark == BREACH_MARK else WARNED, each.case_no, each.revision, _data(each, calendars, now))
        for each in _fired(due)
    ]


def _fired(due: Sequence[Due]) -> Iterator[Due]:
    """Each as it is once it fired."""
    last: dict[int, Due] = {}
    for each in due:
        before = last.get(each.clock_id, each)
        warned = before.warned if each.mark == BREACH_MARK else f"{before.warned} {fraction_of(each.mark)}".lstrip()
        last[each.clock_id] = fired = each._replace(revision=before.revision + 1, warned=warned)
        yield fired


def _data(fired: Due, calendars: Calendars, now: datetime) -> str:
    calendar = calendars.named(fired.calendar, fired.calendar_version)
    zone = calendar.work.zone
    usage = Usage(
        measure=Measure(fired.measure),
        started_at=fired.started_at,
        due_at=fired.due_at,
        until=None,
        paused_seconds=fired.paused_seconds,
        counted_from=fired.counted_from,
        used_before=fired.used_before,
    )
    more = f',"key":{quoted(fired.key)}' if fired.key else ""
    if fired.mark == BREACH_MARK:
        more += f',"breached_at":"{now.astimezone(zone).isoformat()}"'
    return (
        f'{{"clock":{{"clock":{quoted(fired.name)},"case_no":{quoted(fired.case_no)},'
        f'"generation":{fired.generation},"revision":{fired.revision},'
        f'"state":"{State.BREACHED if fired.mark == BREACH_MARK else State.RUNNING}",'
        f'"started_at":"{fired.started_at.astimezone(zone).isoformat()}",'
        f'"due_at":"{fired.due_at.astimezone(zone).isoformat()}",'
        f'"warned":[{fired.warned.replace(" ", ",")}],'
        f'"used_seconds":{round(usage.used_seconds(calendar, now), 3)!r},'
        f'"left_seconds":{round(usage.left_seconds(calendar, now), 3)!r},'
        f'"provisional":{"true" if fired.provisional else "false"},'
        f'"policy_version":{quoted(fired.policy_version)},'
        f'"calendar_version":{quoted(fired.calendar_version)}{more}}},'
        f'"case":{{"case_no":{quoted(fired.case_no)},"mode":{quoted(fired.mode)},"kind":{quoted(fired.kind)},'
        f'"region":{quoted(fired.region)},"category":{_or_null(fired.category)},'
        f'"severity":{quoted(fired.severity)},"owner":{_or_null(fired.owner)}}}}}'
    )


def _or_null(text: str | None) -> str:
    return "null" if text is None else quoted(text)
