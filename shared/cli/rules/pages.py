"""How versions and previews look on a terminal: pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from shared.cli.grid import Column, table
from shared.cli.times import Times, at_home

Wire = Mapping[str, Any]
FIGURES = {
    "moved": "moved",
    "earlier": "earlier",
    "later": "later",
    "newly_breached": "overrun at once",
    "saved": "saved",
    "settled": "settled",
    "started": "started",
    "ended": "ended",
}
DROPS = {"ended": 1, "started": 2, "settled": 3}


NONE_REACHED = "It reaches no clock that runs: nothing would change."


def preview_page(told: Wire) -> RenderableType:
    """Counts by region and clock, the sums, and examples."""
    title = f"{told['kind']} {told['name']} {told['version']}, running clocks: {told['running']}"
    if not told["counts"]:
        reached = f"None of the {told['cases']} cases with such clocks would change." if told["cases"] else NONE_REACHED
        return Group(Text(title, "bold"), Text(reached))
    rows = [[each["region"], each["clock"], *(_figure(each[name]) for name in FIGURES)] for each in told["counts"]]
    sums = [str(sum(each[name] for each in told["counts"])) for name in FIGURES]
    rows.append(["in all", _many(told["cases"], "case"), *sums])
    columns = [Column("region"), Column("clock"), *(Column(FIGURES[name], drop=DROPS.get(name, 0)) for name in FIGURES)]
    parts: list[RenderableType] = [Text(title, "bold"), table(*columns, rows=rows)]
    if told["examples"]:
        parts += [Text(), *_examples(told["examples"])]
    parts += [Text(f"{number}: {why}", "yellow") for number, why in told.get("problems", {}).items()]
    return Group(*parts)


def _examples(examples: Iterable[Wire]) -> list[RenderableType]:
    found = list(examples)
    times = Times([_due(each, side) for each in found for side in ("before", "after")])
    rows = [
        [
            each["case_no"],
            each["clock"],
            times.short(_due(each, "before")),
            times.short(_due(each, "after")),
            ", ".join(FIGURES[word] for word in each["what"]),
        ]
        for each in found
    ]
    return [table("case", "clock", "due", "would be due", "what", rows=rows), Text(times.note(), "dim")]


def _due(example: Wire, side: str) -> str | None:
    there = example.get(side)
    return there["due_at"] if there else None


def _figure(value: int) -> str:
    return str(value) if value else ""


def publications_page(found: Iterable[Wire]) -> RenderableType:
    """What was published, newest first."""
    rows = [
        [
            each["name"],
            each["version"],
            at_home(each["at"])[:16].replace("T", " "),
            each["by"],
            each["running"],
            f"{each['state']}, {each['done']} of {each['cases']} cases"
            if each["state"] == "running"
            else each["state"],
            str(each["moved"]),
            each.get("note", ""),
        ]
        for each in found
    ]
    return table(
        *("name", "version", "published"),
        Column("by", drop=2),
        Column("running clocks"),
        Column("state"),
        Column("moved"),
        Column("note", wraps=True, drop=1),
        rows=rows,
    )


def said(publication: Wire) -> str:
    """What came of a publication, in a sentence."""
    told = f"{publication['kind']} {publication['name']} {publication['version']}"
    if publication["state"] != "done":
        return f"{told} is published; its clocks are derived anew ({publication['done']} cases so far)."
    moved = publication["moved"]
    stuck = f" {len(publication['problems'])} cases could not be derived." if publication.get("problems") else ""
    cases, clocks = _many(publication["done"], "case"), _many(moved, "deadline")
    return f"{told} is published: {cases} derived anew, {clocks} moved.{stuck}"


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def calendar_page(told: Wire) -> RenderableType:
    """A calendar: hours, and the special days of each year that it knows."""
    body = told["body"]
    lines = [
        Text.assemble((f"{told['name']} {told['version']}", "bold"), f", {body['zone']}"),
        Text(f"serves: {', '.join(told.get('regions', [])) or 'every region without a calendar of its own'}"),
        Text(f"known until: {body.get('known_until') or 'for ever'}"),
    ]
    rows = [[day, ", ".join("-".join(span) for span in spans)] for day, spans in body["hours"].items()]
    return Group(*lines, table("day", "hours", rows=rows), Text(), _years(body))


def _years(body: Wire) -> RenderableType:
    until = str(body.get("known_until") or "")[:4] or "9999"
    days = {name: [day for day in body.get(name, []) if day[:4] <= until] for name in ("holidays", "workdays")}
    years = sorted({day[:4] for found in days.values() for day in found})[-3:]
    rows = [[year, *(_days(days[name], year) for name in ("holidays", "workdays"))] for year in years]
    if not rows:
        return Text("no days off but those of every week", "dim")
    columns = Column("year"), Column("days off (weekdays)", wraps=True), Column("make-up days", wraps=True)
    return table(*columns, rows=rows)


def _days(days: Iterable[str], year: str) -> str:
    return " ".join(day[5:] for day in days if day.startswith(f"{year}-"))
