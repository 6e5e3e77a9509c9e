"""Every text arrives at PostgreSQL as it is, also one that looks like the end of its own literal."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from shared.base import long_texts
from shared.base.engines import create_engine

PIECES = [
    "$aftercare",
    "$",
    "aftercare$",
    "$aftercare$",
    "$$",
    "'",
    "\\",
    "\\'",
    "%s",
    "%",
    "; SELECT 1 --",
    "\n",
    "墙",
    "😀",
    "x",
]
LONG = "a" * long_texts.LONG
texts = st.lists(st.sampled_from(PIECES) | st.characters(exclude_characters="\0", exclude_categories=["Cs"])).map(
    "".join
)


@pytest.fixture
def engine(postgres_url: str) -> Iterator[sa.Engine]:
    engine = create_engine(postgres_url, "probe")
    yield engine
    engine.dispose()


def test_a_text_comes_back_as_it_went(engine: sa.Engine) -> None:
    with engine.connect() as connection:

        @given(before=texts, behind=texts)
        def comes_back(before: str, behind: str) -> None:
            sent = [before, before + LONG, LONG + behind, before + LONG + behind]
            assert list(connection.execute(sa.select(*map(sa.literal, sent))).one()) == sent

        comes_back()


def test_only_long_ones_without_the_mark_go_between_dollars() -> None:
    assert long_texts.literal(LONG).getquoted() == b"$aftercare$" + LONG.encode() + b"$aftercare$"
    for text in (LONG[1:], LONG + "$aftercare", "$aftercare$" + LONG):
        assert long_texts.literal(text).getquoted().startswith(b"'")


@pytest.mark.parametrize("text", ["\0", "\0" + LONG, LONG + "\0"])
def test_what_c_takes_for_an_end_is_refused(engine: sa.Engine, text: str) -> None:
    with engine.connect() as connection, pytest.raises(ValueError, match="NUL"):
        connection.scalar(sa.select(sa.literal(text)))
