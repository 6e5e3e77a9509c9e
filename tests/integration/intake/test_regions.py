"""An operator's region tree: without one every path is taken, with one only its own (contracts 3)."""

import pytest

from shared.kernel.errors import Invalid
from tests.integration.intake.office import Office
from tests.integration.intake.test_repairs import found

TREE = {"south": {"guangdong": {"foshan": None, "shenzhen": {}}, "hainan": None}, "north": None}
PATHS = ["north", "south", "south.guangdong", "south.guangdong.foshan", "south.guangdong.shenzhen", "south.hainan"]


def refused_of(office: Office, region: str, **given: str) -> str:
    with pytest.raises(Invalid) as refused:
        office.register(region=region, **given)
    ((why,),) = refused.value.detail.values()
    assert list(refused.value.detail) == ["region"]
    return why


def test_any_path_is_taken_until_a_tree_is_loaded(office: Office) -> None:
    assert office.regions() == []
    assert office.get(office.case_no(region="west.tibet"))["region"] == "west.tibet"


def test_a_tree_replaces_the_one_before_and_tells_what_changed(office: Office) -> None:
    first = office.load_regions(TREE)
    assert (first["regions"], first["added"], first["removed"]) == (PATHS, PATHS, [])
    again = office.load_regions({"north": {"east": None}})
    assert again["regions"] == office.regions() == ["north", "north.east"]
    assert (again["added"], again["removed"]) == (["north.east"], [path for path in PATHS if path != "north"])


def test_a_wrong_tree_changes_nothing_and_names_every_mistake(office: Office) -> None:
    office.load_regions(TREE)
    with pytest.raises(Invalid) as refused:
        office.load_regions({"South": {"a b": None}, "east": ["shanghai"]})
    assert list(refused.value.detail) == ["tree.South", "tree.South.a b", "tree.east"]
    assert office.regions() == PATHS


def test_an_unknown_region_is_refused_with_the_nearest_ones(office: Office) -> None:
    office.load_regions(TREE)
    assert office.get(office.case_no(region="south.guangdong.foshan"))["region"] == "south.guangdong.foshan"
    assert office.get(office.case_no())["region"] == "unassigned", "one that nobody could place is taken"
    assert "nearest: south.guangdong.foshan, " in refused_of(office, "south.guangdong.fosan")
    why = refused_of(office, "nort")
    assert why.startswith("there is no region nort; nearest: north, ")


def test_a_correction_names_a_region_that_there_is(office: Office) -> None:
    case_no = office.case_no(region="west")
    office.load_regions(TREE)
    with pytest.raises(Invalid) as refused:
        office.step(case_no, "correct", set={"region": "west.tibet"}, reason="x")
    assert list(refused.value.detail) == ["set.region"]
    assert office.step(case_no, "correct", set={"subject": "tiles"}, reason="x")["region"] == "west", "it stays there"
    assert office.step(case_no, "correct", set={"region": "south.hainan"}, reason="x")["region"] == "south.hainan"


def test_a_message_of_before_is_known_again(office: Office) -> None:
    sent = {"region": "west", "source": "exchange", "external_ref": "call-1"}
    case_no = office.case_no(**sent)
    office.load_regions(TREE)
    again = office.register(**sent)
    assert (again["case_no"], again["duplicate"]) == (case_no, True)
    assert "no region west" in refused_of(office, **{**sent, "external_ref": "call-2"})


def test_equipment_in_an_unknown_region_is_repaired_by_the_next_one_above(office: Office) -> None:
    office.load_regions(TREE)
    for region, case_region in (("south.guangdong.maoming", "south.guangdong"), ("west.tibet", "unassigned")):
        office.hear(found(region, equipment__region=region, defect__defect_id=region))
        case = office.get(office.find(region=case_region)["cases"][-1]["case_no"])
        assert f"区域 / region: {region}" in case["description"]
