"""How lists of cases look: pure."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from shared.cli.cases.look import STATE_STYLES, Wire, clock_name, is_overdue, left_text, severity_text
from shared.cli.grid import Column, table
from shared.cli.times import Times


def cases_page(cases: Sequence[Wire]) -> RenderableType:
    """Cases with what they are."""
    times = Times([_received(case) for case in cases])
    rows = [
        [
            case["case_no"],
            times.short(_received(case)),
            case["state"],
            case["kind"],
            severity_text(case["severity"]),
            case.get("owner", ""),
            _subject(case),
        ]
        for case in cases
    ]
    columns = (
        Column("case"),
        Column("received"),
        Column("state"),
        Column("kind", drop=2),
        Column("severity", drop=3),
        Column("owner", drop=1),
        Column("subject", wraps=True),
    )
    return _noted(table(*columns, rows=rows), times)


def urgent_page(cases: Sequence[tuple[Wire, Sequence[Wire]]]) -> RenderableType:
    """An owner's cases, each with its clocks that run or were overrun, earliest due first."""
    times = Times([clocks[0]["due_at"] for _, clocks in cases if clocks])
    columns = (
        Column("case"),
        Column("due next", drop=2),
        Column("clock", wraps=True),
        Column("left", wraps=True),
        Column("state", drop=4),
        Column("severity", drop=3),
        Column("subject", wraps=True, drop=1),
    )
    rows = [
        [
            case["case_no"],
            times.short(clocks[0]["due_at"] if clocks else None),
            *_urgent(clocks),
            case["state"],
            severity_text(case["severity"]),
            case.get("subject", ""),
        ]
        for case, clocks in cases
    ]
    return _noted(table(*columns, rows=rows), times)


def _noted(page: RenderableType, times: Times) -> RenderableType:
    return Group(page, Text(times.note(), "dim")) if times.note() else page


def _urgent(clocks: Sequence[Wire]) -> tuple[Text, Text]:
    """Which clock it is about and how long there is; of several broken ones the oldest, with their number."""
    if not clocks:
        return Text(), Text()
    first, broken = clocks[0], sum(map(is_overdue, clocks))
    if not broken:
        return Text(clock_name(first)), left_text(first)
    more = f" (+{broken - 1})" if broken > 1 else ""
    return Text(f"BREACHED {clock_name(first)}{more}", STATE_STYLES["breached"]), left_text(first)


def _subject(case: Wire) -> str:
    """What it is about, and which case it repeats or seems to repeat."""
    linked, seems = case.get("repeat_of"), case.get("seems_repeat_of")
    mark = f" (repeats {linked})" if linked else f" (repeats {seems}?)" if seems else ""
    return f"{case.get('subject', '')}{mark}"


def _received(case: Wire) -> str | None:
    received: str | None = case["milestones"].get("received")
    return received
