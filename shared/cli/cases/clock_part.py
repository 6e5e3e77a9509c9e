"""The clocks of a case on its page: where each stands, why it is due when it is, and what stops it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from shared.cli.cases.look import (
    OPEN,
    STATE_STYLES,
    Wire,
    clock_name,
    identity,
    is_overdue,
    left_text,
    state_text,
    words,
)
from shared.cli.grid import Column, table
from shared.cli.prose import Prose
from shared.cli.terms import FACTS, ZH, term
from shared.cli.times import Times

ALWAYS_TOLD = OPEN | {"late"}
"""Of those that were met or cancelled nobody asks why, unless they say so."""


def clock_table(clocks: Sequence[Wire], times: Times, lang: str) -> RenderableType:
    """Where each clock stands."""
    rows: list[list[str | Text]] = [
        [
            clock_name(clock, lang),
            state_text(clock["state"], lang),
            left_text(clock, lang),
            times.short(clock["due_at"]) + ("*" if clock["provisional"] else ""),
            times.short(clock.get("stopped_at")),
        ]
        for clock in clocks
    ]
    titles = [term(title, lang) for title in ("clock", "state", "left", "due", "stopped")]
    columns = [Column(titles[0]), Column(titles[1]), Column(titles[2], wraps=True), Column(titles[3])]
    return table(*columns, Column(titles[4], drop=1), rows=rows)


def provisional_note(clocks: Iterable[Wire], lang: str) -> str:
    """What a star beside a time means, where there is one."""
    if not any(clock["provisional"] for clock in clocks):
        return ""
    return "* 暂定：节假日安排尚未公布" if lang == ZH else "* provisional: holidays are not announced yet"


def reasons(
    clocks: Sequence[Wire], explanations: Sequence[Wire], times: Times, lang: str, *, everything: bool
) -> Iterable[Prose]:
    """One paragraph for each clock: why it is due when it is, what stops it, or what stopped it."""
    told = {identity(each["clock"]): each for each in explanations}
    for clock in clocks:
        explanation = told.get(identity(clock))
        if explanation and (everything or clock["state"] in ALWAYS_TOLD):
            yield Prose(Text.assemble(_standing(clock, lang), *_told(clock, explanation, times, lang)))


def _standing(clock: Wire, lang: str) -> Text:
    """What must not be overlooked, before anything else."""
    if is_overdue(clock) or clock["state"] == "late":
        return Text.assemble(left_text(clock, lang), ": " if lang != ZH else "：")
    return Text()


def _told(clock: Wire, explanation: Wire, times: Times, lang: str) -> Iterable[Any]:
    apart = "" if lang == ZH else " "
    yield words(explanation["text"], lang)
    stopped = explanation.get("stopped_by")
    if stopped:
        yield (apart + _stopped(stopped, times, lang), STATE_STYLES.get(clock["state"], ""))
    elif clock["state"] in OPEN and explanation.get("stops"):
        stops = words(explanation["stops"], lang)
        yield apart + stops[:1].upper() + stops[1:]
    source = explanation.get("rule", {}).get("source", "")
    yield (f"  [{source}]" if source else "", "dim")


def _stopped(fact: Mapping[str, str], times: Times, lang: str) -> str:
    what, at = term(fact["fact"], lang, FACTS), times.short(fact["at"])
    return f"{at}因{what}（{fact['by']}）停止。" if lang == ZH else f"Stopped {at} by {what} ({fact['by']})."
