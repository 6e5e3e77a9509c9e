"""Calls on a real database: their records, the callback cases of missed ones, in any order."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from shared.kernel.errors import Conflict, Invalid, NotFound
from shared.kernel.instants import parse_instant
from tests.integration.intake.counter import Counter
from tests.integration.intake.exchange import CALLER, LINE, Exchange
from tests.integration.intake.office import Office

Answer = dict[str, Any]
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def exchange(office: Office) -> Exchange:
    return Exchange(office)


def missed(office: Office) -> list[Answer]:
    return [event for event in office.said() if event["type"] == "call.missed.v1"]


def cases(office: Office) -> list[tuple[str, str]]:
    return [(case["external_ref"], case["state"]) for case in office.find()["cases"]]


def test_a_call_from_ring_to_end(office: Office, exchange: Exchange) -> None:
    office.case_no(customer={"name": "张三", "phone": CALLER})
    began = office.clock.now()
    ringing = exchange.tells("newCall", queue="hotline")
    assert (ringing["state"], ringing["customer"]["name"]) == ("ringing", "张三")
    office.clock.forward(5 * SECOND)
    assert exchange.tells("answer", user="li.qiang")["state"] == "answered"
    registered = office.case_no(source=exchange.source, external_ref="c-1")
    office.clock.forward(MINUTE)
    call = exchange.tells("hangup", cause="normalClearing")
    assert call == {
        "call_id": "c-1",
        "source": "exchange-1",
        "state": "ended",
        "direction": "in",
        "from": "+8613800138000",
        "from_sent": CALLER,
        "to": "+864008008820",
        "to_sent": LINE,
        "started_at": began.isoformat(),
        "answered_at": (began + 5 * SECOND).isoformat(),
        "ended_at": (began + 65 * SECOND).isoformat(),
        "users": ["li.qiang"],
        "queues": ["hotline"],
        "cause": "normalClearing",
        "customer": {"name": "张三", "phone": "+8613800138000"},
        "case_no": registered,
    }
    assert office.lookup(CALLER)["calls"][0] == {name: call[name] for name in call if name != "customer"}
    assert {each["event"] for each in exchange.get("c-1")["events"]} == {"newCall", "answer", "hangup"}
    assert not missed(office)


def test_a_missed_call_opens_one_case_and_calling_back_resolves_it(office: Office, exchange: Exchange) -> None:
    began = office.clock.now()
    call = exchange.misses("c-1", queue="hotline")
    assert exchange.tells("hangup", "c-1", cause="noAnswer", queue="hotline") == call, "told twice"
    case = office.get(call["case_no"])
    assert (call["state"], call["callback"]) == ("missed", "opened")
    assert {name: case[name] for name in ("kind", "channel", "source", "external_ref", "state")} == {
        "kind": "inquiry",
        "channel": "phone",
        "source": "exchange-1",
        "external_ref": "callback:c-1",
        "state": "registered",
    }
    assert case["customer"]["phone"] == "+8613800138000"
    assert case["milestones"]["received"] == "2026-10-09T22:00:00+08:00"
    [said] = missed(office)
    assert (said["subject"], said["data"]["call"]["case_no"]) == (call["case_no"], call["case_no"])
    assert CALLER[-8:] not in str(said["data"]), "whose call it was stays with intake"
    office.clock.forward(30 * MINUTE)
    exchange.calls("o-1", "li.qiang")
    case = office.get(call["case_no"])
    assert case["state"] == "resolved"
    resolved = case["facts"][-1]
    assert (resolved["fact"], resolved["by"]) == ("resolved", "system:phone")
    assert "li.qiang" in resolved["text"]
    assert case["history"][-1]["detail"]["accountable"] == "li.qiang"
    assert parse_instant(resolved["at"]) == began + 30 * MINUTE
    assert exchange.get("c-1")["case_no"] == call["case_no"]


def test_who_tries_five_times_is_called_back_once(office: Office, exchange: Exchange) -> None:
    for place in range(5):
        call = exchange.misses(f"c-{place}")
        office.clock.forward(MINUTE)
    assert cases(office) == [("callback:c-0", "registered")]
    assert call["callback"] == "joined"
    facts = [fact["fact"] for fact in office.get(call["case_no"])["facts"]]
    assert facts == ["received"] + ["progress_recorded"] * 4
    assert len(missed(office)) == 5
    exchange.tells("answer", "c-9", user="zhang.min")
    assert cases(office) == [("callback:c-0", "resolved")], "their own call, answered, serves as well"
    office.clock.forward(MINUTE)
    exchange.misses("c-10")
    assert cases(office)[-1] == ("callback:c-10", "registered")


def test_an_answer_that_comes_late_withdraws_the_case(office: Office, exchange: Exchange) -> None:
    case_no = exchange.misses("c-1")["case_no"]
    call = exchange.tells("answer", "c-1", user="li.qiang")
    assert (call["state"], call["callback"]) == ("ended", "withdrawn")
    case = office.get(case_no)
    assert case["state"] == "withdrawn"
    assert "li.qiang" in case["history"][-1]["detail"]["reason"]


def test_those_who_joined_a_withdrawn_case_still_wait(office: Office, exchange: Exchange) -> None:
    exchange.misses("c-1")
    office.clock.forward(MINUTE)
    exchange.misses("c-2")
    office.clock.forward(MINUTE)
    assert exchange.misses("c-3")["callback"] == "joined"
    exchange.tells("answer", "c-1", user="li.qiang", at=office.clock.now() - 2 * MINUTE)
    assert cases(office) == [("callback:c-1", "withdrawn"), ("callback:c-2", "registered")]
    assert exchange.get("c-3")["case_no"] == exchange.get("c-2")["case_no"]
    assert len(missed(office)) == 3, "missed is said once a call"


def test_a_call_back_that_is_told_late_serves_only_what_was_missed_before_it(
    office: Office, exchange: Exchange
) -> None:
    exchange.misses("c-1")
    office.clock.forward(MINUTE)
    spoke_at = office.clock.now()
    office.clock.forward(MINUTE)
    exchange.misses("c-2")
    exchange.calls("o-1", "li.qiang", at=spoke_at)
    assert cases(office) == [("callback:c-1", "resolved"), ("callback:c-2", "registered")]


def test_a_call_whose_hangup_is_told_after_the_call_back_is_a_case_resolved(office: Office, exchange: Exchange) -> None:
    began = office.clock.now()
    office.clock.forward(MINUTE)
    exchange.calls("o-1", "li.qiang")
    office.clock.forward(MINUTE)
    exchange.tells("hangup", "c-1", at=began)
    assert cases(office) == [("callback:c-1", "resolved")]


@pytest.mark.parametrize("number", ["anonymous", "", None, "sip:anonymous@anonymous.invalid"])
def test_a_withheld_number_has_nobody_to_call_back(office: Office, exchange: Exchange, number: str | None) -> None:
    call = exchange.misses("c-1", caller=number)
    assert (call["state"], call["callback"], cases(office)) == ("missed", "withheld", [])
    assert len(missed(office)) == 1
    call = exchange.tells("newCall", "c-1", queue="second leg")
    assert (call["callback"], cases(office)) == ("opened", [("callback:c-1", "registered")])


def test_a_number_that_is_none_is_kept_as_sent(office: Office, exchange: Exchange) -> None:
    call = exchange.misses("c-1", caller="95588")
    assert (call["from"], call["callback"]) == ("95588", "opened")
    assert "95588" in office.get(call["case_no"])["description"]


def test_a_case_registered_on_a_missed_call_needs_no_other(office: Office, exchange: Exchange) -> None:
    exchange.tells("newCall")
    registered = office.case_no(source=exchange.source, external_ref="c-1")
    call = exchange.tells("hangup")
    assert (call["callback"], call["case_no"]) == ("registered", registered)
    assert len(cases(office)) == 1


def test_a_callback_that_became_a_complaint_hears_of_the_call_and_goes_on(office: Office, exchange: Exchange) -> None:
    case_no = exchange.misses("c-1")["case_no"]
    office.step(case_no, "correct", set={"kind": "complaint"}, reason="she wrote to us too")
    exchange.calls("o-1", "li.qiang")
    case = office.get(case_no)
    assert (case["state"], case["facts"][-1]["fact"]) == ("registered", "progress_recorded")
    exchange.tells("answer", "c-1", user="li.qiang")
    assert office.get(case_no)["state"] == "registered", "withdrawn by nobody but a person"


def test_every_order_of_a_call_and_its_call_back_leads_to_the_same_end(office: Office, exchange: Exchange) -> None:
    began = office.clock.now()
    office.clock.forward(10 * MINUTE)
    ours = {"direction": "out", "caller": LINE, "user": "li.qiang"}
    ends = set()
    for place, order in enumerate(permutations(range(4))):
        caller = f"1380013{8000 + place}"
        events = [
            ("newCall", f"c-{place}", began, {"caller": caller}),
            ("hangup", f"c-{place}", began + 20 * SECOND, {"caller": caller, "cause": "noAnswer"}),
            ("newCall", f"o-{place}", began + MINUTE, {"to": caller, **ours}),
            ("answer", f"o-{place}", began + MINUTE + SECOND, {"to": caller, **ours}),
        ]
        for each in [*order, *order[:2]]:
            event, call_id, at, given = events[each]
            exchange.tells(event, call_id, at=at, **given)
        call = exchange.get(f"c-{place}")
        ends.add((call["state"], call["started_at"], call["ended_at"], office.get(call["case_no"])["state"]))
    assert ends == {("missed", began.isoformat(), (began + 20 * SECOND).isoformat(), "resolved")}


def test_events_told_at_once_make_one_call_and_one_case(office: Office, exchange: Exchange) -> None:
    def tell(place: int) -> None:
        exchange.tells(("newCall", "hangup")[place % 2], f"c-{place // 2 % 4}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(tell, range(32)))
    assert len(cases(office)) == 1
    assert sorted(exchange.find()) == ["c-0", "c-1", "c-2", "c-3"]
    assert len(missed(office)) == 4


def test_what_is_refused(office: Office, exchange: Exchange) -> None:
    with pytest.raises(Invalid) as refused:
        exchange.tells("ringing", "", caller="\x00", direction="sideways", at=None, user=7)
    assert sorted(refused.value.detail) == ["call_id", "direction", "event", "from", "user"]
    with pytest.raises(Invalid) as refused:
        exchange.tells("newCall", at=office.clock.now() + 2 * MINUTE)
    assert list(refused.value.detail) == ["at"]
    for place in range(100):
        exchange.tells("newCall", "endless", queue=f"queue {place}")
    with pytest.raises(Conflict, match="call_id"):
        exchange.tells("newCall", "endless", queue="one more")
    with pytest.raises(NotFound):
        exchange.get("nobody's")


def test_calls_are_found(office: Office, exchange: Exchange) -> None:
    exchange.misses("c-1")
    office.clock.forward(MINUTE)
    exchange.tells("answer", "c-2", caller="13900000000")
    office.clock.forward(MINUTE)
    exchange.calls("o-1", "li.qiang")
    assert exchange.find() == ["c-1", "c-2", "o-1"]
    assert exchange.find(newest=True, limit=2) == ["o-1", "c-2"]
    assert exchange.find(number="+86 138 0013 8000") == ["c-1", "o-1"]
    assert exchange.find(state="missed") == ["c-1"]
    assert exchange.find(direction="in", without_case=True) == ["c-2"]
    assert exchange.find(since=(office.clock.now() - MINUTE).isoformat()) == ["c-2", "o-1"]


def test_what_comes_after_somebody_was_erased_does_not_bring_them_back(office: Office, exchange: Exchange) -> None:
    known = Counter(office).add(name="张三", phones=[CALLER])["customer_id"]
    for call_id, sent in (("c-1", CALLER), ("c-2", f"sip:+86{CALLER}@exchange.example;user=phone")):
        exchange.tells("newCall", call_id, caller=sent)
    Counter(office).erase(customer_id=known)
    assert exchange.find(number=CALLER) == []
    for call_id in ("c-1", "c-2"):
        call = exchange.tells("hangup", call_id, recording="rec/1")
        assert CALLER not in str(exchange.get(call_id))
        assert (call["callback"], "recording" in call) == ("withheld", False)
    again = exchange.reconcile(exchange.row("c-1", office.clock.now()), apply=True)
    assert (again["found"], exchange.find(number=CALLER)) == ([], [])


def test_a_case_is_registered_by_the_id_of_its_call(office: Office, exchange: Exchange) -> None:
    exchange.tells("answer", user="li.qiang")
    registered = office.register(source=exchange.source, call_id="c-1")
    again = office.register(source=exchange.source, external_ref="c-1")
    assert (again["case_no"], again["duplicate"]) == (registered["case_no"], True)
    assert exchange.get("c-1")["case_no"] == registered["case_no"]
    for wrong in ({"channel": "email"}, {"external_ref": "form-7"}):
        with pytest.raises(Invalid) as refused:
            office.register(call_id="c-1", **wrong)
        assert list(refused.value.detail) == ["call_id"]
