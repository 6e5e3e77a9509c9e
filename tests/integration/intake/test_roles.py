"""Roles on a real database, with the operator's own people: for RPC and for a token's person alike (contracts 3)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from marshmallow import Schema
from werkzeug.test import Client, TestResponse

from services.intake import handlers
from services.intake.http import Api, Gate, Keys
from services.intake.schemas import GetCase
from shared.base.database import Database
from shared.base.people import People, Person, load_people
from shared.base.schema import load
from shared.base.tokens import Token, write_entries
from shared.kernel.errors import Conflict, Forbidden
from shared.testing.clock import ManualClock
from tests.integration.intake.office import WARRANTY, Office
from tests.support.methods import rpc_methods
from tests.unit.intake.gates import entry

METHODS = rpc_methods("intake")


def person(who: str, name: str, *roles: str, **more: Any) -> Person:
    return Person(id=who, name=name, roles=roles, phone="+12025550100", **more)


OURS = People(
    [
        person("clerk", "客服", "clerk"),
        person("south", "华南", "regional_desk", regions=("south",), department="质量部"),
        person("north", "华北", "regional_desk", regions=("north",), department="质量部"),
        person("tech", "技师", "technician", regions=("south",)),
        person("boss", "主管", "supervisor"),
        person("ops", "运维", "ops"),
    ]
)


@pytest.fixture
def house(database: Database, clock: ManualClock) -> Office:
    return Office(database, clock, OURS)


def given_opinion(house: Office, region: str = "south.guangdong") -> str:
    case_no = house.case_no(region=region, registrar="clerk")
    house.step(case_no, "hand_over", by="clerk", owner="south")
    house.step(case_no, "give_opinion", by="south", accountable="south", text="ours", no_warning_reason="one piece")
    return case_no


def test_who_may_not_is_told_who_may_and_nothing_is_done(house: Office) -> None:
    case_no = given_opinion(house)
    before, said = house.get(case_no), house.said()
    with pytest.raises(Forbidden) as refused:
        house.step(case_no, "approve", by="tech", department="质量部")
    assert refused.value.detail["because"] == "role"
    assert refused.value.detail["people"] == ["华南"]
    for by, because in (("north", "region"), ("华北", "region"), ("boss", "department"), ("system:phone", "system")):
        with pytest.raises(Forbidden) as refused:
            house.step(case_no, "approve", by=by, department="质量部")
        assert (refused.value.detail["by"], refused.value.detail["because"]) == (by, because)
    assert (house.get(case_no), house.said()) == (before, said)
    assert house.step(case_no, "approve", by="华南", department="质量部")["version"] == before["version"] + 1


def test_the_owner_of_a_case_acts_in_it_wherever_it_lies(house: Office) -> None:
    case_no = house.case_no(region="north")
    house.step(case_no, "hand_over", by="clerk", owner="技师")
    assert house.step(case_no, "reply", by="tech", text="x")["owner"] == "技师"
    with pytest.raises(Forbidden):
        house.step(case_no, "reply", by="south", text="x")


def test_a_repeat_is_decided_by_who_may(house: Office) -> None:
    case_no = house.case_no(region="north")
    with pytest.raises(Forbidden):
        house.ask_house("reject_repeat", case_no=case_no, by="south")


def test_history_takes_what_the_import_tells(house: Office) -> None:
    case_no = house.case_no(mode="history", occurred_at="2014-01-01T00:00:00Z", region="south")
    for step, fields in (("hand_over", {"owner": "老王"}), ("start_investigation", {}), ("withdraw", {"reason": "x"})):
        house.step(case_no, step, by="system:import", at="2014-01-02T00:00:00Z", **fields)


def test_reading_goes_by_region_and_ownership(house: Office) -> None:
    south, north, owned = house.case_no(region="south"), house.case_no(region="north"), house.case_no(region="east")
    house.step(owned, "hand_over", by="clerk", owner="华南")
    assert listed(house, by="south") == [south, owned]
    assert listed(house, by="north") == [north]
    assert listed(house, by="boss") == listed(house) == [south, north, owned]
    assert read(house, owned, "south")["owner"] == "华南"
    with pytest.raises(Forbidden) as refused:
        read(house, north, "华南")
    assert refused.value.detail["what"] == "read"
    with pytest.raises(Forbidden):
        listed(house, by="nobody")


def listed(house: Office, **asked: Any) -> list[str]:
    return [case["case_no"] for case in house.find(**asked)["cases"]]


def read(house: Office, case_no: str, by: str) -> dict[str, Any]:
    with house.database.read() as connection:
        return handlers.get_case(WARRANTY, connection, load(GetCase(), {"case_no": case_no, "by": by}), rights(house))


def rights(house: Office) -> handlers.Rights:
    return handlers.Rights(house.people)


@pytest.mark.parametrize(
    ("method", "able"),
    [("load_regions", "boss ops"), ("add_customer", "clerk south north boss"), ("erase_customer", "boss ops")],
)
def test_methods_are_rows_of_the_same_file(method: str, able: str) -> None:
    ours, example = handlers.Rights(OURS), handlers.Rights(load_people())
    assert " ".join(each.id for each in OURS.everybody if may(ours, method, each.id)) == able
    assert may(ours, method, None)
    assert may(example, method, "zhang.min")
    assert not may(ours, method, "nobody")


def may(house: handlers.Rights, method: str, by: str | None) -> bool:
    try:
        house.refuse_method(method, by)
    except Forbidden:
        return False
    return True


@dataclass
class Command:
    """An RPC method without its broker."""

    schema: Schema
    run: Callable[[dict[str, Any], str | None], dict[str, Any]]


@pytest.fixture
def http(house: Office, tmp_path: Path) -> Callable[..., TestResponse]:
    """Asks over HTTP with a token that stands for a person."""
    tokens = [Token(name=each.id, scopes=frozenset({"clerk"}), person=each.id) for each in OURS.everybody]
    write_entries(tmp_path / "tokens.json", [entry(token) for token in tokens])

    def take(request: dict[str, Any], _request_id: str | None) -> dict[str, Any]:
        with house.database.write() as uow:
            return handlers.take_step(uow, house.people, request, rights=rights(house))

    def get(request: dict[str, Any], _request_id: str | None) -> dict[str, Any]:
        with house.database.read() as connection:
            return handlers.get_case(WARRANTY, connection, request, rights(house))

    def find(request: dict[str, Any], _request_id: str | None) -> dict[str, Any]:
        with house.database.read() as connection:
            return handlers.find_cases(house.people, connection, request)

    known = {"take_step": take, "get_case": get, "find_cases": find}
    commands = {name: Command(METHODS[name].schema, run) for name, run in known.items()}
    client = Client(Api(commands, Gate(Keys(tmp_path / "tokens.json"), house.people, 0, 0)))

    def call(who: str, method: str, path: str, **more: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {who}"} | more.pop("headers", {})
        return client.open(path, method=method, headers=headers, **more)

    return call


def test_a_tokens_person_is_ruled_alike(house: Office, http: Callable[..., TestResponse]) -> None:
    case_no = house.case_no(region="south", complained_about=["clerk"])
    steps = f"/cases/{case_no}/steps"
    refused = http("north", "POST", steps, json={"step": "reply", "text": "x"})
    assert (refused.status_code, refused.json["errors"]["because"]) == (403, "region")
    assert http("south", "POST", steps, json={"step": "reply", "text": "x"}).status_code == 200
    assert http("clerk", "POST", steps, json={"step": "reply", "text": "x"}).status_code == 403
    assert http("boss", "POST", steps, json={"step": "reply", "text": "x", "by": "south"}).status_code == 403
    assert [http(who, "GET", f"/cases/{case_no}").status_code for who in ("south", "north", "clerk")] == [200, 403, 403]
    assert [len(http(who, "GET", "/cases").json["cases"]) for who in ("south", "north", "clerk")] == [1, 0, 0]
    assert http("south", "GET", f"/cases/{case_no}?by=boss").status_code == 403


def test_of_two_at_once_one_wins_over_http(house: Office, http: Callable[..., TestResponse]) -> None:
    case_no = house.case_no(region="south")

    def reply(who: str) -> TestResponse:
        asked = {"step": "reply", "text": who}
        return http(who, "POST", f"/cases/{case_no}/steps", json=asked, headers={"If-Match": '"1"'})

    with ThreadPoolExecutor(2) as pool:
        first, second = sorted(pool.map(reply, ("south", "boss")), key=lambda answer: answer.status_code)
    assert (first.status_code, second.status_code) == (200, 412)
    assert first.headers["ETag"].startswith('"2')
    assert second.json["errors"]["version"] == 2
    assert house.get(case_no)["version"] == 2


def test_of_two_at_once_one_wins_over_rpc(house: Office) -> None:
    case_no = house.case_no(region="south")

    def reply(who: str) -> int | dict[str, Any]:
        try:
            version: int = house.step(case_no, "reply", by=who, text=who, expected_version=1)["version"]
        except Conflict as refused:
            found: dict[str, Any] = refused.detail
            return found
        return version

    with ThreadPoolExecutor(2) as pool:
        won, lost = sorted(pool.map(reply, ("south", "boss")), key=lambda answer: isinstance(answer, dict))
    assert won == 2
    assert isinstance(lost, dict)
    assert (lost["version"], lost["state"]) == (2, "registered")
    assert [fact["fact"] for fact in house.get(case_no)["facts"]] == ["received", "replied"]
