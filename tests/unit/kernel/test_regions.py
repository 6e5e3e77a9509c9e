"""Regions: dotted paths, largest first (contracts 3)."""

import pytest

from shared.kernel.errors import Invalid
from shared.kernel.regions import MAX_LENGTH, is_within, parse_region, upwards


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
