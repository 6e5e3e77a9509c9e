"""How lists of cases look: pure."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from shared.cli.cases.look import STATE_STYLES, Wire, clock_name, is_overdue, left_text, severity_text
from shared.cli.grid import Column, table
from shared.cli.terms import EN, FACTS, STATES, VALUES, term
from shared.cli.times import Times


def cases_page(cases: Sequence[Wire], lang: str = EN) -> RenderableType:
    """Cases with what they are."""
    times = Times([_received(case) for case in cases])
    rows = [
        [
            case["case_no"],
            times.short(_received(case)),
            term(case["state"], lang, STATES),
            term(case["kind"], lang, VALUES),
            severity_text(case["severity"], lang),
            case.get("owner", ""),
            _subject(case, lang),
        ]
        for case in cases
    ]
    columns = (
        Column(term("case", lang)),
        Column(term("received", lang, FACTS)),
        Column(term("state", lang)),
        Column(term("kind", lang), drop=2),
        Column(term("severity", lang), drop=3),
        Column(term("owner", lang), drop=1),
        Column(term("subject", lang), wraps=True),
    )
    return _noted(table(*columns, rows=rows), times, lang)


def urgent_page(cases: Sequence[tuple[Wire, Sequence[Wire]]], lang: str = EN) -> RenderableType:
    """An owner's cases, each with its clocks that run or were overrun, earliest due first."""
    times = Times([clocks[0]["due_at"] for _, clocks in cases if clocks])
    columns = (
        Column(term("case", lang)),
        Column(term("due next", lang), drop=2),
        Column(term("clock", lang), wraps=True),
        Column(term("left", lang), wraps=True),
        Column(term("state", lang), drop=4),
        Column(term("severity", lang), drop=3),
        Column(term("subject", lang), wraps=True, drop=1),
    )
    rows = [
        [
            case["case_no"],
            times.short(clocks[0]["due_at"] if clocks else None),
            *_urgent(clocks, lang),
            term(case["state"], lang, STATES),
            severity_text(case["severity"], lang),
            case.get("subject", ""),
        ]
        for case, clocks in cases
    ]
    return _noted(table(*columns, rows=rows), times, lang)


def _noted(page: RenderableType, times: Times, lang: str) -> RenderableType:
    return Group(page, Text(times.note(lang), "dim")) if times.note() else page


def _urgent(clocks: Sequence[Wire], lang: str) -> tuple[Text, Text]:
    """Which clock it is about and how long there is; of several broken ones the oldest, with their number."""
    if not clocks:
        return Text(), Text()
    first, broken = clocks[0], sum(map(is_overdue, clocks))
    if not broken:
        return Text(clock_name(first, lang)), left_text(first, lang)
    more = f" (+{broken - 1})" if broken > 1 else ""
    said = f"{term('BREACHED', lang)} {clock_name(first, lang)}{more}"
    return Text(said, STATE_STYLES["breached"]), left_text(first, lang)


def _subject(case: Wire, lang: str) -> str:
    """What it is about, and which case it repeats or seems to repeat."""
    linked, seems = case.get("repeat_of"), case.get("seems_repeat_of")
    repeats = term("repeats", lang)
    mark = f" ({repeats} {linked})" if linked else f" ({repeats} {seems}?)" if seems else ""
    return f"{case.get('subject', '')}{mark}"


def _received(case: Wire) -> str | None:
    received: str | None = case["milestones"].get("received")
    return received
