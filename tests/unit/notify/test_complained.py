"""Whoever is complained about is told nothing of that case (IN-26)."""

import pytest

from services.notify.domain.happening import Happening, Target
from services.notify.domain.policy import Who
from services.notify.domain.recipients import Directory, Nobody, Recipient
from services.notify.domain.told_cases import happenings_of_case
from services.notify.domain.vocabulary import Trigger
from shared.base.people import load_people
from tests.unit.notify.events import NOW, Case

DIRECTORY = Directory(load_people())


def told(who: Who, *concerned: str) -> list[str]:
    about = Happening(
        trigger=Trigger.FACT,
        name="replied",
        key="k",
        at=NOW,
        region="south.guangdong",
        owner="li.qiang",
        targets=(Target("li.qiang", "c1"), Target("desk", "c2")),
        members=("li.qiang", "desk"),
        complained_about=concerned,
    )
    return [each.id if isinstance(each, Recipient) else each.reason for each in DIRECTORY.find(who, about)]


@pytest.mark.parametrize(
    ("who", "concerned", "others"),
    [
        (Who("owner"), "li.qiang", ["south-desk"]),
        (Who("role", "complaints_desk"), "desk", ["desk is complained about", "aftersales-lead"]),
        (Who("step_targets"), "li.qiang", ["li.qiang is complained about", "desk"]),
        (Who("team"), "desk", ["li.qiang", "desk is complained about"]),
        (Who("owner_manager"), "aftersales-lead", ["aftersales-lead is complained about"]),
        (Who("ops"), "ops", ["ops is complained about"]),
    ],
)
def test_each_way_to_name_somebody(who: Who, concerned: str, others: list[str]) -> None:
    assert told(who, concerned) == others
    assert told(who, "somebody") == told(who)


def test_it_is_read_from_the_case() -> None:
    case = Case(complained_about=["li.qiang"])
    event = case.event()
    [first, *_] = happenings_of_case(event.data["case"], frozenset(), None)
    assert first.complained_about == ("li.qiang",)
    assert not first.concerns(None)
    assert isinstance(next(DIRECTORY.find(Who("customer"), first)), Recipient | Nobody)
