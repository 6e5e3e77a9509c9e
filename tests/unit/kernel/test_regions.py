"""Regions: dotted paths, largest first (contracts 3)."""

import pytest

from shared.kernel.errors import Invalid
from shared.kernel.regions import MAX_LENGTH, is_within, parse_region, tree_paths, upwards


@pytest.mark.parametrize("path", ["unassigned", "south.guangdong.foshan", "a-b_c.0", "x" * MAX_LENGTH])
def test_well_formed_paths_are_taken(path: str) -> None:
    assert parse_region(path) == path


@pytest.mark.parametrize(
    "path",
    ["", ".", "a.", ".a", "a..b", "South", "a b", "a/b", "佛山", "a\n", "a.#", "*", "x" * (MAX_LENGTH + 1), None, 5],
)
def test_others_are_refused_at_their_field(path: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_region(path, "case.region")
    assert list(refused.value.detail) == ["case.region"]


def test_a_region_lies_within_itself_and_what_is_above() -> None:
    assert is_within("south.guangdong", "south")
    assert is_within("south", "south")
    assert not is_within("southern", "south")
    assert not is_within("south", "south.guangdong")


def test_upwards_goes_from_small_to_large() -> None:
    assert list(upwards("south.guangdong.foshan")) == ["south.guangdong.foshan", "south.guangdong", "south"]


def test_a_tree_of_names_is_every_path_in_it() -> None:
    assert tree_paths({"south": {"hainan": None, "guangdong": {"foshan": {}}}, "a-b": None}, "tree") == [
        "south",
        "south.hainan",
        "south.guangdong",
        "south.guangdong.foshan",
        "a-b",
    ]


def test_every_mistake_in_a_tree_is_named_at_its_place() -> None:
    endless: dict[str, object] = {}
    endless["x" * 60] = endless
    tree = {"South": {"佛山": 5}, False: None, "east.shanghai": None, "west": "tibet", "x" * 60: endless}
    with pytest.raises(Invalid) as refused:
        tree_paths(tree, "file")
    told = refused.value.detail
    places = ["file.South", "file.South.佛山", "file.False", "file.east.shanghai", "file.west"]
    assert list(told)[:5] == places
    assert "put it in quotes" in told["file.False"][0]
    assert "followed by a colon" in told["file.west"][0]
    (too_long,) = list(told)[5:]
    assert "longer than 200" in told[too_long][0]


@pytest.mark.parametrize("tree", [None, {}, [], "south", 5])
def test_what_is_no_tree_at_all_is_refused_as_a_whole(tree: object) -> None:
    with pytest.raises(Invalid) as refused:
        tree_paths(tree, "file")
    assert list(refused.value.detail) == ["file"]
