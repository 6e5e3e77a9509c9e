"""What a text is found by."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.wording import LONGEST, is_run, pairs, words_of

HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("卫生间漏水", ["卫生间漏水"]),
        ("Leaking at the GT-100!", ["leaking", "at", "the", "gt", "100"]),
        ("ＧＴ－１００墙面２号", ["gt", "100", "墙面", "2", "号"]),
        ("退款,更换", ["退款", "更换"]),
        ("100% _ '; --", ["100"]),
        ("", []),
        ("Straße", ["strasse"]),
    ],
)
def test_words_and_runs(text: str, words: list[str]) -> None:
    assert words_of([text]) == words


def test_texts_do_not_run_into_each_other() -> None:
    assert words_of(["漏", None, "水"]) == ["漏", "水"]


def test_a_word_is_cut_where_nobody_types_on() -> None:
    assert words_of(["x" * 500]) == ["x" * LONGEST]


@given(st.text())
def test_words_are_letters_and_digits_and_stay_as_they_are(text: str) -> None:
    words = words_of([text])
    assert all(word.isalnum() for word in words if not is_run(word))
    assert not set("".join(words)) & set(" '\\:&|!()<>*")


@given(HAN)
def test_pairs_hold_each_character_with_its_neighbour(run: str) -> None:
    assert "".join(pair[0] for pair in pairs(run)) == run
    assert all(pair in run for pair in pairs(run))
