"""Events against the world: each has its effect once, and a bad one goes its own way (AL-2, design 3)."""

import json
from collections import Counter
from typing import Any

import pytest

from shared.base.broker import DEAD_QUEUE
from shared.runtime.events import BARRIER_HEADER
from tests.support.client import Client, event
from tests.support.probe import NAME, QUEUE
from tests.support.process import ServiceProcess
from tests.support.waiting import wait_for


def handled(probe: ServiceProcess, *ids: str) -> bool:
    found = probe.effects()
    return all(found[event_id] == 1 for event_id in ids)


def held(outside: Client, event_id: str, **wanted: Any) -> dict[str, Any]:
    """The held message with this id, once it looks as wanted."""

    def look() -> dict[str, Any] | None:
        listed = outside.ask("parked_list")["result"]["messages"]
        found = [each for each in listed if each["event_id"] == event_id]
        return found[0] if found and found[0].items() >= wanted.items() else None

    return wait_for(look, f"{event_id} is held as {wanted}")


def is_held(outside: Client, event_id: str) -> bool:
    return event_id in [each["event_id"] for each in outside.ask("parked_list")["result"]["messages"]]


def test_a_message_delivered_again_and_again_has_one_effect(outside: Client, probe: ServiceProcess) -> None:
    ids = [f"again {number % 10}" for number in range(50)]
    for event_id in ids:
        outside.say({}, id=event_id)
    last = outside.say({})
    wait_for(lambda: handled(probe, last), "the last one")
    assert {probe.effects()[event_id] for event_id in ids} == {1}


GARBAGE = [b"", b"garbage", b"\xff\xfe", b"{}", json.dumps({"specversion": "1.0", "id": "x" * 300}).encode()]


@pytest.mark.parametrize("garbage", GARBAGE)
def test_what_is_no_event_goes_to_the_dead_letters(outside: Client, garbage: bytes) -> None:
    outside.publish(f"{NAME}.events", "order.due.v1", garbage)
    properties, dead = wait_for(outside.take, "the dead letter")
    assert dead == garbage
    assert (properties.headers["x-first-death-queue"], properties.headers["x-first-death-reason"]) == (
        QUEUE,
        "rejected",
    )


def test_garbage_between_good_ones_harms_none_and_costs_no_connection(outside: Client, probe: ServiceProcess) -> None:
    before = probe.said().count("waits for what is away")
    good = []
    for number in range(150):
        good.append(outside.say({}, id=f"between {number}"))
        outside.publish(f"{NAME}.events", "order.due.v1", GARBAGE[number % len(GARBAGE)])
    wait_for(lambda: handled(probe, *good), "all good ones")
    wait_for(lambda: outside.depth(DEAD_QUEUE) == 150, "all dead letters")
    outside.channel.queue_purge(DEAD_QUEUE)
    assert probe.said().count("waits for what is away") == before


def test_rejected_is_parked_at_once_with_its_reason_masked(outside: Client) -> None:
    event_id = outside.say({"do": "reject"})
    found = held(outside, event_id, state="parked")
    assert found["attempts"] == 1
    assert found["reason"] == "Rejected: says 张三 ***"
    assert found["queue"] == QUEUE


@pytest.mark.parametrize("order", ["refuse", "miss"])
def test_so_is_a_refusal(outside: Client, order: str) -> None:
    assert held(outside, outside.say({"do": order}), state="parked")["attempts"] == 1


def test_the_operator_replays_and_drops(outside: Client, probe: ServiceProcess) -> None:
    healed, given_up = outside.say({"do": "reject until 3"}), outside.say({"do": "reject"})
    for event_id, method in ((healed, "parked_replay"), (given_up, "parked_drop")):
        assert outside.ask(method, {"id": held(outside, event_id, state="parked")["id"]})["error"] is None
    wait_for(lambda: handled(probe, healed), "the replayed one")
    assert not is_held(outside, given_up)
    assert probe.effects()[given_up] == 0
    assert outside.ask("parked_replay", {"id": 4711})["error"]["exc_type"] == "NotFound"


@pytest.mark.parametrize("order", ["retry until 4", "break until 4", "nul until 3"])
def test_what_may_succeed_is_tried_again_until_it_does(outside: Client, probe: ServiceProcess, order: str) -> None:
    event_id = outside.say({"do": order})
    wait_for(lambda: handled(probe, event_id), "the effect")
    assert not is_held(outside, event_id)


def test_a_bare_timeout_is_its_messages_trouble(outside: Client, probe: ServiceProcess) -> None:
    late, good = outside.say({"do": "time out"}), outside.say({})
    wait_for(lambda: handled(probe, good), "the one behind it")
    found = held(outside, late, state="waiting")
    assert found["reason"].startswith("LimitReached")
    outside.ask("parked_drop", {"id": found["id"]})


def test_failing_ones_among_hundreds_leave_the_others_alone(outside: Client, probe: ServiceProcess) -> None:
    orders = {f"many {number}": "reject" if number % 50 == 7 else "" for number in range(300)}
    for event_id, order in orders.items():
        outside.say({"do": order}, id=event_id)
    good = [event_id for event_id, order in orders.items() if not order]
    wait_for(lambda: handled(probe, *good), "the good ones")
    for event_id in set(orders) - set(good):
        outside.ask("parked_drop", {"id": held(outside, event_id, state="parked")["id"]})
    assert Counter(probe.effects())["many 7"] == 0


def test_data_that_no_text_can_hold_does_not_stop_the_queue(outside: Client, probe: ServiceProcess) -> None:
    odd, huge = outside.say({"name": "\ud800"}), outside.say({"n": 10**400})
    good = outside.say({}, sequence=10**18 - 1)
    wait_for(lambda: handled(probe, good), "the one behind them")
    assert is_held(outside, odd) or handled(probe, odd)
    assert is_held(outside, huge) or handled(probe, huge)
    for event_id in (odd, huge):
        if is_held(outside, event_id):
            outside.ask("parked_drop", {"id": held(outside, event_id)["id"]})


@pytest.mark.parametrize("barrier", ["never set up", {"a": 1}, ["x"], 5, None])
def test_a_strangers_barrier_harms_nobody(outside: Client, probe: ServiceProcess, barrier: Any) -> None:
    outside.publish("", QUEUE, event({}).to_bytes(), headers={BARRIER_HEADER: barrier})
    behind = outside.say({})
    wait_for(lambda: handled(probe, behind), "the one behind it")


def test_a_message_without_any_properties(outside: Client, probe: ServiceProcess) -> None:
    bare = event({})
    outside.publish("", QUEUE, bare.to_bytes())
    wait_for(lambda: handled(probe, bare.id), "the effect")


def test_what_is_said_is_heard_once(outside: Client, probe: ServiceProcess) -> None:
    """The whole way: a request, its rows, the relay, the queue, the effects."""
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    outside.ask("note", {"key": "round", "events": 7}, headers={"traceparent": trace})
    wait_for(lambda: probe.query("SELECT count(*) FROM effects WHERE subject = 'round'") == [7], "seven effects")
    wait_for(lambda: probe.query("SELECT count(*) FROM outbox WHERE sent_at IS NULL") == [0], "all marked")
    bodies = [json.loads(body) for body in probe.query("SELECT body FROM outbox WHERE body LIKE '%round%'")]
    assert {body["traceparent"] for body in bodies} == {trace}
    assert [body["sequence"] for body in bodies] == ["1", "2", "3", "4", "5", "6", "7"]


def test_the_figures_tell(outside: Client, probe: ServiceProcess) -> None:
    outside.ask("health")
    taken = {
        what: probe.metric(f'aftercare_events_taken_total{{outcome="{what}",queue="{QUEUE}"}}')
        for what in ("taken", "known", "retried", "undecodable")
    }
    assert min(taken.values()) >= 1, taken
    assert probe.metric('aftercare_held{state="parked"}') >= 1
