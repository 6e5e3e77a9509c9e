"""What has happened in a case, on its page: the facts, and what intake alone keeps of them. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rich.console import RenderableType

from shared.cli.cases.look import Wire
from shared.cli.grid import Column, table
from shared.cli.terms import FACTS, VALUES, ZH, term
from shared.cli.times import Times
from shared.kernel.instants import RFC_3339

TOLD_ABOVE = frozenset({"received"})
"""What these facts set is the head of the page."""
ASSIGNMENT = "assignment"
"""Why the rules chose this owner; a sentence of it is enough here, `aftercare assignment explain` has it all."""
OF_LETTERS = ("letter", "attachments", "left_out", "mentions")
"""What came with a letter, a first one too."""
UNKNOWN = "unknown"
"""The mark of names that are in no people file."""


def history_table(entries: Sequence[Wire], times: Times, lang: str) -> RenderableType:
    """One row for each fact, in the order of recording."""
    rows = [
        [
            str(entry["seq"]),
            times.short(entry["at"]),
            term(entry["fact"], lang, FACTS),
            entry["by"],
            "\n".join(_details(entry, times, lang)),
        ]
        for entry in sorted(entries, key=lambda entry: int(entry["seq"]))
    ]
    columns = [Column(""), *(Column(term(title, lang)) for title in ("at", "fact", "by"))]
    return table(*columns, Column("", wraps=True), rows=rows)


def instants_of(entries: Iterable[Wire]) -> Iterator[str]:
    """Every instant that the table shows."""
    for entry in entries:
        yield entry["at"]
        yield from (text for _, text in _told(entry) if isinstance(text, str) and RFC_3339.fullmatch(text))


def _details(entry: Wire, times: Times, lang: str) -> Iterator[str]:
    for name, value in _told(entry):
        said = _value(value, times, lang)
        yield f"{term(name, lang)}: {said}" if name else said
    if reason := (entry.get("detail") or {}).get(ASSIGNMENT):
        yield reason["text"]["zh" if lang == ZH else "en"]


def _told(entry: Wire) -> Iterator[tuple[str, Any]]:
    """Name and value of what is to be said of an entry; without a name what speaks for itself."""
    yield from (("", entry[name]) for name in ("key", "text") if entry.get(name))
    if entry.get("due_at"):
        yield "due", entry["due_at"]
    if entry["fact"] in TOLD_ABOVE:
        yield from _marks(entry.get("detail") or {})
        return
    changed = entry.get("set") or {}
    yield from changed.items()
    detail = entry.get("detail") or {}
    plain = {name: value for name, value in detail.items() if name not in (ASSIGNMENT, *OF_LETTERS)}
    for name, value in _flat(plain):
        known = name.removeprefix("set.").split(".")[0] in changed or value == entry.get("due_at")
        if not known and not name.startswith(UNKNOWN):
            yield ("" if name == "text" else name), value
    yield from _marks(detail)


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


def _value(value: Any, times: Times, lang: str) -> str:
    if isinstance(value, bool):
        return term("yes" if value else "no", lang, VALUES)
    if isinstance(value, str) and RFC_3339.fullmatch(value):
        return times.short(value)
    if isinstance(value, Mapping):
        return ", ".join(f"{term(name, lang)} {_value(each, times, lang)}" for name, each in value.items())
    if isinstance(value, list):
        return ", ".join(_value(each, times, lang) for each in value)
    return term(" ".join(str(value).split()), lang, VALUES) if value is not None else "–"
