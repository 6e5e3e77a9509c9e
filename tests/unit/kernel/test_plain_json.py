"""JSON that every reader takes: strict in, always encodable out."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.plain_json import parse_json, write_json, written, written_list

TEXTS = st.text(st.characters(codec=None))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64) | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@given(VALUES)
def test_what_is_written_is_read_again(value: object) -> None:
    assert parse_json(write_json(value)) == value


def test_lone_surrogates_go_out_as_they_came_in() -> None:
    assert write_json({"\ud800": "\udfff 张三"}) == '{"\\ud800":"\\udfff 张三"}'.encode()


@pytest.mark.parametrize("raw", [b"NaN", b"[Infinity]", b"-Infinity", b"1e999", b"[-1e400]"])
def test_numbers_that_json_does_not_have_are_refused(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r"JSON|large"):
        parse_json(raw)


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"\xff", "{}".encode("utf-16"), b"\xef\xbb\xbf{}", b"[" * 100_000, b"1" * 5000]
)
def test_what_is_no_json_in_utf_8_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - many reasons, one kind
        parse_json(raw)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object(), {1: object()}])
def test_what_json_cannot_say_is_not_written(value: object) -> None:
    with pytest.raises((ValueError, TypeError)):
        write_json(value)


def test_the_output_is_compact_and_readable() -> None:
    assert write_json({"a": [1, "张"]}).decode() == '{"a":[1,"张"]}'
    assert json.loads(write_json({"a": 1.5})) == {"a": 1.5}


@given(st.dictionaries(TEXTS, st.tuples(VALUES, st.booleans()), max_size=5))
def test_members_that_are_written_go_in_as_they_stand(members: dict[str, tuple[object, bool]]) -> None:
    plain = {name: value for name, (value, _) in members.items()}
    partly = {name: written(value) if ready else value for name, (value, ready) in members.items()}
    assert parse_json(write_json(partly)) == plain
    assert parse_json(write_json({"deeper": written(partly)})) == {"deeper": plain}


@given(st.lists(VALUES, max_size=4))
def test_a_list_of_what_is_written(items: list[object]) -> None:
    assert parse_json(write_json(written_list(",".join(written(item).text for item in items)))) == items


def test_what_is_written_is_not_lost_where_nobody_looks_for_it() -> None:
    with pytest.raises(TypeError):
        write_json({"far": {"too": {"deep": written(1)}}})
