"""Pages on narrow terminals and in pipes."""

import pytest
from rich.console import Console
from rich.text import Text

from shared.cli.examples import LONGEST, fitted
from shared.cli.grid import Column, table
from shared.cli.output import show
from shared.cli.parked import parked_page
from shared.cli.prose import Prose
from shared.cli.times import HOME_ZONE, Times, at_home
from shared.worktime import default_calendar

ZH = "处理意见：自2026年10月9日22:00（周五）起，3个工作日；截止2026年10月13日18:00（周二）。"
LONG = "a subject that goes on and on, longer than any terminal is wide, and then a little further " * 3
PAGE = table(
    Column("case"), Column("kind", drop=1), Column("subject", wraps=True), rows=[["123456789012", "complaint", LONG]]
)


def drawn(page, width: int) -> list[str]:
    console = Console(width=width, file=None, force_terminal=False)
    with console.capture() as captured:
        console.print(page)
    return captured.get().splitlines()


def test_a_narrow_terminal_loses_columns_and_then_stands_values_below_each_other():
    assert "complaint" in "".join(drawn(PAGE, 60))
    narrow = drawn(PAGE, 32)
    assert narrow[0].split() == ["case", "subject"]
    assert drawn(PAGE, 26)[:2] == ["case: 123456789012", "kind: complaint"]


def test_lines_of_a_cell_stand_side_by_side_where_there_is_room():
    page = table("at", "", rows=[["x", "one\ntwo"]])
    assert drawn(page, 40)[1].rstrip() == "x   one  two"
    assert [line.rstrip() for line in drawn(page, 8)][1:] == ["x   one", "    two"]


def test_a_pipe_gets_one_line_a_row_whole_and_without_padding(capsys):
    show(PAGE)
    heading, row = capsys.readouterr().out.splitlines()
    assert LONG.strip() in row
    assert heading == heading.rstrip()


@pytest.mark.parametrize("width", range(24, 60, 7))
def test_instants_in_running_text_stay_whole(width):
    zh = drawn(Prose(Text(ZH)), width + 8)
    assert "2026年10月9日22:00" in "".join(line + "\n" for line in zh)
    assert not any(line.startswith(("，", "。", "；")) for line in zh)
    en = drawn(Prose(Text("opinion: from Fri 9 Oct 2026 22:00, 3 working days; due Tue 13 Oct 2026 18:00.")), width)
    assert any("Fri 9 Oct 2026 22:00" in line for line in en)
    assert any("Tue 13 Oct 2026 18:00" in line for line in en)
    assert max(map(len, en)) <= width


def test_short_instants_say_once_what_they_have_in_common():
    one, other = "2026-10-09T22:00:00+08:00", "2027-01-04T18:00:00+08:00"
    assert (Times([one]).short(one), Times([one]).note(), Times([one]).note("zh")) == (
        "10-09 22:00",
        "Times: 2026, +08:00",
        "时间：2026年，+08:00",
    )
    assert Times([one, other]).short(one) == "2026-10-09 22:00"
    assert Times([one, "2026-10-09T14:00:00+00:00"]).short(one) == "10-09 22:00 +08:00"
    assert Times([None]).note() == ""


def test_home_is_where_the_built_in_calendar_is():
    assert default_calendar().zone.key == HOME_ZONE
    assert at_home("2026-10-09T14:00:00.123456+00:00") == "2026-10-09T22:00:00+08:00"


def test_parked_messages_show_type_and_time_whole():
    held = {
        "service": "maintenance",
        "id": 17,
        "state": "waiting",
        "type": "case.authority_involved.v1",
        "attempts": 3,
        "held_at": "2026-11-22T22:27:03.123456+00:00",
        "next_try_at": "2026-11-22T22:28:00+00:00",
        "reason": "maintenance: the database is locked by another process; it is tried again",
    }
    page = "\n".join(drawn(parked_page([held]), 80))
    assert all(whole in page for whole in ("maintenance", "case.authority_involved.v1", "11-23 06:27"))
    assert "Times: 2026, +08:00" in page


def test_long_examples_go_on_behind_a_backslash():
    text = fitted("What it does.\n\nExamples:\n  aftercare x --one " + "1" * 30 + ' --two "a b" --three ' + "3" * 20)
    lines = text.splitlines()[3:]
    assert lines == ["  aftercare x --one " + "1" * 30 + ' --two "a b" \\', "    --three " + "3" * 20]
    assert max(map(len, lines)) <= LONGEST
