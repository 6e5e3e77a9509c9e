"""How the replay of a policy looks on a terminal: pure."""

from collections.abc import Iterator, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from shared.cli.cases.look import STATE_STYLES, Wire, clock_name
from shared.cli.grid import Cell, Column, table
from shared.cli.telling import spoken
from shared.cli.terms import CLOCKS, ZH, term
from shared.cli.times import Times

FIGURES = ("clocks", "met", "overrun", "running", "cancelled", "warnings")
TITLES = {
    "clock": "时限",
    "owner": "负责人",
    "clocks": "合计",
    "met": "按时",
    "overrun": "超时",
    "running": "计时中",
    "cancelled": "取消",
    "warnings": "预警",
    "case": "工单",
    "due": "截止",
    "stopped": "停止",
    "turns out": "结果",
}
DROPS = {"cancelled": 3, "running": 2, "met": 1}
SHOWN = 20
NOBODY = {"en": "nobody", ZH: "无人"}
BETTER, WORSE = "green", STATE_STYLES["late"]


def replay_page(told: Wire, lang: str) -> RenderableType:
    """By clock, by owner, and the first of the clocks that would have turned out otherwise."""
    if not told["cases"]:
        return Text("此期间没有工单。" if lang == ZH else "No case was received in that time.", "dim")
    clocks = [(term(row["clock"], lang, CLOCKS), row) for row in told["clocks"]]
    owners = [(row["owner"] or NOBODY[lang], row) for row in told["owners"]]
    parts: list[RenderableType] = [Text(_head(told, lang), "bold"), Text()]
    for name, rows in (("clock", clocks), ("owner", owners)):
        columns = [Column(_title(each, lang), drop=DROPS.get(each, 0)) for each in FIGURES]
        parts += [
            table(Column(_title(name, lang)), *columns, rows=[[label, *_sides(row)] for label, row in rows]),
            Text(),
        ]
    return Group(*parts, *_turned(told["turned"], lang))


def _head(told: Wire, lang: str) -> str:
    cases, worse, better = told["cases"], told["newly_overrun"], told["saved"]
    if lang == ZH:
        return f"{cases}件工单：新增超时{worse}项，不再超时{better}项。左为现行规则，右为新规则。"
    return (
        f"{cases} cases: {worse} clocks would newly be overrun, {better} no longer. "
        "Of each figure: by the rules in force > by the new policy."
    )


def _sides(row: Wire) -> Iterator[Cell]:
    for name in FIGURES:
        before, after = row["present"][name], row["proposed"][name]
        yield Text(f"{before}" if before == after else f"{before} > {after}", _style(name, before, after))


def _style(name: str, before: int, after: int) -> str:
    if before == after:
        return "dim"
    if name == "overrun":
        return WORSE if after > before else BETTER
    return ""


def _turned(found: Sequence[Wire], lang: str) -> Iterator[RenderableType]:
    if not found:
        return
    shown = found[:SHOWN]
    times = Times([each.get(name) for each in shown for name in ("due_at", "stopped_at")])
    columns = [Column(_title(name, lang)) for name in ("case", "clock", "turns out", "due", "stopped")]
    yield table(*columns, rows=[list(_row(each, times, lang)) for each in shown])
    more = len(found) - len(shown)
    if more:
        yield Text(f"…另有{more}项（--json）。" if lang == ZH else f"… and {more} more: --json tells them.", "dim")
    yield Text(times.note(lang), "dim")


def _row(found: Mapping[str, str], times: Times, lang: str) -> Iterator[Cell]:
    yield spoken(found["case_no"])
    yield clock_name(found, lang)
    if found["saved"]:
        yield Text("不再超时" if lang == ZH else "no longer overrun", BETTER)
    else:
        yield Text("新增超时" if lang == ZH else "newly overrun", WORSE)
    yield times.short(found["due_at"])
    yield times.short(found.get("stopped_at"))


def _title(name: str, lang: str) -> str:
    return term(name, lang, TITLES)
