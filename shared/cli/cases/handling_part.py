"""How a case is handled, on its page: the form and whose turn it is, money, files, tasks, what is missing. Pure."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from rich.console import RenderableType
from rich.text import Text

from shared.cli.cases.look import words
from shared.cli.cases.task_table import task_table
from shared.cli.grid import Column, table
from shared.cli.telling import Wire
from shared.cli.terms import EFFECTS, FACTS, FINDINGS, VALUES, ZH, term
from shared.cli.times import Times

_WHAT: Final = {
    "plan": "商定方案",
    "result": "处理结果",
    "reaction": "消费者反映",
    "cause": "原因判定与责任部门",
    "improvement": "改进措施",
    "approvals": "审批",
    "appraisal": "向客户出示鉴定结果",
}
_OF_SOMEBODY: Final = (
    (re.compile(r"approval of (.+)"), "{}审批"),
    (re.compile(r"decision on compensation (.+)"), "补偿{}的审批"),
    (re.compile(r"payment of compensation (.+)"), "补偿{}的支付"),
)
_STEPS: Final = re.compile(r"`(\w+)`")


def handling_part(case: Wire, times: Times, lang: str) -> Iterator[RenderableType]:
    """What there is to say of the handling; nothing of a mild case of which nothing is kept."""
    said = [part for each in _parts(case, times, lang) if (part := list(each))]
    for place, part in enumerate(said):
        yield from ([Text(), *part] if place else part)
    if case.get("needs_owner"):
        yield Text(words(case["needs_owner"]["text"], lang), "yellow")


def _parts(case: Wire, times: Times, lang: str) -> Iterator[Iterator[RenderableType]]:
    told = case.get("handling") or {}
    yield from (part(told[name], times, lang) for name, part in _PARTS.items() if told.get(name))
    if case.get("evidence"):
        yield _files(case["evidence"], times, lang)
    if tasks := [each for each in case.get("tasks", []) if each["state"] in ("open", "overdue")]:
        yield _owed(tasks, times, lang)


def _owed(tasks: Sequence[Wire], times: Times, lang: str) -> Iterator[RenderableType]:
    yield _title("tasks owed", lang)
    yield task_table(tasks, times, lang)


def handling_instants(case: Wire) -> Iterator[str]:
    """Every instant that the part shows."""
    handling = case.get("handling") or {}
    form, analysis = handling.get("form", {}), handling.get("analysis", {})
    named = ("settled_at", "due_at", "checked_at")
    several = [
        *analysis.get("asked", []),
        *handling.get("improvements", []),
        {"due_at": analysis.get("appraisal_shown_at")},
    ]
    yield from (each[name] for each in several for name in named if each.get(name))
    yield from (each["at"] for name in ("measures", "approvals") for each in form.get(name, []))
    yield from (each["due_at"] for each in case.get("tasks", []))
    yield from (each["at"] for each in case.get("evidence", []))


def missing_lines(missing: Sequence[Wire], lang: str) -> list[str]:
    """What is not there yet, each with what brings it."""
    return [_missing(each, lang) for each in missing]


def turn_line(form: Wire, lang: str) -> str:
    """Whose approval is there, whose is missing, and whose turn it is."""
    if form["approved"]:
        return "要求的审批已齐" if lang == ZH else "none is missing"
    waits = form["waits_for"]
    if not waits:
        return "尚无人被要求审批" if lang == ZH else "nobody is asked to approve yet"
    if form.get("next"):
        then = [each for each in waits if each != form["next"]]
        if lang == ZH:
            return f"依次审批，轮到 {form['next']}" + (f"，其后 {'、'.join(then)}" if then else "")
        return f"in turn: {form['next']} is next" + (f", then {', '.join(then)}" if then else "")
    return f"等待审批：{'、'.join(waits)}" if lang == ZH else f"waits for {', '.join(waits)}"


def _analysis(analysis: Wire, times: Times, lang: str) -> Iterator[RenderableType]:
    """What the customer says it is, what was found, and who still owes a finding."""
    yield _title("analysis", lang)
    found = [(name, analysis[name]) for name in ("category", "cause", "ours") if analysis.get(name) is not None]
    named = [words(each["name"], lang) for each in analysis.get("departments", [])]
    if known := [*found, *_all(named)]:
        yield Text("  ".join(f"{term(name, lang)}: {_word(value, lang)}" for name, value in known))
    if analysis.get("appraisal_shown_at"):
        yield Text(f"{term('appraisal_shown', lang, FACTS)}: {times.short(analysis['appraisal_shown_at'])}")
    rows = [
        [
            words(each["name"], lang),
            term(each["state"], lang, FINDINGS),
            times.short(each.get("settled_at") or each.get("due_at")),
            _word(each.get("cause", ""), lang),
            _word(each.get("ours", ""), lang),
        ]
        for each in analysis["asked"]
    ]
    if rows:
        titles = ("department", "state", "at", "cause", "ours")
        yield table(*(Column(term(name, lang)) for name in titles), rows=rows)


def _all(names: Sequence[str]) -> list[tuple[str, str]]:
    return [("departments", ", ".join(names))] if names else []


def _word(value: Any, lang: str) -> str:
    return term("yes" if value else "no", lang, VALUES) if isinstance(value, bool) else term(str(value), lang, VALUES)


def _improvements(found: Sequence[Wire], times: Times, lang: str) -> Iterator[RenderableType]:
    yield _title("improvement", lang)
    rows = [
        [
            each["improvement_id"],
            each["owner"],
            times.short(each["due_at"]),
            times.short(each.get("checked_at")),
            term(each["effect"], lang, EFFECTS),
        ]
        for each in found
    ]
    yield table("", *(Column(term(name, lang)) for name in ("owner", "due", "checked", "effect")), rows=rows)


def _form(form: Wire, times: Times, lang: str) -> Iterator[RenderableType]:
    yield _title("handling form", lang, f" #{form['round']}" if form["round"] > 1 else "")
    signed = [(term(name, lang), each) for name in ("measures", "approvals") for each in form[name]]
    if signed:
        rows = [[name, each["department"], each["by"], times.short(each["at"])] for name, each in signed]
        yield table("", *(Column(term(name, lang)) for name in ("department", "by", "at")), rows=rows)
    yield Text.assemble((f"{term('approvals', lang)}: ", "dim"), turn_line(form, lang))
    if plan := form.get("plan"):
        yield Text.assemble((f"{term('plan', lang)}: ", "dim"), _plan(plan, lang, is_approved=form["approved"]))
    yield from _lacking("before treatment", form["missing_to_treat"], lang)


def _plan(plan: Wire, lang: str, *, is_approved: bool) -> str:
    if not plan["stands"]:
        return "已被退回，需重新与客户商定" if lang == ZH else "sent back; to be agreed with the customer again"
    if plan["subject_to_approval"] and not is_approved:
        return "已商定，以审批同意为准" if lang == ZH else "agreed, subject to approval"
    if plan["subject_to_approval"]:
        return "已商定，并已审批同意" if lang == ZH else "agreed, and approved"
    return "已商定" if lang == ZH else "agreed"


def _compensation(found: Sequence[Wire], _times: Times, lang: str) -> Iterator[RenderableType]:
    yield _title("compensation", lang)
    names = ("kind", "amount", "state", "proposed_by", "decided_by", "paid_on")
    rows = [
        [
            each["compensation_id"],
            term(each["kind"], lang, VALUES),
            f"{each['amount']} {each['currency']}",
            term(each["state"], lang, VALUES),
            *(str(each.get(name, "")) for name in names[3:]),
        ]
        for each in found
    ]
    yield table("", *(Column(term(name, lang)) for name in names), rows=rows)


def _closing(closing: Wire, _times: Times, lang: str) -> Iterator[RenderableType]:
    yield from _lacking("before closing", closing["missing"], lang)


def _lacking(what: str, missing: Sequence[Wire], lang: str) -> Iterator[RenderableType]:
    if missing:
        yield Text(f"{_capital(term(what, lang))}:", "yellow")
        yield from (Text(f"  {line}", "yellow") for line in missing_lines(missing, lang))


def _missing(missing: Wire, lang: str) -> str:
    what, remedy = missing["what"], missing["remedy"]
    if lang != ZH:
        return f"{what}: {remedy}"
    known = _WHAT.get(what) or next(
        (said.format(found[1]) for form, said in _OF_SOMEBODY if (found := form.fullmatch(what))), what
    )
    return f"{known}（{'、'.join(_STEPS.findall(remedy))}）"


def _files(files: Sequence[Wire], times: Times, lang: str) -> Iterator[RenderableType]:
    yield _title("evidence", lang)
    names = ("kind", "size", "by", "at", "digest")
    rows = [
        [
            each.get("name", "") if each["kept"] else term("deleted", lang),
            term(each["kind"], lang, VALUES),
            str(each["size"]),
            each["by"],
            times.short(each["at"]),
            each["digest"],
        ]
        for each in files
    ]
    yield table(Column("", wraps=True), *(Column(term(name, lang)) for name in names), rows=rows)


def _title(name: str, lang: str, more: str = "") -> Text:
    return Text(_capital(term(name, lang)) + more, "bold")


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]


_Part = Callable[[Any, Times, str], Iterator[RenderableType]]
_PARTS: Final[Mapping[str, _Part]] = {
    "analysis": _analysis,
    "form": _form,
    "compensation": _compensation,
    "improvements": _improvements,
    "closing": _closing,
}
