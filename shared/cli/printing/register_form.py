"""The register of a case (IN-2, IN-3): who, what, by which way, what was done about it, how it ended. Pure."""

from collections.abc import Iterator, Sequence
from typing import Final

from shared.cli.printing.blocks import Block, Entry, Grid, Heading, Pair, Pairs, Passage, Remark, Sheet
from shared.cli.printing.words import NOTHING, Words, moment
from shared.cli.telling import Wire, told

_HEAD: Final = (
    *("kind", "channel", "region", "severity", "verifiable", "owner", "complained_about"),
    *("source", "external_ref", "repeat_of"),
)
_WHOSE: Final = ("name", "phone", "email")
_PRODUCT: Final = ("order_no", "part_no", "batch", "shipped_on", "quantity", "defective_quantity")
"""What the register of a product complaint has a place for, also while it is not known (IN-3)."""


def register_sheet(case: Wire, words: Words) -> Sheet:
    """The sheet of a case as `get_case` tells it."""
    blocks = [
        *_about(case, words),
        *_told_by_customer(case, words),
        *_judged(case, words),
        *_ended(case, words),
        *_steps(entries_of(case), words),
        *_files(case, words),
    ]
    return Sheet(words.say("客户投诉登记表", "Complaint register"), case["case_no"], blocks)


def entries_of(case: Wire) -> list[Wire]:
    """What has happened, in the order in which it was recorded."""
    found = case.get("history") or case.get("facts", [])
    return sorted(found, key=lambda entry: int(entry["seq"]))


def of_fact(entries: Sequence[Wire], *names: str) -> list[Wire]:
    """Those entries that are such facts."""
    return [entry for entry in entries if entry["fact"] in names]


def who_when(entry: Wire, words: Words) -> str:
    """Who did it and when; when it was written down too, unless that is the same."""
    happened, recorded = entry["at"], entry.get("recorded_at", entry["at"])
    late = "" if recorded == happened else f"  {words.say('记录于', 'recorded')} {moment(recorded)}"
    return f"{moment(happened)}{late}  {words.label('by')} {entry['by']}"


def _about(case: Wire, words: Words) -> Iterator[Block]:
    first = entries_of(case)[0]
    pairs = [
        (words.label("state"), words.state(case["state"])),
        (words.label("version"), str(case["version"])),
        (words.say("受理时间", "received"), moment(first["at"])),
        (words.say("记录时间", "recorded"), moment(first["recorded_at"])),
        (words.say("登记人", "taken in by"), first["by"]),
        *((words.label(name), words.value(case.get(name))) for name in _HEAD if case.get(name) is not None),
    ]
    yield Pairs(pairs)


def _told_by_customer(case: Wire, words: Words) -> Iterator[Block]:
    yield Heading(words.say("投诉人", "Complainant"))
    yield Pairs(list(_customer(case.get("customer") or {}, words)))
    yield Heading(words.say("投诉对象与诉求", "Subject and demand"))
    yield Pairs(list(_matter(case, words)))


def _customer(customer: Wire, words: Words) -> Iterator[Pair]:
    if customer.get("protected") and not any(customer.get(name) for name in _WHOSE):
        yield words.label("customer"), words.label("protected")
        return
    for name in _WHOSE:
        yield words.label(name), words.value(customer.get(name))
    for name in ("anonymous", "protected"):
        if customer.get(name):
            yield words.label(name), words.value(True)


def _matter(case: Wire, words: Words) -> Iterator[Pair]:
    product = case.get("product") or {}
    for name in ("subject", "demand", "description"):
        yield words.label(name), case.get(name) or NOTHING
    for name in (*_PRODUCT, *(name for name in product if name not in _PRODUCT)):
        yield words.label(name), words.value(product.get(name))
    if "warranty" in case:
        explanation = case["warranty"]["explanation"]
        yield words.label("warranty"), words.say(explanation["zh"], explanation["en"])


def _judged(case: Wire, words: Words) -> Iterator[Block]:
    """Both classifications: the customer's, and what the analysis found (IN-4)."""
    yield Heading(words.say("分类", "Classification"))
    found = of_fact(entries_of(case), "cause_determined")
    detail = found[-1].get("detail", {}) if found else {}
    yield Pairs(
        [
            (words.label("category"), words.value(case.get("category"))),
            (words.label("cause"), words.value(case.get("cause"))),
            (words.label("departments"), words.value(detail.get("departments") or case.get("department"))),
            (words.label("ours"), words.value(detail.get("ours"))),
        ]
    )
    if detail.get("grounds"):
        yield Passage(words.label("grounds"), detail["grounds"])


def _ended(case: Wire, words: Words) -> Iterator[Block]:
    yield Heading(words.say("处理结果与消费者反映", "Result and reaction"))
    found = of_fact(entries_of(case), "resolved", "reaction_recorded", "revisited")
    if not found:
        yield Remark(words.say("尚无。", "None yet."))
    for entry in found:
        yield entry_of(entry, words)


def _steps(entries: Sequence[Wire], words: Words) -> Iterator[Block]:
    yield Heading(words.say("处理经过", "Every step"))
    for entry in entries:
        yield entry_of(entry, words)


def _files(case: Wire, words: Words) -> Iterator[Block]:
    """The files of the case by their digests (IN-23)."""
    files = case.get("evidence") or []
    if files:
        yield Heading(words.label("evidence"))
        names = ("name", "kind", "by", "at", "digest")
        rows = [[words.value(each.get(name)) for name in names] for each in files]
        titles = [words.say("文件", "file"), *(words.label(name) for name in names[1:])]
        yield Grid(titles, (4, 2, 3, 4, 6), rows)


def entry_of(entry: Wire, words: Words) -> Entry:
    """What happened, by whom and when, and all that was said."""
    head = f"{entry['seq']}  {words.fact(entry['fact'])}  {who_when(entry, words)}"
    return Entry(head, [(words.label(name) if name else "", words.value(value)) for name, value in told(entry)])
