"""Whatever the calls of a caller are, in whatever order they are told: who was missed is called back, once."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.domain.calls.events import KINDS
from services.intake.domain.calls.record import STATES
from services.intake.domain.vocabulary import OPEN
from shared.base.database import Database
from shared.kernel.errors import Invalid
from shared.testing.clock import ManualClock
from tests.integration.intake.exchange import LINE, Exchange
from tests.integration.intake.office import Office
from tests.support.databases import Databases

BEGIN = datetime(2026, 10, 9, 12, tzinfo=UTC)
CALLS = range(4)
OURS = CALLS[-1]
"""The one that we made."""
told_of = st.tuples(st.sampled_from(KINDS), st.sampled_from(CALLS), st.integers(0, 8))


class End(NamedTuple):
    """What came of a caller's calls: their states, and which of them wait to be called back."""

    states: list[str]
    waiting: set[int]


@pytest.fixture(scope="module")
def exchange(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Exchange:
    """On one database for all examples: each has a caller of its own."""
    clock = ManualClock(BEGIN + timedelta(hours=2))
    url = databases.empty("sqlite", "intake", Path(tmp_path_factory.mktemp("calls")))
    return Exchange(Office(Database(url, service="intake", clock=clock), clock))


callers = count()


def tell(exchange: Exchange, events: Sequence[tuple[str, int, int]]) -> End:
    """Tell of a new caller's calls, and look after each event whether who was missed waits."""
    number = f"138{next(callers):08}"
    end = End([], set())
    for kind, call, minute in events:
        who: dict[str, Any] = {"direction": "out", "caller": LINE, "to": number} if call == OURS else {"caller": number}
        at = BEGIN + timedelta(minutes=minute)
        exchange.tells(kind, f"{number}-{call}", at=at, user="li.qiang", **who)
        end = look(exchange, number)
    return end


def look(exchange: Exchange, number: str) -> End:
    ids = exchange.find(number=number)
    seen = {call: exchange.get(f"{number}-{call}") for call in CALLS if f"{number}-{call}" in ids}
    led_to = {each["callback_case_no"] for each in seen.values() if "callback_case_no" in each}
    is_open = {case_no for case_no in led_to if exchange.office.get(case_no)["state"] in OPEN}
    waiting = {call for call, each in seen.items() if each.get("callback_case_no") in is_open}
    spoken = [event["at"] for each in seen.values() for event in each["events"] if event["event"] == "answer"]
    for call, each in seen.items():
        first = min(event["at"] for event in each["events"])
        unserved = each["state"] == "missed" and not any(at >= first for at in spoken)
        assert (call in waiting) == unserved, (call, each)
    assert len({seen[call]["callback_case_no"] for call in waiting}) <= 1, "one number, one callback"
    assert bool(is_open) == bool(waiting), "no case waits for nobody"
    return End([seen[call]["state"] if call in seen else "" for call in CALLS], waiting)


@settings(max_examples=12, deadline=None)
@given(st.data())
def test_every_order_leads_to_the_same_end(exchange: Exchange, data: st.DataObject) -> None:
    events = data.draw(st.lists(told_of, min_size=1, max_size=6))
    order = data.draw(st.permutations(events + data.draw(st.lists(st.sampled_from(events), max_size=3))))
    assert tell(exchange, events) == tell(exchange, order)


anything = st.none() | st.text(max_size=100) | st.sampled_from(["+1", "+123456", "204", "sip:x@y", "\ufdfa" * 100])
short = st.text(min_size=1, max_size=200)


@settings(max_examples=40, deadline=None)
@given(
    st.fixed_dictionaries(
        {"caller": anything, "to": anything, "call_id": short, "direction": st.sampled_from(["in", "in", "out"])},
        optional={"user": short, "queue": short, "cause": short, "recording": short},
    )
)
def test_whatever_an_exchange_sends_is_taken_or_refused_by_its_field(exchange: Exchange, told: dict[str, Any]) -> None:
    for event in ("hangup", "newCall", "answer"):
        refused: set[str] = set()
        try:
            assert exchange.tells(event, **told)["state"] in STATES
        except Invalid as error:
            refused = set(error.detail)
        assert refused <= {"from", *told} - {"caller"}
