"""The handling form of a case (IN-9): what departments proposed, what the customer agreed to, who approved it. Pure."""

from collections.abc import Iterator, Sequence
from typing import Final

from shared.cli.printing.blocks import Block, Grid, Heading, Pairs, Remark, Sheet, Signatures
from shared.cli.printing.register_form import entries_of, entry_of, of_fact
from shared.cli.printing.words import NOTHING, Words, moment
from shared.cli.telling import Wire

_BEFORE: Final = (
    (
        "原因分析",
        "Analysis",
        ("analysis_requested", "finding_given", "department_excused", "cause_determined", "appraisal_shown"),
    ),
    ("先行处理", "Relief before the cause", ("relief_given",)),
    ("各部门措施", "Measures of the departments", ("measure_proposed",)),
    ("与客户商定", "Agreed with the customer", ("plan_agreed", "objected")),
)
_COMPENSATION: Final = ("compensation_proposed", "compensation_approved", "compensation_refused", "compensation_paid")
_AFTER: Final = (
    ("补偿", "Compensation", _COMPENSATION),
    (
        "改进措施与效果检查",
        "Improvement and check of its effect",
        ("improvement_set", "effect_checked", "improvement_followed_up"),
    ),
)
_DECISIONS: Final = ("approved", "rejected")


def handling_sheet(case: Wire, words: Words) -> Sheet:
    """The sheet of a case as `get_case` tells it; whose approval is not there yet has a box to sign."""
    entries = entries_of(case)
    form = (case.get("handling") or {}).get("form") or {}
    blocks = [
        *_about(case, words),
        *_sections(_BEFORE, entries, words),
        *_approvals(form, entries, words),
        *_sections(_AFTER, entries, words),
        *_signatures(form, words),
    ]
    return Sheet(words.say("投诉处理单", "Handling form"), case["case_no"], blocks)


def _about(case: Wire, words: Words) -> Iterator[Block]:
    yield Pairs(
        [
            (words.label("state"), words.state(case["state"])),
            (words.label("severity"), words.value(case["severity"])),
            (words.label("category"), words.value(case.get("category"))),
            (words.label("cause"), words.value(case.get("cause"))),
            (words.label("owner"), words.value(case.get("owner"))),
            (words.label("department"), words.value(case.get("department"))),
            (words.label("subject"), case.get("subject") or NOTHING),
        ]
    )


def _sections(
    sections: Sequence[tuple[str, str, tuple[str, ...]]], entries: Sequence[Wire], words: Words
) -> Iterator[Block]:
    for zh, en, facts in sections:
        yield Heading(words.say(zh, en))
        found = of_fact(entries, *facts)
        yield from (entry_of(entry, words) for entry in found)
        if not found:
            yield Remark(words.say("尚无。", "None yet."))


def _approvals(form: Wire, entries: Sequence[Wire], words: Words) -> Iterator[Block]:
    """Who is asked, in which order, and every decision: those of earlier rounds stay on the form."""
    yield Heading(words.say("审批", "Approvals"))
    if form.get("approvers"):
        yield Pairs(
            [
                (words.say("审批部门", "approvers"), words.value(form["approvers"])),
                (words.label("order"), words.value(form.get("order", "parallel"))),
                (words.say("轮次", "round"), str(form["round"])),
                (words.say("尚待审批", "waits for"), words.value(form["waits_for"]) or NOTHING),
            ]
        )
    found = of_fact(entries, *_DECISIONS)
    titles = ["", *(words.label(name) for name in ("department", "decision", "by", "at"))]
    rows = [
        [str(entry["seq"]), words.value(entry.get("key")), words.fact(entry["fact"]), entry["by"], moment(entry["at"])]
        for entry in found
    ]
    if rows:
        yield Grid(titles, (1, 4, 4, 4, 6), rows)
    else:
        yield Remark(words.say("尚无。", "None yet."))
    yield from (entry_of(entry, words) for entry in found if (entry.get("detail") or {}).get("reason"))


def _signatures(form: Wire, words: Words) -> Iterator[Block]:
    """A box for everybody whose yes is not there yet, and for the two who answer for the whole."""
    yield Heading(words.say("签字", "Signatures"))
    signers = [*map(words.value, form.get("waits_for", ())), words.label("owner"), words.label("customer")]
    yield Signatures([f"{signer}\n\n\n\n{words.say('日期', 'date')}:" for signer in signers])
