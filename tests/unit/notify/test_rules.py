"""The rules of telling, as laws: bundling, quiet hours, states, receipts, order and repetition (NO-2, NO-6)."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from services.notify.domain.intents import Intent, intents
from services.notify.domain.message import Message
from services.notify.domain.outcome import after, by_receipts
from services.notify.domain.policy import Quiet
from services.notify.domain.provider import Accepted, Failed, Refused, Unclear
from services.notify.domain.recipients import Directory
from services.notify.domain.schedule import Flow, after_quiet, plan
from services.notify.domain.states import ENDED, TRANSITIONS, State
from services.notify.domain.told_cases import happenings_of_case
from services.notify.domain.told_others import happenings_of_clock
from services.notify.domain.vocabulary import ORDER_CHANGES
from services.notify.storage.policy_files import load_policy
from shared.base.people import load_people
from shared.events.catalogue import CATALOGUE
from shared.events.schemas.alerts import ALERT_KINDS as TOLD_KINDS
from shared.kernel.alert_topics import ALERT_KINDS
from tests.unit.notify.events import NOW, Case, breached, warned

POLICY = load_policy()
DIRECTORY = Directory(load_people())
INTENT = Intent(
    key="k",
    rule="r",
    recipient="desk",
    audience="staff",
    category="deadline",
    channel="email",
    address="desk@example.com",
    language="en",
    at=NOW,
    expires_at=NOW + timedelta(days=1),
)
STEPS = st.lists(st.tuples(st.integers(0, 900), st.sampled_from(["plain", "urgent", "first of major"])), max_size=60)


def messages_that_go(steps: list[tuple[int, str]]) -> list[tuple[datetime, datetime, str]]:
    """Each message of a flow: when it came, when it may go, what it is."""
    flow, now, found = Flow(), NOW, []
    for seconds, what in steps:
        now += timedelta(seconds=seconds)
        intent = replace(INTENT, urgent=what == "urgent", bundle=what != "urgent")
        due, flow = plan(intent, flow, now, POLICY, first_of_major=what == "first of major")
        found.append((now, due, what))
    return found


@given(STEPS)
@settings(max_examples=60)
def test_urgent_ones_and_the_first_of_a_major_case_never_wait(steps: list[tuple[int, str]]) -> None:
    assert all(due == now for now, due, what in messages_that_go(steps) if what != "plain")


@given(STEPS)
@settings(max_examples=60)
def test_the_first_goes_at_once_and_nothing_waits_longer_than_the_longest_window_or_the_rate(
    steps: list[tuple[int, str]],
) -> None:
    found = messages_that_go(steps)
    plain = [(now, due) for now, due, what in found if what == "plain"]
    if plain:
        assert plain[0][0] == plain[0][1]
    longest = max(POLICY.windows[-1], POLICY.rates["email"].per)
    assert all(now <= due <= now + longest for now, due in plain)


@given(st.integers(1, 400), st.integers(0, 20))
@settings(max_examples=40)
def test_a_burst_is_three_messages_at_most(count: int, spread_seconds: int) -> None:
    step = spread_seconds / count / 3
    flow, now, dues = Flow(), NOW, set()
    for _ in range(count):
        due, flow = plan(INTENT, flow, now, POLICY, first_of_major=False)
        dues.add(due)
        now += timedelta(seconds=step)
    assert len(dues) <= 3


def test_a_steady_flood_goes_in_fewer_and_fewer_messages() -> None:
    found = messages_that_go([(5, "plain")] * 720)
    went = sorted({due for _, due, _ in found})
    assert len(went) <= 12, "an hour of a message every five seconds"
    gaps = [later - earlier for earlier, later in pairwise(went)]
    assert gaps[0] == POLICY.windows[0]
    assert gaps[-1] == POLICY.windows[-1]


@given(st.timedeltas(timedelta(), timedelta(days=365)).map(lambda span: NOW + span))
def test_quiet_hours_end_when_they_end(instant: datetime) -> None:
    for quiet in (Quiet(time(22), time(7)), Quiet(time(12), time(13, 30))):
        due = after_quiet(instant, quiet, POLICY)
        assert instant <= due <= instant + quiet.length
        there = due.astimezone(POLICY.zone)
        assert due == instant or there.time() == quiet.end
        assert after_quiet(due, quiet, POLICY) == due


def told(events: list) -> set[tuple[str, str, str]]:
    """The identities of the messages that these events ask for, with what a consumer remembers between them."""
    known: frozenset[int] = frozenset()
    version, found = 0, set()
    for event in events:
        if "clock" in event.data:
            happenings = list(happenings_of_clock(event.data, event.time))
        elif event.sequence > version:
            happenings = list(happenings_of_case(event.data["case"], known, None))
            version, known = event.sequence, known | {fact["seq"] for fact in event.data["case"]["facts"]}
        else:
            continue
        found |= {each.identity for each in intents(happenings, POLICY, DIRECTORY)[0]}
    return found


def story() -> list:
    case = Case(owner="south-desk")
    events = [case.event()]
    for fact, more in (
        ("handed_over", {}),
        ("severity_raised", {"set": {"severity": "major"}}),
        ("replied", {"text": "we come"}),
        ("resolved", {"text": "done"}),
        ("revisited", {}),
    ):
        case.add(fact, **more)
        events.append(case.event())
    return [*events, warned(case, 0.5), warned(case, 0.5, 0.8, revision=3), breached(case)]


STORY = story()


@given(st.permutations(STORY), st.lists(st.sampled_from(STORY), max_size=4))
@settings(max_examples=60, deadline=None)
def test_any_order_and_any_repetition_of_events_asks_for_the_same_messages(events: list, again: list) -> None:
    assert told([*events, *again]) == told(STORY)


@given(
    st.sampled_from(list(State)),
    st.sampled_from([Accepted(), Accepted("x", is_final=True), Refused("r"), Failed("f"), Unclear("u"), None]),
)
def test_results_lead_only_where_it_is_legal(state: State, result: object) -> None:
    if state not in (State.SENDING, State.UNKNOWN):
        return
    for category in ("direct", "escalation"):
        for attempts in (1, 3, 20):
            for now in (NOW, NOW + timedelta(days=2)):
                kept = message(state, category, attempts)
                outcome = after(kept, result, POLICY, now)  # type: ignore[arg-type] # one of the results
                assert outcome.state is state or outcome.state in TRANSITIONS[State.SENDING]
                assert (outcome.wait is not None) == (outcome.state is State.ACCEPTED)


def message(state: State, category: str = "direct", attempts: int = 1) -> Message:
    return Message(
        message_id="m", key="k", recipient="direct", channel="sms", address="+1", audience="customer", person=None,
        rule="direct", category=category, template=None, language="en", urgent=False, bundle=False, subject="",
        text="t", fallbacks=(), case_no=None, order_no=None, state=state, reason=None, attempts=attempts, trace="",
        accepted_at=NOW, due_at=NOW, expires_at=NOW + timedelta(days=1),
    )  # fmt: skip


@given(st.lists(st.sampled_from([State.DELIVERED, State.FAILED]), min_size=1, max_size=5), st.randoms())
def test_receipts_are_monotonic_and_their_order_does_not_matter(receipts: list[State], chance) -> None:
    def end(found: list[State]) -> State:
        state = State.SENT
        for each in found:
            outcome = by_receipts(state, {each: "why"})
            if outcome is not None:
                assert outcome.state in TRANSITIONS[state]
                state = outcome.state
        return state

    shuffled = receipts[:]
    chance.shuffle(shuffled)
    assert end(receipts) == end(shuffled) == (State.DELIVERED if State.DELIVERED in receipts else State.FAILED)


def test_the_table_of_states_has_no_way_back_from_the_end() -> None:
    assert all(TRANSITIONS[state] <= {State.DELIVERED} for state in ENDED)
    assert [each for each, ways in TRANSITIONS.items() if State.SENDING in ways] == [State.ACCEPTED]


def test_our_words_are_those_of_the_catalogue() -> None:
    assert set(ALERT_KINDS) == set(TOLD_KINDS)
    assert {name.split(".")[1] for name in CATALOGUE if name.startswith("order.")} == ORDER_CHANGES
