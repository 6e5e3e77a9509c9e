"""How a case looks on a terminal: pure, from what the services answer."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from shared.cli.durations import short_duration, working_hours
from shared.cli.output import table
from shared.kernel.instants import parse_instant

Wire = Mapping[str, Any]

STATE_STYLES = {
    "running": "cyan",
    "paused": "yellow",
    "met": "green",
    "breached": "bold red",
    "late": "red",
    "cancelled": "dim",
}
SEVERITY_STYLES = {"serious": "yellow", "major": "red", "critical": "bold red"}
SOON_SECONDS = 3600
"""A running clock with less than this left is shown as urgent."""

_HEAD = ("kind", "channel", "region", "category", "severity", "owner", "cause", "department", "repeat_of", "source")


def registered_page(answer: Wire) -> RenderableType:
    """What a clerk reads out after registering."""
    lines = [Text.assemble(("Case ", ""), (spoken(answer["case_no"]), "bold"), f"  {answer['state']}")]
    if answer["duplicate"]:
        differs = ", ".join(answer.get("differs", []))
        lines.append(
            Text("It was registered before" + (f"; this time differs: {differs}" if differs else ""), "yellow")
        )
    promise = answer.get("promise")
    if promise:
        lines.append(Text(f"Reply by    {when(promise['reply_by'])}" + _provisional(promise)))
        if promise.get("opinion_by"):
            lines.append(Text(f"Opinion by  {when(promise['opinion_by'])}"))
        lines.append(Text(words(promise["explanation"]), "dim"))
    else:
        lines.append(Text("No promise: deadlines could not be computed now, or the case is history.", "dim"))
    return Group(*lines)


def case_page(case: Wire, clocks: Sequence[Wire] | None, explanations: Sequence[Wire], lang: str) -> RenderableType:
    """One case: what it is, its clocks with why each is due when it is, and what has happened.

    `clocks` is None when they could not be asked for.
    """
    parts: list[RenderableType] = [_title(case), *_about(case), Text()]
    if clocks is None:
        parts.append(Text("Clocks: sla does not answer now.", "yellow"))
    elif not clocks:
        parts.append(Text("No clocks.", "dim"))
    else:
        told = {_identity(each["clock"]): each for each in explanations}
        parts += [_clock_table(clocks, told), Text(), *_reasons(clocks, told, lang)]
    return Group(*parts, Text(), _fact_table(case.get("facts", [])))


def spoken(case_no: str) -> str:
    """A case number in groups of four, as it is read out."""
    return " ".join(case_no[start : start + 4] for start in range(0, len(case_no), 4))


def when(instant: str) -> str:
    """An instant for people, with its offset."""
    there = parse_instant(instant)
    offset = there.strftime("%z")
    return f"{there:%a %Y-%m-%d %H:%M:%S} {offset[:3]}:{offset[3:]}"


def words(said: Any, lang: str = "en") -> str:
    """A sentence that comes in several languages."""
    return str(said.get(lang) or said.get("en", "")) if isinstance(said, Mapping) else str(said)


def state_text(state: str) -> Text:
    """A clock's state in its colour."""
    return Text(state, STATE_STYLES.get(state, ""))


def left_text(clock: Wire, counting: str = "") -> Text:
    """What is left of a clock's limit, in the limit's own measure."""
    left = clock["left_seconds"]
    style = "bold red" if left <= 0 else "yellow" if left < SOON_SECONDS else ""
    if counting.startswith("working"):
        return Text(working_hours(left) + " of working time", style)
    return Text(short_duration(left) + (" on working days" if "working" in counting else ""), style)


def _identity(clock: Wire) -> tuple[str, str, int]:
    return clock["clock"], clock.get("key", ""), clock["generation"]


def _provisional(wire: Wire) -> str:
    return " (provisional: holidays are not announced yet)" if wire.get("provisional") else ""


def _title(case: Wire) -> Text:
    return Text.assemble(
        ("Case ", "dim"),
        (spoken(case["case_no"]), "bold"),
        "  ",
        (case["state"], "bold cyan"),
        (" (waiting for the customer)" if case["waiting"] else "", "yellow"),
        "  ",
        (case["severity"], SEVERITY_STYLES.get(case["severity"], "")),
        (f"  version {case['version']}", "dim"),
        ("  history" if case["mode"] == "history" else "", "dim"),
    )


def _about(case: Wire) -> Iterable[RenderableType]:
    for name in ("subject", "demand"):
        if case.get(name):
            yield _line(name, case[name])
    if case.get("description") and case["description"] != case.get("subject"):
        yield _line("description", case["description"])
    yield _line("", "  ".join(f"{name}: {case[name]}" for name in _HEAD if case.get(name)))
    for name in ("customer", "product"):
        known = {what: value for what, value in (case.get(name) or {}).items() if value}
        if known:
            yield _line(name, "  ".join(f"{what}: {value}" for what, value in known.items()))


def _line(name: str, text: str) -> Text:
    return Text.assemble((f"{name}: " if name else "", "dim"), text)


def _clock_table(clocks: Sequence[Wire], told: Mapping[Any, Wire]) -> RenderableType:
    rows: list[list[str | Text]] = []
    for clock in clocks:
        rule = told.get(_identity(clock), {}).get("rule", {})
        ended = clock["state"] not in ("running", "paused")
        left = Text("") if ended else left_text(clock, rule.get("counting", ""))
        rows.append(
            [
                _clock_name(clock),
                state_text(clock["state"]),
                left,
                when(clock["due_at"]) + _provisional(clock),
                when(clock["stopped_at"]) if clock.get("stopped_at") else "",
            ]
        )
    return table("clock", "state", "left", "due", "stopped", rows=rows)


def _clock_name(clock: Wire) -> str:
    again = f" #{clock['generation']}" if clock["generation"] > 1 else ""
    return str(clock["clock"]) + (f" {clock['key']}" if clock.get("key") else "") + again


def _reasons(clocks: Sequence[Wire], told: Mapping[Any, Wire], lang: str) -> Iterable[RenderableType]:
    for clock in clocks:
        explanation = told.get(_identity(clock))
        if explanation and clock["state"] in ("running", "paused", "breached"):
            source = explanation.get("rule", {}).get("source", "")
            yield Text.assemble(words(explanation["text"], lang), (f"  [{source}]" if source else "", "dim"))


def _fact_table(facts: Sequence[Wire]) -> RenderableType:
    rows = [
        [str(fact["seq"]), when(fact["at"]), fact["fact"], fact["by"], _more(fact)]
        for fact in sorted(facts, key=lambda fact: int(fact["seq"]))
    ]
    return table("", "at", "fact", "by", "", rows=rows)


def _more(fact: Wire) -> str:
    said = [fact[name] for name in ("key", "text") if fact.get(name)]
    if fact.get("due_at"):
        said.append(f"due {when(fact['due_at'])}")
    said += [f"{name}={value}" for name, value in (fact.get("set") or {}).items() if fact["fact"] != "received"]
    return "  ".join(str(each) for each in said)
