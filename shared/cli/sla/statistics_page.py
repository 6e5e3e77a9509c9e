"""How figures of timeliness look on a terminal: pure."""

from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from shared.cli.cases.look import STATE_STYLES, Wire
from shared.cli.durations import working_hours
from shared.cli.grid import Cell, Column, table
from shared.cli.terms import CLOCKS, VALUES, ZH, term

FIGURES = (
    *("started", "running", "met", "late", "breached", "breached_open", "revoked", "cancelled"),
    *("met_share", "used_percent_median", "used_percent_p90"),
)
HELD = ("region", "department", "holder", "owner", "cases", "working_seconds")
TITLES = {
    "policy": "规则",
    "clock": "时限",
    "category": "投诉分类",
    "region": "区域",
    "department": "部门",
    "owner": "负责人",
    "severity": "级别",
    "kind": "类型",
    "period": "期间",
    "started": "合计",
    "running": "计时中",
    "met": "按时",
    "late": "逾期",
    "breached": "超时",
    "breached_open": "未完成",
    "revoked": "已撤销",
    "cancelled": "取消",
    "met_share": "按时率",
    "used_percent_median": "用时中位",
    "used_percent_p90": "用时九成",
    "holder": "在谁手中",
    "cases": "工单",
    "working_seconds": "工作时间",
    "person": "负责人",
    "customer": "客户",
    "nobody": "无人",
    "ended": "已办结",
    "unknown": "未知",
    "from": "自",
    "to": "至",
}
SHORT = {
    "breached_open": "still open",
    "met_share": "in time",
    "used_percent_median": "used, median",
    "used_percent_p90": "used, p90",
    "working_seconds": "working time",
}
STYLES = {"late": STATE_STYLES["late"], "breached": STATE_STYLES["breached"]}
DROPS = {
    "running": 5,
    "cancelled": 6,
    "revoked": 4,
    "used_percent_median": 3,
    "used_percent_p90": 2,
    "breached_open": 1,
}


def statistics_page(told: Wire, by: Sequence[str], lang: str) -> RenderableType:
    """A row for each group; then who held the cases, where that was asked for."""
    if not told["rows"]:
        return Text("此期间没有到期的时限。" if lang == ZH else "No clock falls due in that time.", "dim")
    columns = [Column(title(name, lang)) for name in by]
    columns += [Column(title(name, lang), drop=DROPS.get(name, 0)) for name in FIGURES]
    page = table(*columns, rows=[list(_row(row, by, lang)) for row in told["rows"]])
    return Group(page, Text(), holders_table(told["holders"], lang)) if told.get("holders") else page


def holders_table(rows: Sequence[Wire], lang: str) -> RenderableType:
    """Who held cases, how many, and how long."""
    shown = [
        [
            term(row.get("region", ""), lang, VALUES),
            term(row.get("department", ""), lang, TITLES),
            term(row["holder"], lang, TITLES),
            row.get("owner", ""),
            str(row["cases"]),
            working_hours(row["working_seconds"], lang),
        ]
        for row in rows
    ]
    return table(*(Column(title(name, lang)) for name in HELD), rows=shown)


def title(name: str, lang: str) -> str:
    """Of a column."""
    return term(name, lang, TITLES) if lang == ZH else SHORT.get(name, name)


def _row(row: Wire, by: Sequence[str], lang: str) -> Iterator[Cell]:
    for name in by:
        yield _group(row[name], lang)
    for name in FIGURES:
        yield Text(_figure(name, row[name]), STYLES.get(name, "") if row[name] else "dim")


def _group(value: str | None, lang: str) -> str:
    return "–" if value is None else term(value, lang, CLOCKS | VALUES | TITLES)


def _figure(name: str, value: Any) -> str:
    if value is None:
        return "–"
    if name == "met_share":
        return f"{100 * value:.1f} %"
    return f"{value} %" if name.startswith("used_percent") else str(value)
