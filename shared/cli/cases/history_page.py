"""Every step of a case for who checks it: when it happened beside when it was recorded, corrections, marks. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.text import Text

from shared.cli.cases.history_part import said
from shared.cli.cases.look import severity_text
from shared.cli.grid import Column, table
from shared.cli.telling import MARKS, Wire, marks_of, spoken, told
from shared.cli.terms import EN, FACTS, STATES, ZH, label, term
from shared.cli.times import Times

CORRECTED: Final = "corrected"


def history_page(case: Wire, lang: str = EN, *, since: int = 1) -> RenderableType:
    """The entries from this number on, in the order in which they were recorded."""
    entries = sorted(case["history"], key=lambda entry: int(entry["seq"]))
    before = dict(zip((each["seq"] for each in entries), _before(entries), strict=True))
    shown = [entry for entry in entries if entry["seq"] >= since]
    times = Times(entry[name] for entry in shown for name in ("at", "recorded_at"))
    rows = [_row(entry, before[entry["seq"]], times, lang) for entry in shown]
    titles = [Column("", wraps=False), *(Column(term(name, lang)) for name in ("happened", "recorded"))]
    titles += [Column(term(name, lang)) for name in ("fact", "by")]
    head = Text.assemble(
        (spoken(case["case_no"]), "bold"),
        "  ",
        (term(case["state"], lang, STATES), "bold cyan"),
        "  ",
        severity_text(case["severity"], lang),
        (f"  {len(entries)} 条记录" if lang == ZH else f"  {len(entries)} entries", "dim"),
    )
    return Group(head, Text(), table(*titles, Column("", wraps=True), rows=rows), Text(times.note(lang), "dim"))


def _row(entry: Wire, before: Mapping[str, Any], times: Times, lang: str) -> list[str | Text]:
    same = entry["recorded_at"] == entry["at"]
    return [
        str(entry["seq"]),
        times.short(entry["at"]),
        "" if same else times.short(entry["recorded_at"]),
        Text(term(entry["fact"], lang, FACTS), "yellow" if entry["fact"] == CORRECTED else ""),
        entry["by"],
        Text("\n").join(_details(entry, before, times, lang)),
    ]


def _details(entry: Wire, before: Mapping[str, Any], times: Times, lang: str) -> Iterator[Text]:
    for name, value in told(entry):
        if name in MARKS:
            continue
        text = said(value, times, lang)
        old = before.get(name.removeprefix("set."))
        was = "" if old is None else _was(said(old, times, lang), lang)
        yield Text(f"{label(name, lang)}: {text}{was}" if name else text)
    yield from (Text(mark, "yellow") for mark in _marks(entry, times, lang))


def _was(old: str, lang: str) -> str:
    return f"（原为：{old}）" if lang == ZH else f" (was: {old})"


def _marks(entry: Wire, times: Times, lang: str) -> Iterator[str]:
    """What counts for less: written down later than it happened, or said to have happened earlier than it counts."""
    marks = marks_of(entry)
    reason = marks.get("at_reason") or ("未说明理由" if lang == ZH else "no reason given")
    if marks.get("dated_back"):
        yield f"补记倒填：{reason}" if lang == ZH else f"dated back: {reason}"
    elif claimed := marks.get("claimed_at"):
        at = times.short(claimed)
        if lang == ZH:
            yield f"声称发生于 {at}，未被采信：{reason}"
        else:
            yield f"said to have happened {at}, which does not count: {reason}"


def _before(entries: list[Wire]) -> Iterator[Mapping[str, Any]]:
    """For each entry, what stood there before of what it corrects."""
    known: dict[str, Any] = {}
    for entry in entries:
        changed = dict(_changes(entry))
        yield {name: known[name] for name in changed if name in known} if entry["fact"] == CORRECTED else {}
        known |= changed


def _changes(entry: Wire) -> Iterator[tuple[str, Any]]:
    """The attributes that an entry sets, by the names under which they are told."""
    detail = entry.get("detail") or {}
    yield from (entry.get("set") or {}).items()
    if entry["fact"] == CORRECTED:
        yield from _flat(detail.get("set") or {})
        return
    yield from (detail.get("account") or {}).items()
    yield from _flat({"customer": detail.get("customer") or {}})


def _flat(changed: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in changed.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{name}.")
        else:
            yield above + name, value
