"""Figures at the terminal and in spreadsheets."""

import csv

import pytest
from rich.console import Console

from shared.cli.files import write_csv
from shared.cli.sla.given import instant
from shared.cli.sla.holders import holders_page
from shared.cli.sla.statistics_page import FIGURES, statistics_page
from shared.kernel.errors import Invalid

ROW = {"clock": "handover", "region": None} | dict.fromkeys(FIGURES, 0)
ROW |= {"started": 12, "met": 9, "met_share": 0.75, "used_percent_median": None, "used_percent_p90": 115}
HELD = {"region": "south", "department": "售后服务部", "holder": "person", "owner": "li.qiang"}
TOLD = {"rows": [ROW], "holders": [HELD | {"cases": 3, "working_seconds": 5400}]}


def drawn(page, width=200) -> str:
    console = Console(width=width)
    with console.capture() as captured:
        console.print(page)
    return captured.get()


def test_figures_and_holders_are_tables():
    page = drawn(statistics_page(TOLD, ["clock", "region"], "en"))
    assert "75.0 %" in page
    assert "115 %" in page
    assert "handover  –" in page
    assert "1h 30m" in page


def test_in_chinese():
    page = drawn(statistics_page(TOLD, ["clock"], "zh"))
    assert "按时率" in page
    assert "移交" in page
    assert "在谁手中" in page


def test_the_times_of_one_case():
    time = {"from": "2026-10-13T10:00:00+08:00", "to": "2026-10-13T12:00:00+08:00", "working_seconds": 7200}
    told = {"times": [{"holder": "nobody", "region": "south"} | time, HELD | time], "working_seconds": 14400}
    page = drawn(holders_page(told, "en"))
    assert "10-13 10:00  10-13 12:00  nobody" in page
    assert "4h 00m of working time in all" in page


def test_a_day_begins_where_the_built_in_calendar_is():
    assert instant("2026-10-01", "--from") == "2026-10-01T00:00:00+08:00"
    assert instant("2026-10-01T00:00:00Z", "--from") == "2026-10-01T00:00:00Z"
    with pytest.raises(Invalid):
        instant("2026-02-30", "--from")


def test_no_text_becomes_a_formula(tmp_path):
    file = tmp_path / "out.csv"
    write_csv(str(file), ["owner", "left"], [["=HYPERLINK(1)", -5], ["@x", 0.5], ["李强", None]])
    assert file.stat().st_mode & 0o077 == 0
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.reader(opened))
    assert rows == [["owner", "left"], ["'=HYPERLINK(1)", "-5"], ["'@x", "0.5"], ["李强", ""]]
