"""Names that nobody knows are taken, marked and warned about once (contracts 3)."""

from uuid import uuid4

import pytest

from services.intake.handlers.vouching import actor_of, marks_of
from shared.base.people import People, Person, load_people
from shared.kernel.errors import Forbidden


def test_an_unknown_name_is_marked_each_time_and_warned_about_once(capsys: pytest.CaptureFixture[str]) -> None:
    people, stranger = load_people(), f"stranger {uuid4()}"
    for _ in range(3):
        assert marks_of(people, by=stranger, owner=None) == {"unknown": ["by"]}
    assert marks_of(people, by="system:import", owner=stranger) == {"unknown": ["owner"]}
    assert capsys.readouterr().out.count("is not in the people file") == 2


def test_known_people_and_systems_leave_no_mark() -> None:
    people = load_people()
    assert marks_of(people, by=people.everybody[0].id, owner=people.everybody[0].name, registrar="system:phone") == {}


def test_with_people_of_the_operators_own_a_stranger_may_not() -> None:
    people = People([Person(id="anna", name="Anna", roles=("clerk",))])
    assert actor_of(people, "anna").by == "anna"
    with pytest.raises(Forbidden, match="nobody of ours"):
        actor_of(people, "somebody else")
