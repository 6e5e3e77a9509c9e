"""What is said of clocks is text at once; it has the form in which questions are answered, byte for byte."""

from dataclasses import fields, replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.sla.domain.calendars import Calendars, Measure
from services.sla.domain.changes import Change, Said
from services.sla.domain.clock import State
from services.sla.domain.marks import BREACH, MOST_MINUTES
from services.sla.domain.record import Record
from services.sla.domain.told import Case
from services.sla.handlers.saying import said, told
from services.sla.handlers.wire import clock_json
from services.sla.storage.timers import Due, fraction_of, kept
from shared.kernel.plain_json import written
from shared.outbox.staging import Text
from tests.unit.sla.cases import CN, at

CALENDARS = Calendars(CN)
NOON = at("2026-10-12 12:00")
TEXTS = st.sampled_from(["south", "", 'a "name"', "工单 \\ \n", "\ud800"])
SECONDS = st.integers(-4_000_000, 4_000_000).map(lambda number: timedelta(seconds=number / 7))
INSTANTS = st.none() | SECONDS.map(lambda ahead: NOON + ahead)
RECORDS = st.builds(
    Record,
    case_no=st.just("260000000017"),
    name=TEXTS,
    key=TEXTS,
    generation=st.integers(1, 3),
    revision=st.integers(0, 10**6),
    state=st.just(State.RUNNING),
    started_at=SECONDS.map(lambda ago: NOON - abs(ago)),
    due_at=SECONDS.map(lambda ahead: NOON + ahead),
    stopped_at=st.none(),
    ended_at=st.none(),
    paused_since=st.none(),
    paused_seconds=st.floats(0, 10**6),
    measure=st.sampled_from(Measure),
    provisional=st.booleans(),
    policy_version=TEXTS,
    calendar=st.sampled_from(["cn", "gone"]),
    calendar_version=TEXTS,
    warned=st.sampled_from([(), (0.5,), (0.333, 0.8)]),
    id=st.integers(1, 2),
)
CASES = st.builds(
    Case,
    case_no=st.just("260000000017"),
    version=st.just(1),
    mode=TEXTS,
    kind=TEXTS,
    region=TEXTS,
    category=st.none() | TEXTS,
    severity=TEXTS,
    owner=st.none() | TEXTS,
    fact_count=st.just(1),
    last_seq=st.just(1),
)


def due_of(record: Record, case: Case, fraction: float) -> Due:
    """The timer as the database would give it."""
    known = {each.name: getattr(case, each.name) for each in fields(Case)}
    known |= {each.name: getattr(record, each.name) for each in fields(Record)}
    known |= {"mark": kept(fraction), "clock_id": record.id, "warned": " ".join(map(str, record.warned))}
    return Due(**{name: known[name] for name in Due._fields})


def fired(record: Record, fraction: float) -> Record:
    """The clock once its timer fired."""
    if fraction == BREACH:
        return replace(record, revision=record.revision + 1, state=State.BREACHED, breached_at=NOON)
    return replace(record, revision=record.revision + 1, warned=(*record.warned, fraction))


def plainly(change: Change, clock: Record, case: Case) -> Text:
    """The event, made the plain way."""
    names = ("case_no", "mode", "kind", "region", "category", "severity", "owner")
    data = {
        "clock": clock_json(clock, CALENDARS, NOON),
        "case": {name: getattr(case, name) for name in names},
    }
    return Text(f"clock.{change}.v1", clock.case_no, clock.revision, written(data).text)


@settings(max_examples=60)
@given(RECORDS, CASES)
def test_the_text_is_that_of_the_event(record: Record, case: Case) -> None:
    marks = (0.875000120, BREACH)
    after = [fired(record, marks[0])]
    after.append(fired(after[0], marks[1]))
    texts = said([due_of(record, case, mark) for mark in marks], CALENDARS, NOON)
    for text, change, clock in zip(texts, (Change.WARNED, Change.BREACHED), after, strict=True):
        assert text == plainly(change, clock, case)


@settings(max_examples=60)
@given(RECORDS, CASES, st.sampled_from(State), st.sampled_from(Change), st.tuples(INSTANTS, INSTANTS, INSTANTS))
def test_so_is_that_of_a_clock_that_was_derived(
    record: Record, case: Case, state: State, change: Change, instants: tuple[datetime | None, ...]
) -> None:
    stopped_at, breached_at, counted_from = instants
    clock = replace(record, state=state, stopped_at=stopped_at, ended_at=stopped_at, breached_at=breached_at)
    clock = replace(clock, counted_from=counted_from)
    assert told(Said(change, clock), case, CALENDARS, NOON) == plainly(change, clock, case)


@given(st.integers(1, 999), st.integers(0, MOST_MINUTES))
def test_a_timer_keeps_its_mark_whole(thousandths: int, minutes: int) -> None:
    fraction = (thousandths * 1_000_000 + minutes) / 10**9
    assert fraction_of(kept(fraction)) == fraction
    assert kept(fraction) < 2**31, "it fits its column"
