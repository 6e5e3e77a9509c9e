"""How a case looks: pure, from what the services answer."""

import pytest
from rich.console import Console

from shared.cli.cases.page import case_page, registered_page, spoken, when

CASE = {
    "case_no": "123456789012",
    "state": "handed_over",
    "waiting": True,
    "version": 2,
    "mode": "live",
    "kind": "complaint",
    "channel": "phone",
    "region": "south.guangdong",
    "category": None,
    "severity": "major",
    "verifiable": True,
    "owner": "lin",
    "customer": {"name": "王芳", "phone": "+8613812345678", "anonymous": False},
    "subject": "Tiles [bold]came[/bold] off",
    "description": "Twelve of them.",
    "facts": [
        {
            "seq": 1,
            "fact": "received",
            "at": "2026-10-09T22:00:00+08:00",
            "by": "system:phone",
            "set": {"kind": "complaint"},
        },
        {
            "seq": 2,
            "fact": "promised",
            "at": "2026-10-09T22:10:00+08:00",
            "by": "lin",
            "key": "p2",
            "due_at": "2026-10-12T18:00:00+08:00",
        },
    ],
}
CLOCK = {
    "clock": "opinion",
    "case_no": "123456789012",
    "generation": 1,
    "revision": 1,
    "state": "running",
    "started_at": "2026-10-09T22:00:00+08:00",
    "due_at": "2026-10-13T18:00:00+08:00",
    "warned": [],
    "used_seconds": 0,
    "left_seconds": 86_400,
    "provisional": False,
    "policy_version": "1",
    "calendar_version": "1",
}
EXPLANATION = {
    "clock": CLOCK,
    "rule": {"source": "S0 7.2.3b", "counting": "working_days"},
    "text": {"zh": "自周五起三个工作日。", "en": "three working days from Friday."},
}


def drawn(page) -> str:
    console = Console(width=160, record=True, file=None, force_terminal=False)
    with console.capture() as captured:
        console.print(page)
    return captured.get()


def test_a_page_tells_what_it_is_what_is_due_and_why():
    page = drawn(case_page(CASE, [CLOCK], [EXPLANATION], "en"))
    assert "1234 5678 9012" in page
    assert "handed_over (waiting for the customer)" in page
    assert "name: 王芳  phone: +8613812345678" in page
    assert "24h 00m of working time" in page
    assert "Tue 2026-10-13 18:00:00 +08:00" in page
    assert "three working days from Friday.  [S0 7.2.3b]" in page
    assert "due Mon 2026-10-12 18:00:00 +08:00" in page


def test_a_customers_words_are_shown_as_they_are():
    assert "Tiles [bold]came[/bold] off" in drawn(case_page(CASE, [], [], "en"))


def test_the_language_of_explanations_can_be_chosen():
    assert "自周五起三个工作日。" in drawn(case_page(CASE, [CLOCK], [EXPLANATION], "zh"))


def test_a_case_is_shown_without_its_clocks_when_sla_is_away():
    page = drawn(case_page(CASE, None, [], "en"))
    assert "sla does not answer now" in page
    assert "promised" in page


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        ({"state": "met", "stopped_at": "2026-10-12T09:00:00+08:00"}, "Mon 2026-10-12 09:00:00 +08:00"),
        ({"left_seconds": -60}, "-0h 01m"),
        ({"provisional": True}, "holidays are not announced yet"),
        ({"generation": 3}, "opinion #3"),
        ({"key": "p2"}, "opinion p2"),
    ],
)
def test_what_a_clock_shows(change, shown):
    clock = CLOCK | change
    assert shown in drawn(case_page(CASE, [clock], [EXPLANATION | {"clock": clock}], "en"))


def test_a_registration_is_read_out():
    promise = {
        "reply_by": "2026-10-10T22:00:00+08:00",
        "opinion_by": "2026-10-14T18:00:00+08:00",
        "provisional": False,
        "explanation": {"zh": "…", "en": "We will reply by Saturday."},
    }
    answer = {"case_no": "123456789012", "state": "registered", "duplicate": False, "promise": promise}
    page = drawn(registered_page(answer))
    assert "Case 1234 5678 9012" in page
    assert "Reply by    Sat 2026-10-10 22:00:00 +08:00" in page
    assert "We will reply by Saturday." in page
    assert "No promise" in drawn(registered_page(answer | {"promise": None}))
    again = drawn(registered_page(answer | {"duplicate": True, "differs": ["subject"]}))
    assert "registered before; this time differs: subject" in again


def test_numbers_and_instants():
    assert spoken("123456789012") == "1234 5678 9012"
    assert when("2026-10-10T14:00:00.5+00:00") == "Sat 2026-10-10 14:00:00 +00:00"
