"""What has happened in a case, on its page: the facts, and what intake alone keeps of them. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rich.console import RenderableType

from shared.cli.cases.look import words
from shared.cli.grid import Column, table
from shared.cli.telling import ASSIGNMENT, LANGUAGES, Wire, told
from shared.cli.terms import FACTS, VALUES, ZH, label, term
from shared.cli.times import Times
from shared.kernel.instants import RFC_3339


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
        yield from (text for _, text in told(entry) if isinstance(text, str) and RFC_3339.fullmatch(text))


def _details(entry: Wire, times: Times, lang: str) -> Iterator[str]:
    for name, value in told(entry):
        text = said(value, times, lang)
        yield f"{label(name, lang)}: {text}" if name else text
    if reason := (entry.get("detail") or {}).get(ASSIGNMENT):
        yield reason["text"]["zh" if lang == ZH else "en"]


def said(value: Any, times: Times, lang: str) -> str:
    """A value as pages show it."""
    if isinstance(value, bool):
        return term("yes" if value else "no", lang, VALUES)
    if isinstance(value, str) and RFC_3339.fullmatch(value):
        return times.short(value)
    if isinstance(value, Mapping):
        if value.keys() == LANGUAGES:
            return words(value, lang)
        return ", ".join(f"{term(name, lang)} {said(each, times, lang)}" for name, each in value.items())
    if isinstance(value, list):
        return ", ".join(said(each, times, lang) for each in value)
    return term(" ".join(str(value).split()), lang, VALUES) if value is not None else "–"
