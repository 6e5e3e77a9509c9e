"""The people file: the example organisation, an operator's own, and what is wrong with one."""

from pathlib import Path

import phonenumbers
import pytest

from shared.base.people import EXAMPLE, HEAD, ROLES, SUPERVISOR, load_people
from shared.kernel.errors import Misconfigured

CAN = "roles: [ops], email: a@firm.example"


def write(folder: Path, text: str) -> Path:
    path = folder / "people.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_example_has_somebody_for_every_role() -> None:
    people = load_people()
    assert people.is_example
    assert all(people.with_role(role) for role in ROLES)


def test_the_example_reaches_nobody() -> None:
    for person in load_people().everybody:
        assert person.email is not None
        assert person.email.endswith(".example")
        number = phonenumbers.parse(person.phone or "")
        assert phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL).startswith("(202) 555-01")


def test_people_are_found_by_id_and_by_name() -> None:
    people = load_people()
    assert people.find("general-manager") is people.find("总经理")
    assert people.names_of("总经理") == people.names_of("general-manager") == ("general-manager", "总经理")
    assert people.names_of("nobody") == ("nobody",)
    assert people.has_role("总经理", HEAD)
    assert not people.has_role("clerk-day", SUPERVISOR)
    assert not people.has_role("nobody", SUPERVISOR)
    assert people.knows("system:phone")
    assert not people.knows("nobody")


def test_people_stand_for_their_regions_and_those_below() -> None:
    people = load_people()
    assert [each.id for each in people.with_role("regional_desk", "south.guangdong")] == ["south-desk"]
    assert [each.id for each in people.with_role("complaints_desk", "south")] == ["desk", "aftersales-lead"]


def test_an_operators_own_file_is_no_example(tmp_path: Path) -> None:
    own = write(tmp_path, "people: [{id: ann, name: Ann, roles: [clerk], email: ann@firm.example, language: en}]")
    people = load_people(own)
    assert not people.is_example
    assert people.knows("ann")
    assert people.everybody[0].language == "en"


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("people: []", ["people: "]),
        ("[", ["is not YAML"]),
        ("people: [{id: a, name: A, roles: [king], phone: '1'}]", ["people.0.roles.0: ", "people.0.phone: "]),
        ("people: [{id: a, name: A, roles: [ops]}]", ["people.0.phone: there is no way to reach this person"]),
        (f"people: [{{id: a, name: A, {CAN}}}, {{id: b, name: a, {CAN}}}]", ["a is there twice"]),
        (f"people: [{{id: a, name: A, {CAN}, manager: z}}]", ["no person has the manager's id z"]),
        (
            f"people: [{{id: a, name: A, {CAN}, manager: b}}, {{id: b, name: B, {CAN}, manager: a}}]",
            ["a: answers to themselves", "b: answers to themselves"],
        ),
        (f"people: [{{id: a, name: A, {CAN}, language: klingon}}]", ["people.0.language: must be one of"]),
    ],
)
def test_every_problem_of_a_file_is_told(tmp_path: Path, text: str, problems: list[str]) -> None:
    with pytest.raises(Misconfigured) as refused:
        load_people(write(tmp_path, text))
    assert len(refused.value.problems) == len(problems)
    assert all(part in told for part, told in zip(problems, refused.value.problems, strict=True))


def test_the_example_can_be_copied_as_a_start() -> None:
    assert load_people(EXAMPLE).is_example
