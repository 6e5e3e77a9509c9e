"""Codes cannot be guessed, and nobody locks others out by trying (ES-3)."""

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from services.escalation.handlers.guessing import MOST, MOST_OF_NOBODY
from services.escalation.schemas import Acknowledge
from services.escalation.service import acknowledge, forget
from services.escalation.storage.tables import guesses, messaging
from shared.base.schema import load
from shared.base.service_settings import ServiceSettings
from shared.kernel.errors import Forbidden, NotFound
from shared.runtime.metrics import Metrics
from shared.runtime.providers import Desk as Working
from shared.runtime.resources import Resources
from tests.integration.escalation.desk import RULES, Desk
from tests.unit.escalation.cases import CASE_NO, a_case

DUE = "2026-10-12 18:00"
PHONE, OTHER = "+8613800138000", "+8613900139000"


@pytest.fixture
def resources(desk: Desk, tmp_path) -> Resources:
    settings = ServiceSettings(amqp_uri="amqp://127.0.0.1:1/", db_url="", http_port=1, data=tmp_path)
    return Resources("escalation", settings, desk.clock, desk.database, messaging, Metrics())


@pytest.fixture
def code(desk: Desk) -> str:
    """The code of an open escalation."""
    heard = desk.tell(a_case().clock("handover", "breached", DUE))
    return heard[1].data["step"]["targets"][0]["code"]


def type_in(resources, digits, request_id=None, **more):
    """What the entrypoint does."""
    request = load(Acknowledge(), {"code": digits, **more})
    return acknowledge(Working(resources, "acknowledge", request_id), RULES, request)["state"]


def guess(resources, code, times, **more):
    for number in range(times):
        with pytest.raises(NotFound):
            type_in(resources, f"{(int(code) + 1 + number) % 1_000_000:06d}", **more)


def time_goes_on(desk, **span):
    with desk.database.write() as uow:
        for row in uow.connection.execute(guesses.select()).all():
            change = guesses.update().where(guesses.c.who == row.who)
            uow.connection.execute(change.values(since=row.since - timedelta(**span)))


@pytest.mark.parametrize("more", [{"from": PHONE}, {"by": "desk"}, {"from": PHONE, "by": "desk"}])
def test_after_some_wrong_codes_who_typed_them_has_to_wait(desk: Desk, resources, code, more):
    guess(resources, code, MOST, **more)
    with capture_logs() as logged, pytest.raises(Forbidden, match="in 15 minutes, or give escalation_id and by") as no:
        type_in(resources, code, **more)
    assert 0 < no.value.detail["retry_after_seconds"] <= 900
    assert logged
    assert all(each not in str(logged) for each in (code, PHONE))
    assert desk.query("SELECT state FROM escalations") == [("open",)]
    time_goes_on(desk, minutes=15)
    assert type_in(resources, code, **more) == "acknowledged"


def test_nobody_locks_others_out(desk: Desk, resources, code):
    guess(resources, code, MOST, **{"from": PHONE})
    guess(resources, code, MOST, by="south-desk")
    guess(resources, code, MOST_OF_NOBODY, by="system:phone")
    with pytest.raises(Forbidden, match="say who asks with `from` or `by`"):
        type_in(resources, code)
    with pytest.raises(Forbidden):
        type_in(resources, code, by=RULES.staff.find("south-desk").name)
    assert type_in(resources, code, **{"from": OTHER}) == "acknowledged"
    assert desk.do("acknowledge", case_no=CASE_NO, by="south-desk")["state"] == "acknowledged"


def test_right_codes_and_those_that_are_settled_do_not_count(desk: Desk, resources, code):
    for number in range(2 * MOST):
        assert type_in(resources, code, by="desk", request_id=f"r{number}") == "acknowledged"
    desk.tell(a_case().clock("handover", "late", DUE, revision=3))
    for _ in range(2 * MOST):
        with pytest.raises(NotFound, match="it may be settled already"):
            type_in(resources, code, by="desk")
    guess(resources, code, MOST - 1, by="desk")
    assert type_in(resources, code, by="desk", request_id="r1") == "acknowledged", "the first answer of this request"


def test_a_request_that_is_refused_too_often_is_forgotten_in_the_end(desk: Desk, resources, code):
    guess(resources, code, MOST, **{"from": PHONE})
    time_goes_on(desk, minutes=16)
    guess(resources, code, 1, **{"from": OTHER})
    assert desk.query("SELECT count FROM guesses") == [(1,)]
    time_goes_on(desk, minutes=16)
    assert forget(resources) == 1, "also when nobody guesses again"
