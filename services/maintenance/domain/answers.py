"""Answering a checklist: an order is done only when every required item is answered, and answered credibly (MA-4)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from services.maintenance.domain.checklist import Item, Words
from shared.kernel.errors import Invalid

OK: Final = "ok"
FAILED: Final = "failed"
NOT_APPLICABLE: Final = "not_applicable"
RESULTS: Final = (OK, FAILED, NOT_APPLICABLE)
ALSO: Final[Mapping[str, str]] = {"pass": OK, "passed": OK, "fail": FAILED, "n/a": NOT_APPLICABLE}
"""What people also write for a result."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """An answer as it was given; a reading is a number where the item measures one, else text."""

    item: str
    result: str
    reading: float | str | None = None
    note: str | None = None
    evidence: Sequence[Mapping[str, Any]] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer that was accepted, with the item's text as it was then."""

    item: str
    text: Words
    result: str
    reading: str | None = None
    note: str | None = None
    evidence: Sequence[Mapping[str, Any]] = ()


def answered(items: Mapping[str, Item], given: Sequence[Given]) -> list[Answer]:
    """The answers in the order of the checklist; raises Invalid that names every item that is missing or wrong."""
    problems = {place: [why] for place, why in _problems(items, given)}
    if problems:
        raise Invalid(f"the checklist is not answered: {', '.join(problems)}", problems)
    by_item = {each.item: each for each in given}
    return [_accepted(item, by_item[key]) for key, item in items.items() if key in by_item]


def _accepted(item: Item, given: Given) -> Answer:
    return Answer(
        item=item.key,
        text=item.text,
        result=given.result,
        reading=_reading_text(item, given.reading),
        note=given.note,
        evidence=given.evidence,
    )


def _reading_text(item: Item, reading: float | str | None) -> str | None:
    if item.reading is not None and isinstance(reading, float):
        return item.reading.text(reading)
    return None if reading is None else str(reading)


def _problems(items: Mapping[str, Item], given: Sequence[Given]) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for number, each in enumerate(given):
        place = f"items.{number}"
        if each.item not in items:
            yield f"{place}.item", f"{each.item!r} is no item of this checklist; use one of {', '.join(items)}"
        elif each.item in seen:
            yield f"{place}.item", f"{each.item} is answered twice; keep one answer"
        else:
            yield from _doubts(place, items[each.item], each)
        seen.add(each.item)
    for key, item in items.items():
        if item.required and key not in seen:
            yield f"items.{key}", f"is not answered: {item.text['en']}"


def _doubts(place: str, item: Item, given: Given) -> Iterator[tuple[str, str]]:
    """What makes an answer hard to believe."""
    if given.result == NOT_APPLICABLE and not given.note:
        yield f"{place}.note", f"say why {item.key} does not apply"
    if given.result == FAILED and not given.note:
        yield f"{place}.note", f"say what is wrong with {item.key}; whoever repairs it must know"
    if item.reading is None or given.reading is None:
        return
    if not isinstance(given.reading, float):
        yield f"{place}.reading", f"must be a number, in {item.reading.unit}"
    elif given.result == OK and not item.reading.is_right(given.reading):
        # The reading is the fact and `ok` only the word for it: a person has to say which of the two is wrong.
        right = f"{item.reading.text(given.reading)} is out of range ({item.reading.range_text()})"
        yield f"{place}.reading", f"{right}; answer `failed`, or correct the reading"
