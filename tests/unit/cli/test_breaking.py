"""Lines on paper: broken where Chinese and English may be, nothing lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.cli.printing.breaking import CLINGS, broken
from shared.cli.printing.letters import Face, Letters, code_point, lines_of


def lines(text: str, room: int) -> list[str]:
    return broken(text, len, room)


@pytest.mark.parametrize(
    ("text", "room", "shown"),
    [
        ("", 5, [""]),
        ("瓷砖空鼓脱落", 4, ["瓷砖空鼓", "脱落"]),
        ("瓷砖空鼓，脱落", 4, ["瓷砖空", "鼓，脱落"]),
        ("要求（更换）并赔偿", 3, ["要求", "（更", "换）并", "赔偿"]),
        ("the tiles came off", 9, ["the tiles", "came off"]),
        ("批次GT-100很薄", 8, ["批次GT-100", "很薄"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
        ("价格：12345678", 4, ["价格：1", "2345", "678"]),
    ],
)
def test_where_lines_end(text, room, shown):
    assert lines(text, room) == shown


@settings(max_examples=60)
@given(st.text("瓷砖，。（） ab1-", max_size=40), st.integers(1, 12))
def test_nothing_is_lost_and_nothing_is_too_wide(text, room):
    shown = lines(text, room)
    assert "".join("".join(shown).split()) == "".join(text.split())
    # Marks that belong to a letter may be more than a line holds; then each letter stands for itself.
    assert max(map(len, shown)) <= room


def test_no_line_begins_with_a_closing_mark():
    shown = lines("换，修。退；赔：（好）是、否！" * 5, 7)
    assert not [line for line in shown if line[0] in CLINGS]


def test_what_draws_nothing_is_left_out_and_breaks_are_breaks():
    assert lines_of("a\x00\x1b[31mb\u202ec\ufe0f\r\nd\u2028e\tf") == ["a[31mbc", "d", "e    f"]
    assert lines_of("\ud800x") == ["x"]


def test_a_letter_that_no_font_has_is_replaced_and_told():
    letters = Letters([Face("one", {ord(each) for each in "ab〓"}), Face("two", {ord("☐")})])
    assert letters.runs("a☐b😀") == [("one", "a"), ("two", "☐"), ("one", "b〓")]
    assert [code_point(each) for each in letters.missing] == ["U+1F600"]
