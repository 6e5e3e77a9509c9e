"""What fired timers say is text at once; it is the form of `clock_event`, byte for byte."""

from dataclasses import fields, replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.sla.domain.calendars import Calendars, Measure
from services.sla.domain.changes import Change
from services.sla.domain.clock import State
from services.sla.domain.marks import BREACH, MOST_MINUTES
from services.sla.domain.record import Record
from services.sla.domain.told import Case
from services.sla.handlers.saying import said
from services.sla.handlers.wire import clock_event
from services.sla.storage.timers import Due, fraction_of, kept
from shared.kernel.plain_json import written
from tests.unit.sla.cases import CN, at

CALENDARS = Calendars(CN)
NOON = at("2026-10-12 12:00")
TEXTS = st.sampled_from(["south", "", 'a "name"', "工单 \\ \n", "\ud800"])
SECONDS = st.integers(-4_000_000, 4_000_000).map(lambda number: timedelta(seconds=number / 7))
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


@settings(max_examples=60)
@given(RECORDS, CASES)
def test_the_text_is_that_of_the_event(record: Record, case: Case) -> None:
    marks = (0.875000120, BREACH)
    after = [fired(record, marks[0])]
    after.append(fired(after[0], marks[1]))
    texts = said([due_of(record, case, mark) for mark in marks], CALENDARS, NOON)
    for text, change, clock in zip(texts, (Change.WARNED, Change.BREACHED), after, strict=True):
        event = clock_event(change, clock, case, CALENDARS, NOON)
        assert (text.type, text.subject, text.sequence) == (event.type, event.subject, event.sequence)
        assert text.data == written(event.data).text


@given(st.integers(1, 999), st.integers(0, MOST_MINUTES))
def test_a_timer_keeps_its_mark_whole(thousandths: int, minutes: int) -> None:
    fraction = (thousandths * 1_000_000 + minutes) / 10**9
    assert fraction_of(kept(fraction)) == fraction
    assert kept(fraction) < 2**31, "it fits its column"
