"""Whoever is complained about: the case is never theirs to own, approve, revisit, work on or read (IN-26)."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final, Protocol

from services.intake.domain.case import Case
from services.intake.domain.personal import is_named
from shared.kernel.errors import Forbidden, Invalid

CONDUCT: Final = "staff_attitude"
"""The category of complaints about how somebody of ours behaved."""
RECOGNISED: Final = "recognised"
"""The mark in the history: these were found in the subject, nobody named them."""
OWNER_NAMED: Final = "owner_complained_about"
"""The mark in the history: with this the present owner became one of them."""


class Person(Protocol):
    """Somebody who works here."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def roles(self) -> tuple[str, ...]: ...


def is_complained_about(case: Case, names: Collection[str]) -> bool:
    """Whether the case is about whoever is named in one of these ways."""
    return not frozenset(names).isdisjoint(case.complained_about)


def refuse_complained_about(case: Case, by: str, names: Collection[str]) -> None:
    """Raise Forbidden at `by` for whoever is complained about: no step, no approval, no look at the case."""
    if is_complained_about(case, names):
        why = f"{by} is complained about in case {case.case_no}: somebody else works on it, and reads it"
        raise Forbidden(why, {"by": by, "case_no": case.case_no, "because": "complained_about"})


def refuse_as_owner(case: Case, owner: str, names: Collection[str]) -> None:
    """Raise Invalid at `owner` for whoever is complained about."""
    if is_complained_about(case, names):
        raise Invalid.field("owner", f"{owner} is complained about in this case; name somebody else")


def needs_owner(case: Case, names: Collection[str]) -> dict[str, Any]:
    """What answers say when the present owner, named in these ways, is complained about; else nothing."""
    if case.owner is None or not case.is_open or not is_complained_about(case, names):
        return {}
    zh = f"负责人 {case.owner} 是被投诉人，请把工单转交给他人"
    en = f"{case.owner} owns this case and is complained about in it; hand it over to somebody else"
    return {"needs_owner": {"owner": case.owner, "because": "complained_about", "text": {"zh": zh, "en": en}}}


def recognised(everybody: Iterable[Person], category: str | None, subject: str) -> list[str]:
    """The ids of those whom the subject of a complaint about conduct names by their id or full name.

    An id that is the name of a post (`desk`, `ops`) is a word like any other: only the name counts of such a person.
    """
    if category != CONDUCT:
        return []
    staff = list(everybody)
    posts = {word for person in staff for role in person.roles for word in (role, *role.split("_"))}
    return [each.id for each in staff if is_named(subject, each.name) or _by_id(each, posts, subject)]


def _by_id(person: Person, posts: Collection[str], subject: str) -> bool:
    return person.id not in posts and is_named(subject, person.id)


def together(named: Sequence[str], found: Iterable[str]) -> list[str]:
    """Those who were named and those who were found, each once."""
    return list(dict.fromkeys((*named, *found)))
