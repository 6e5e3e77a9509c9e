"""How a case looks on a terminal: pure, from what the services answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.text import Text

from shared.cli.cases.clock_part import clock_table, provisional_note, reasons
from shared.cli.cases.handling_part import handling_instants, handling_part
from shared.cli.cases.history_part import history_table, instants_of
from shared.cli.cases.language import in_language
from shared.cli.cases.look import Wire, severity_text, words
from shared.cli.prose import Prose
from shared.cli.telling import spoken
from shared.cli.terms import EN, STATES, VALUES, ZH, term
from shared.cli.times import Times, when

_HEAD = ("kind", "channel", "region", "category", "severity", "owner", "cause", "department", "repeat_of", "source")


@dataclass(frozen=True)
class Told:
    """What the services say of a case; `clocks` is None when they could not be asked for."""

    case: Wire
    clocks: Sequence[Wire] | None
    explanations: Sequence[Wire]

    @property
    def entries(self) -> Sequence[Wire]:
        """What has happened, with what intake alone keeps of it."""
        entries: Sequence[Wire] = self.case.get("history") or self.case.get("facts", [])
        return entries

    def times(self) -> Times:
        """How the page writes its instants."""
        of_clocks = [clock.get(name) for clock in self.clocks or () for name in ("due_at", "stopped_at")]
        return Times([*of_clocks, *instants_of(self.entries), *handling_instants(self.case)])


def registered_page(answer: Wire, lang: str = EN) -> RenderableType:
    """What a clerk reads out after registering."""
    state = term(answer["state"], lang, STATES)
    title = _capital(term("case", lang))
    lines = [Text.assemble(f"{title} ", (spoken(answer["case_no"]), "bold"), f"  {state}")]
    if answer["duplicate"]:
        lines.append(Text(_known(answer.get("differs", []), lang), "yellow"))
    promise = answer.get("promise")
    if not promise:
        none = (
            "没有承诺时间：现在无法计算期限，或为历史工单。"
            if lang == ZH
            else "No promise: deadlines could not be computed now, or the case is history."
        )
        return Group(*lines, Text(none, "dim"), *_offered(answer, lang))
    labels = ("答复期限  ", "意见期限  ") if lang == ZH else ("Reply by    ", "Opinion by  ")
    for label, name in zip(labels, ("reply_by", "opinion_by"), strict=True):
        if promise.get(name):
            lines.append(Text(label + when(promise[name])))
    explanation = Prose(Text(words(promise["explanation"], lang), "dim"))
    return Group(*lines, explanation, *_offered(answer, lang))


def _offered(answer: Wire, lang: str) -> list[Text]:
    """Knowledge articles that fit (IN-24)."""
    title = "可参考  " if lang == ZH else "Known about this  "
    found = [(in_language(each["title"], lang), each["article_id"]) for each in answer.get("articles", [])]
    return [Text.assemble((title, "dim"), f"{about}  {name}") for about, name in found]


def _known(differs: Sequence[str], lang: str) -> str:
    if lang == ZH:
        return "此前已登记" + (f"；本次不同之处：{'、'.join(term(each, lang) for each in differs)}" if differs else "")
    return "It was registered before" + (f"; this time differs: {', '.join(differs)}" if differs else "")


def case_page(told: Told, lang: str = EN, *, everything: bool = False) -> RenderableType:
    """One case: what it is, its clocks with why each is due when it is, and what has happened.

    `everything`: also why the clocks that were met or cancelled were due when they were.
    """
    case, times = told.case, told.times()
    parts: list[RenderableType] = [_title(case, lang), *_about(case, lang), Text()]
    if told.clocks is None:
        parts.append(Text("时限：sla 现在没有回答。" if lang == ZH else "Clocks: sla does not answer now.", "yellow"))
    elif not told.clocks:
        parts.append(Text("没有时限。" if lang == ZH else "No clocks.", "dim"))
    else:
        parts += [clock_table(told.clocks, times, lang), *_note(provisional_note(told.clocks, lang))]
        if why := list(reasons(told.clocks, told.explanations, times, lang, everything=everything)):
            parts += [Text(), *why]
    if handled := list(handling_part(case, times, lang)):
        parts += [Text(), *handled]
    return Group(*parts, Text(), history_table(told.entries, times, lang), *_note(times.note(lang)))


def _title(case: Wire, lang: str) -> Text:
    waiting = f" ({term('waiting for the customer', lang)})" if case["waiting"] else ""
    return Text.assemble(
        (_capital(term("case", lang)) + " ", "dim"),
        (spoken(case["case_no"]), "bold"),
        "  ",
        (term(case["state"], lang, STATES), "bold cyan"),
        (waiting, "yellow"),
        "  ",
        severity_text(case["severity"], lang),
        (f"  {term('version', lang)} {case['version']}", "dim"),
        (f"  {term('history', lang)}" if case["mode"] == "history" else "", "dim"),
    )


def _about(case: Wire, lang: str) -> Iterable[RenderableType]:
    for name in ("subject", "demand"):
        if case.get(name):
            yield _line(name, case[name], lang)
    if case.get("description") and case["description"] != case.get("subject"):
        yield _line("description", case["description"], lang)
    yield _line("", _named({name: case.get(name) for name in _HEAD}, VALUES, lang), lang)
    yield from _concerned(case, lang)
    if seems := case.get("repeat_proposal"):
        yield Text(_seems(seems, lang), "yellow" if seems["state"] == "proposed" else "dim")
    for name in ("customer", "product"):
        if known := _named(case.get(name) or {}, {}, lang):
            yield _line(name, known, lang)
    if "warranty" in case:
        yield _line("warranty", words(case["warranty"]["explanation"], lang), lang)


def _concerned(case: Wire, lang: str) -> Iterable[RenderableType]:
    """Who is complained about, and that the present owner is one of them (IN-26)."""
    if named := case.get("complained_about"):
        yield _line("complained_about", ("、" if lang == ZH else ", ").join(named), lang)
    if needed := case.get("needs_owner"):
        yield Text(words(needed["text"], lang), "yellow")


def _seems(proposal: Wire, lang: str) -> str:
    """What detection proposed, and what a person made of it; `aftercare case confirm-repeat` decides."""
    names = [term(reason["reason"], lang) for reason in proposal["reasons"]]
    first, by = spoken(proposal["first_case"]), proposal.get("by", "")
    if lang == ZH:
        state = {"proposed": "待确认", "confirmed": f"{by} 已确认", "rejected": f"{by} 已否认"}[proposal["state"]]
        return f"疑似与 {first} 为同一事项（相同：{'、'.join(names)}）：{state}"
    state = {"proposed": "to be confirmed or rejected"}.get(proposal["state"], f"{proposal['state']} by {by}")
    return f"seems to repeat {first} (the same {', '.join(names)}): {state}"


def _named(values: Wire, among: Mapping[str, str], lang: str) -> str:
    """Every value that is there, with its name; those of a list of words in the language."""
    said = {name: term("yes", lang, VALUES) if value is True else str(value) for name, value in values.items() if value}
    return "  ".join(f"{term(name, lang)}: {term(value, lang, among)}" for name, value in said.items())


def _line(name: str, text: str, lang: str) -> Text:
    return Text.assemble((f"{term(name, lang)}: " if name else "", "dim"), text)


def _note(text: str) -> Iterable[Text]:
    return [Text(text, "dim")] if text else []


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]
