"""Why a clock of a case is due when it is, as the terminal shows it."""

import pytest
from rich.console import Console
from typer.testing import CliRunner

from services.sla.domain.derive import clocks
from services.sla.domain.record import NO_KEY
from services.sla.domain.what_if import suppose
from services.sla.handlers.explaining import explanation_json, supposed_json, waiting_asked
from shared.cli.cases.explain import explanation_page
from shared.cli.main import build
from shared.cli.strip import PLAIN
from shared.kernel.errors import Invalid
from tests.unit.sla.cases import PUBLICATIONS, a_case, at

NOW = "2026-10-08 10:00"


def page(case, name, lang="en", marks=PLAIN, **asked):
    clock = case.only(name, NOW)
    told = {
        "clock": {
            "clock": name,
            "key": NO_KEY,
            "generation": 1,
            "started_at": clock.started_at.isoformat(),
            "due_at": clock.due_at.isoformat(),
        },
        **explanation_json(clock),
    }
    waiting = waiting_asked(asked, at(NOW))
    if waiting is not None:
        derive = lambda facts, now: clocks(facts, PUBLICATIONS, now)  # noqa: E731
        told["if"] = supposed_json(suppose(case.facts, derive, clock, waiting, at(NOW)))
    console = Console(width=80)
    with console.capture() as captured:
        console.print(explanation_page({"explanations": [told]}, lang, marks))
    return captured.get()


WAITED = (
    a_case("2026-09-29 10:00").then("waiting_started", "2026-09-30 12:00").then("waiting_ended", "2026-10-08 09:00")
)


def test_counted_spans_waits_and_days_off_are_drawn_in_eighty_columns():
    drawn = page(WAITED, "progress")
    by_day = {line[4:14]: line for line in drawn.splitlines() if line[4:6] == "20"}
    assert by_day["2026-09-29"] == "Tue 2026-09-29 " + "." * 20 + "#" * 28 + "    14h      14h"
    assert by_day["2026-09-30"] == "Wed 2026-09-30 " + "#" * 24 + "=" * 24 + "    12h      26h"
    assert by_day["2026-10-03"].endswith("=  day off")
    assert by_day["2026-10-01"].endswith("=  holiday")
    assert by_day["2026-10-10"].startswith("Sat 2026-10-10*")
    assert by_day["2026-10-10"].endswith("72h")
    assert max(map(len, drawn.splitlines())) <= 80


def test_in_chinese():
    drawn = page(WAITED, "progress", "zh")
    assert "处理进展" in drawn
    assert "节假日" in drawn
    assert "计入" in drawn
    assert "counted" not in drawn
    assert "六  2026-10-10*" in drawn


def test_what_a_wait_would_do_is_told_with_it():
    drawn = page(WAITED, "progress", if_waiting_from="now")
    assert "stands still with" in " ".join(drawn.split())


def test_one_clock_at_a_time():
    told = CliRunner().invoke(build(["case"]), ["case", "explain", "123456789012", "opinion", "progress"])
    assert isinstance(told.exception, Invalid)
    with pytest.raises(Invalid, match="later than"):
        waiting_asked({"if_waiting_from": at(NOW), "if_resumed_at": at(NOW)}, at(NOW))
