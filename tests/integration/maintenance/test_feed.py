"""Calendar feeds: another library reads them, and finds what the orders say (MA-8)."""

from datetime import date, timedelta
from typing import Any

import pytest
import vobject
from werkzeug.test import Client, TestResponse

from services.maintenance import handlers
from services.maintenance.http import Api, render
from tests.integration.maintenance.workshop import CN, Workshop, at

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def client(workshop: Workshop) -> Client:
    def feed(kind: str, key: str) -> bytes:
        with workshop.database.read() as connection:
            entries = handlers.calendar(workshop.house, connection, workshop.clock.now(), kind, key)
        return render(f"{kind} {key}", entries, CN)

    return Client(Api(feed))


@pytest.fixture
def busy(workshop: Workshop) -> Workshop:
    """One order with an appointment, one without, at two sites."""
    workshop.planned_line("2026-01-31", site="车间 2/3; 北, 门")
    workshop.planned_line("2026-02-01", serial_no="SN 2", site="三号", region="north.beijing")
    workshop.forward("2026-01-20 10:00")
    visit = at("2026-01-30 10:00").isoformat()
    workshop.do("schedule_order", order_no="W1-0", by="south-desk", technician="technician-south", visit_at=visit)
    return workshop


def events(response: TestResponse) -> list[Any]:
    assert response.status_code == 200, response.text
    assert response.content_type == "text/calendar; charset=utf-8"
    assert all(len(line) <= 75 for line in response.data.split(b"\r\n"))
    return list(vobject.readOne(response.text).contents.get("vevent", []))


@pytest.mark.usefixtures("busy")
def test_an_appointment_is_at_its_time_in_its_zone(client: Client) -> None:
    (event,) = events(client.get("/calendars/technician/technician-south.ics"))
    assert event.uid.value == "W1-0@maintenance.aftercare"
    assert event.dtstart.value == at("2026-01-30 10:00")
    assert event.dtstart.value.utcoffset() == timedelta(hours=8)
    assert event.dtend.value == at("2026-01-30 12:00")
    assert (event.sequence.value, event.status.value) == ("2", "CONFIRMED")
    assert event.location.value == "车间 2/3; 北, 门"
    assert event.summary.value == "例行保养 DM-30 / Routine maintenance"


@pytest.mark.usefixtures("busy")
def test_an_order_without_appointment_is_the_day_it_is_due(client: Client) -> None:
    (event,) = events(client.get("/calendars/region/north.ics"))
    assert (event.dtstart.value, event.dtend.value) == (date(2026, 2, 2), date(2026, 2, 3))
    assert event.status.value == "TENTATIVE"


def test_the_same_order_has_the_same_uid_in_every_feed_and_whatever_becomes_of_it(
    client: Client, busy: Workshop
) -> None:
    by_site = events(client.get("/calendars/site/车间 2/3; 北, 门.ics"))
    assert [event.uid.value for event in by_site] == ["W1-0@maintenance.aftercare"]
    busy.do("set_plan", equipment_id="E1", level="routine", anchor="2026-03-10")
    (event,) = events(client.get("/calendars/region/south.ics"))
    assert (event.uid.value, event.status.value) == ("W1-0@maintenance.aftercare", "CANCELLED")


@pytest.mark.usefixtures("busy")
def test_no_feed_tells_of_the_administrator(client: Client) -> None:
    text = client.get("/calendars/region/south.ics").text
    assert not any(secret in text for secret in ("林工", "13800138000", "lin@"))


def test_a_client_need_not_load_what_did_not_change(client: Client, busy: Workshop) -> None:
    tag = client.get("/calendars/region/south.ics").headers["ETag"]
    assert client.get("/calendars/region/south.ics", headers={"If-None-Match": tag}).status_code == 304
    busy.do("start_order", order_no="W1-0", by="technician-south")
    assert client.get("/calendars/region/south.ics", headers={"If-None-Match": tag}).status_code == 200


def test_a_region_without_orders_has_an_empty_calendar(client: Client) -> None:
    assert events(client.get("/calendars/region/west.ics")) == []
    assert events(client.get("/calendars/technician/华南维保技师.ics")) == []


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/calendars/technician/nobody.ics", 404),
        ("/calendars/site/nowhere.ics", 404),
        ("/calendars/region/South!.ics", 404),
        ("/calendars/person/x.ics", 404),
        ("/calendars/region/south", 404),
    ],
)
def test_a_feed_that_is_not_there_is_not_found(client: Client, path: str, status: int) -> None:
    response = client.get(path)
    assert (response.status_code, response.content_type) == (status, "application/problem+json")
    assert client.post("/calendars/region/south.ics").status_code == 405
