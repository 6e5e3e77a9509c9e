"""An operator's file is read with care: nothing in it breaks the reading, and everything wrong is told at once."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.conditions import meets, read_requirements
from shared.kernel.errors import Misconfigured
from shared.kernel.reading import Part, Problems, listed
from shared.kernel.words import Words

KNOWN = ("b", "a")
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | st.sampled_from(KNOWN),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2) | st.integers(), inner, max_size=3),
    max_leaves=5,
)


def part(value: Any, place: str = "x") -> Part:
    return Part(value, place, Problems())


def test_the_good_is_read_without_a_word() -> None:
    whole = part({"a": "name-1", "n": 3, "yes": True, "both": {"zh": "甲", "en": "A"}, "many": ["a", "b", "a"]}, "")
    assert whole.at("a").name() == whole.at("a").text() == "name-1"
    assert (whole.at("n").whole(1, 5), whole.at("n").number(0, 5, 1), whole.at("m").number(0, 5, 1)) == (3, 3, 1)
    assert (whole.at("yes").flag(), whole.at("no").flag(), whole.at("no").flag(True)) == (True, False, True)
    assert whole.at("both").words() == Words("甲", "A")
    assert whole.at("many").some_of(KNOWN) == ("a", "b")
    assert [each.value for each in whole.at("a").items()] == ["name-1"]
    assert whole.at("nothing").items() == []
    assert whole.at("n").parsed(str, "") == "3"
    assert list(whole.entries()) == ["a", "n", "yes", "both", "many"]
    assert (whole.has("n"), whole.has("no")) == (True, False)
    assert whole.problems.found == []


@pytest.mark.parametrize(
    ("value", "read", "told"),
    [
        (3, lambda part: part.mapping(KNOWN), "x: must be a mapping with a, b"),
        (3, lambda part: part.entries(), "x: must be a mapping of names"),
        ({"c": 1}, lambda part: part.mapping(KNOWN), "x: 'c' is not known here; use a, b"),
        ({True: 1}, lambda part: part.entries(), "x: True is no name; quote words that YAML takes for something else"),
        ({"a": " "}, lambda part: part.at("a").text(), "x.a: must be text; write a word or a sentence"),
        ("A b", lambda part: part.name(), "x: 'A b' is no name; write at most 40 of a-z, 0-9, _ and -"),
        (1, lambda part: part.flag(), "x: must be true or false"),
        (True, lambda part: part.whole(0, 2), "x: must be a whole number from 0 to 2"),
        (3, lambda part: part.number(0, 2, 1), "x: must be a number from 0 to 2"),
        (float("nan"), lambda part: part.number(0, 2, 1), "x: must be a number from 0 to 2"),
        ("c", lambda part: part.one_of(KNOWN), "x: 'c' is not known; use one of a, b"),
        (["c"], lambda part: part.some_of(KNOWN, "letter"), "x[0]: 'c' is no letter; use a, b"),
        ([], lambda part: part.some_of(KNOWN, "letter"), "x: names no letter; use some of a, b"),
        (None, lambda part: part.some_of(KNOWN), "x: names nothing; use some of a, b"),
        ("y", lambda part: part.parsed(float, 1.0), "x: could not convert string to float: 'y'"),
    ],
)
def test_the_wrong_is_told_with_its_place_and_remedy(value: Any, read: Any, told: str) -> None:
    found = part(value)
    read(found)
    (problem,) = found.problems.found
    assert problem.startswith(told)


def test_everything_is_refused_at_once_and_each_thing_once() -> None:
    problems = Problems()
    problems.refuse("ours.yaml")
    for _ in range(2):
        problems.add("", "is no file of ours")
        problems.add("a.b", "is missing")
    with pytest.raises(Misconfigured) as refused:
        problems.refuse("ours.yaml")
    assert refused.value.problems == ["ours.yaml: is no file of ours", "ours.yaml: a.b: is missing"]


@given(anything)
def test_nothing_in_a_file_breaks_its_reading(value: Any) -> None:
    found = part(value)
    found.words()
    found.name()
    found.text(required=False)
    found.flag()
    found.whole(0, 9)
    found.number(0, 9, 0)
    found.some_of(KNOWN)
    assert all(isinstance(each, Part) for each in (*found.items(), *found.entries(KNOWN).values()))
    assert all(isinstance(name, str) for name, _ in read_requirements(found, KNOWN))


def test_requirements_name_attributes_and_values() -> None:
    asked = part({"region": "south", "kind": ["a", "b"]})
    assert read_requirements(asked, {"region", "kind"}) == (
        ("region", frozenset({"south"})),
        ("kind", frozenset({"a", "b"})),
    )
    assert asked.problems.found == []
    assert meets("south.foshan", "region", frozenset({"south"}))
    assert not meets("southern", "region", frozenset({"south"}))
    assert meets("a", "kind", frozenset({"a", "b"}))


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({}, "x: asks for nothing; name an attribute, or leave the condition out"),
        ({"kind": []}, "x.kind: must be a value or a list of values"),
        ({"kind": 3}, "x.kind: must be a value or a list of values"),
        ({"region": "South!"}, "x.region: write a dotted path"),
    ],
)
def test_a_requirement_that_says_nothing_is_told(value: Any, told: str) -> None:
    asked = part(value)
    read_requirements(asked, {"region", "kind"})
    assert asked.problems.found[0].startswith(told)


def test_words_are_listed_by_the_alphabet() -> None:
    assert listed(["c", "a", "b"]) == "a, b, c"
