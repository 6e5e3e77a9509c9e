"""What pages and printed forms alike tell of a case: its number as it is read out, what is said of an entry. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

Wire = Mapping[str, Any]

TOLD_ABOVE = frozenset({"received"})
"""What these facts set is the head of the page."""
ASSIGNMENT = "assignment"
"""Why the rules chose this owner; a sentence of it is enough here, `aftercare assignment explain` has it all."""
OF_LETTERS = ("letter", "attachments", "left_out", "mentions")
"""What came with a letter, a first one too."""
MARKS = ("dated_back", "at_reason", "claimed_at")
"""How an entry's instant came about, where that needs saying (contracts 4)."""
UNKNOWN = "unknown"
"""The mark of names that are in no people file."""
LANGUAGES = frozenset({"zh", "en"})
"""The keys of a sentence that comes in several languages."""
URGED = "urged"
FOR_OTHERS = ("duty", "owed_by", "since")
"""What an urge says for the services that tell people of it; on paper its task, words and limit are enough."""
KEPT = "evidence"
"""A file that is kept with the case is known by its digest alone."""


def spoken(case_no: str) -> str:
    """A case number in groups of four, as it is read out; every command takes it like that."""
    return " ".join(case_no[start : start + 4] for start in range(0, len(case_no), 4))


def told(entry: Wire) -> Iterator[tuple[str, Any]]:
    """Name and value of what is to be said of an entry; without a name what speaks for itself."""
    yield from (("", entry[name]) for name in ("key", "text") if entry.get(name))
    if entry.get("due_at"):
        yield "due", entry["due_at"]
    if entry["fact"] in TOLD_ABOVE:
        yield from _marks(entry.get("detail") or {})
        return
    changed = entry.get("set") or {}
    yield from _changed(entry["fact"], changed)
    detail = entry.get("detail") or {}
    plain = {name: value for name, value in detail.items() if name not in (ASSIGNMENT, *OF_LETTERS)}
    for name, value in _flat(plain):
        known = name.removeprefix("set.").split(".")[0] in changed or value == entry.get("due_at")
        if not known and not name.startswith(UNKNOWN):
            yield ("" if name == "text" else name), _files(value) if name == KEPT else value
    yield from _marks(detail)


def _changed(fact: str, changed: Wire) -> Iterator[tuple[str, Any]]:
    if fact != URGED:
        yield from changed.items()
        return
    yield from (("" if name == "what" else name, changed[name]) for name in changed if name not in FOR_OTHERS)


def _files(evidence: Any) -> Any:
    return [
        {name: each[name] for name in each if name != "ref" or each["ref"] != f"{KEPT}:{each.get('digest')}"}
        for each in evidence
    ]


def everything(entry: Wire) -> Iterator[tuple[str, Any]]:
    """Name and value of all that an entry holds beyond what happened when by whom: nothing is left out."""
    yield from (("", entry[name]) for name in ("key", "text") if entry.get(name))
    yield from ((name, entry[name]) for name in ("due_at", "voids") if entry.get(name))
    yield from _flat({"set": entry.get("set") or {}})
    yield from _flat(entry.get("detail") or {})


def marks_of(entry: Wire) -> dict[str, Any]:
    """What is to be said of its instant."""
    detail = entry.get("detail") or {}
    return {name: detail[name] for name in MARKS if name in detail}


def _marks(detail: Wire) -> Iterator[tuple[str, Any]]:
    yield from ((name, detail[name]) for name in OF_LETTERS if detail.get(name))
    if detail.get(UNKNOWN):
        yield "not in the people file", detail[UNKNOWN]


def _flat(detail: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in detail.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{name}.")
        else:
            yield above + name, value
