"""The page of what seems to be the same matter: pure, from what intake answers."""

from typing import Any

from shared.cli.cases.repeats import repeats_page
from tests.unit.cli.test_case_page import drawn

SEEMS: dict[str, Any] = {
    "case_no": "801031229783",
    "first_case": "477801877779",
    "reasons": [{"reason": "phone"}, {"reason": "subject"}],
    "score": 55,
    "state": "proposed",
    "proposed_at": "2026-11-22T08:57:43.101293+00:00",
    "case": {"subject": "tiles came off"},
}


def test_when_it_was_proposed_is_told_in_the_time_of_all_pages():
    page = drawn(repeats_page([SEEMS]), 160)
    assert "phone, subject" in page
    assert "11-22 16:57" in page
    assert "Times: 2026, +08:00" in page
