"""A policy is tried on past cases, page by page."""

from functools import partial

import pytest
import yaml

from services.sla import handlers
from services.sla.schemas import ReplayPolicy
from services.sla.storage.policy_files import BUILTIN
from shared.base.schema import load
from shared.cli.replay_policy import replayed
from shared.kernel.errors import Invalid
from tests.integration.sla.desk import PEOPLE, Desk
from tests.unit.sla.cases import a_case

MONDAY = "2026-10-12 10:00"
OCTOBER = {"from": "2026-10-01T00:00:00+08:00", "to": "2026-11-01T00:00:00+08:00"}


class Line:
    """The service's answers, without the wire."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.asked: list[dict] = []

    def call(self, method, request):
        assert method == "sla.replay_policy"
        self.asked.append(request)
        return self.desk.answer(partial(handlers.replay_policy, PEOPLE), load(ReplayPolicy(), request))


def new_policy(**limit):
    data = yaml.safe_load(BUILTIN.read_text(encoding="utf-8"))
    data["clocks"]["first_response"]["limit"] = limit
    return data


@pytest.fixture
def line(desk: Desk) -> Line:
    """Five inquiries, each answered an hour later than the one before it; two of an owner."""
    for number in range(5):
        case = a_case(MONDAY, kind="inquiry", region="south" if number else "north")
        case = case.then("replied", f"2026-10-12 {11 + number}:00", due="2026-10-13 10:00")
        if number > 2:
            case = case.then("handed_over", "2026-10-12 16:00", set={"owner": "li.qiang"})
        desk.tell(case, case_no=f"26000000000{number}")
    return Line(desk)


def test_the_pages_together_are_the_whole(line: Line):
    steps = []
    request = OCTOBER | {"policy": new_policy(elapsed_hours=3), "limit": 2}
    told = replayed(line, request, lambda done, total: steps.append((done, total)))
    assert steps == [(2, 5), (4, 5), (5, 5)]
    assert told == replayed(line, request | {"limit": 200}, lambda *_: None)
    assert (told["cases"], told["newly_overrun"], told["saved"]) == (5, 2, 0)
    assert [each["case_no"] for each in told["turned"]] == ["260000000003", "260000000004"]
    (first,) = [row for row in told["clocks"] if row["clock"] == "first_response"]
    assert (first["present"]["met"], first["present"]["overrun"]) == (5, 0)
    assert (first["proposed"]["met"], first["proposed"]["overrun"]) == (3, 2)
    owners = {row["owner"]: row["proposed"]["overrun"] for row in told["owners"]}
    assert owners == {None: 0, "li.qiang": 2}


def test_only_the_cases_that_are_asked_for(line: Line):
    request = OCTOBER | {"policy": new_policy(elapsed_hours=3)}
    assert replayed(line, request | {"region": "north"}, lambda *_: None)["cases"] == 1
    assert replayed(line, request | {"owner": "李强"}, lambda *_: None)["cases"] == 2
    assert replayed(line, request | {"to": "2026-10-02T00:00:00Z"}, lambda *_: None)["cases"] == 0


def test_a_policy_that_will_not_do_is_refused_with_every_mistake(line: Line):
    with pytest.raises(Invalid) as caught:
        line.call("sla.replay_policy", OCTOBER | {"policy": new_policy(elapsed_hours=3, working_days=2)})
    (why,) = caught.value.detail["policy"]
    assert "first_response" in why
    with pytest.raises(Invalid) as caught:
        load(ReplayPolicy(), {"policy": "x", "limit": 0, "from": "2026"})
    assert set(caught.value.detail) == {"policy", "limit", "from", "to"}
    with pytest.raises(Invalid) as caught:
        line.call("sla.replay_policy", OCTOBER | {"policy": new_policy(elapsed_hours=3), "after": "x"})
    assert set(caught.value.detail) == {"after"}
