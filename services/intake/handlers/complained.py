"""Who is complained about: named by whoever registers or corrects, or recognised in the subject (IN-26).

All of it in memory, from the people file: a registration takes no statement more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from services.intake.domain.case import Case
from services.intake.domain.complained import CONDUCT, OWNER_NAMED, RECOGNISED, recognised, together
from services.intake.domain.registration import Registration
from services.intake.handlers.vouching import marks_of
from shared.base.people import People

Fields = dict[str, Any]
NAMED: Final = "complained_about"


def settled(people: People, asked: Registration) -> tuple[Registration, Fields]:
    """The registration with everybody it is about by id, and the history's marks of how they were found."""
    if not asked.complained_about and asked.category != CONDUCT:
        return asked, {}
    named = _ids(people, asked.complained_about)
    found = _new(recognised(people.everybody, asked.category, asked.account.subject), named)
    return replace(asked, complained_about=together(named, found)), _marks(people, named, found)


def corrected(people: People, case: Case, request: Mapping[str, Any]) -> tuple[Mapping[str, Any], Fields]:
    """The request of a correction with all whom the case is about from then on, and the marks of it.

    Who is named in it replaces who was; a subject or category that it sets is read as at registration.
    """
    asked = request["set"]
    named = _ids(people, asked[NAMED]) if NAMED in asked else None
    found = [] if named is not None else _found_anew(people, case, asked)
    if named is None and not found:
        return request, {}
    after = together(case.complained_about if named is None else named, found)
    marks = _marks(people, named or (), found)
    if case.owner and not set(people.names_of(case.owner)).isdisjoint(after):
        marks[OWNER_NAMED] = True
    return {**request, "set": {**asked, NAMED: after}}, marks


def _found_anew(people: People, case: Case, asked: Mapping[str, Any]) -> list[str]:
    """Who is recognised with the correction, and was not before it: whom somebody struck out stays out."""
    if not {"category", "subject"} & asked.keys():
        return []
    before = recognised(people.everybody, case.category, case.account.subject)
    category, subject = asked.get("category", case.category), asked.get("subject", case.account.subject)
    return _new(recognised(people.everybody, category, subject), [*before, *case.complained_about])


def _ids(people: People, named: Sequence[str]) -> list[str]:
    """Each once, by id; somebody unknown as they were named."""
    found = ((people.find(who), who) for who in named)
    return list(dict.fromkeys(person.id if person else who for person, who in found))


def _new(found: Sequence[str], known: Sequence[str]) -> list[str]:
    return [each for each in found if each not in known]


def _marks(people: People, named: Sequence[str], found: Sequence[str]) -> Fields:
    unknown = marks_of(people, **{NAMED: next((who for who in named if not people.knows(who)), None)})
    return unknown | ({RECOGNISED: list(found)} if found else {})
