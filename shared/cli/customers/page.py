"""How a customer looks on a terminal: pure, from what intake answers."""

from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from shared.cli.cases.look import words
from shared.cli.grid import Column, table
from shared.cli.telling import spoken
from shared.cli.terms import EN, STATES, VALUES, ZH, term
from shared.cli.times import when

Wire = dict[str, Any]
_STATES = {"in": ("在保", "in"), "out": ("过保", "out"), "unknown": ("未知", "unknown")}
_TITLES = {
    "orders": ("订单", "Orders"),
    "equipment": ("设备", "Equipment"),
    "calls": ("来电", "Calls"),
    "cases": ("工单", "Cases"),
}


def customer_page(customer: Wire, lang: str = EN) -> RenderableType:
    """Everything about a customer."""
    parts: list[RenderableType] = [_title(customer, lang), *_reached(customer)]
    if "erased_at" in customer:
        gone = "个人信息已清除" if lang == ZH else "Personal data erased"
        parts.append(Text(f"{gone}: {when(customer['erased_at'])}, {customer['erased_by']}", "yellow"))
    for name in _TITLES:
        if customer[name]:
            parts += [Text(), Text(_said(_TITLES[name], lang), "bold"), *_SECTIONS[name](customer[name], lang)]
    return Group(*parts)


def candidates_table(candidates: Sequence[Wire]) -> RenderableType:
    """Several customers, one of whom is meant."""
    names = ("customer_id", "name", "phone", "email")
    return table(
        "customer", "name", "phone", "email", rows=[[str(each.get(n, "")) for n in names] for each in candidates]
    )


def _title(customer: Wire, lang: str) -> Text:
    protected = ("受保护" if lang == ZH else "protected") if customer["protected"] else ""
    return Text.assemble((customer["customer_id"], "bold"), "  ", customer.get("name", ""), "  ", (protected, "yellow"))


def _reached(customer: Wire) -> Iterator[Text]:
    contacts = [*customer["phones"], *customer["emails"], customer.get("address")]
    if known := "  ".join(each for each in contacts if each):
        yield Text(known)


def _orders(orders: Sequence[Wire], _lang: str) -> Iterator[RenderableType]:
    yield Text("  ".join(" ".join(str(value) for value in order.values()) for order in orders))


def _equipment(items: Sequence[Wire], lang: str) -> Iterator[RenderableType]:
    names = ("model", "serial_no", "order_no", "batch", "site")
    rows = [[*(str(item.get(name, "")) for name in names), *_warranty(item, lang)] for item in items]
    yield table(
        "model", "serial no", "order", "batch", "site", "warranty", "until", Column("why", wraps=True), rows=rows
    )


def _warranty(item: Wire, lang: str) -> tuple[str, str, str]:
    found = item.get("warranty")
    if not found:
        return "", "", ""
    return _said(_STATES[found["state"]], lang), found.get("ends_on", ""), words(found["explanation"], lang)


def _calls(calls: Sequence[Wire], lang: str) -> Iterator[RenderableType]:
    rows = [
        [when(call["started_at"]) if call.get("started_at") else "", call["state"], call["from"], call["to"]]
        for call in calls
    ]
    yield table(*(("时间", "状态", "主叫", "被叫") if lang == ZH else ("at", "state", "from", "to")), rows=rows)


def _cases(cases: Sequence[Wire], lang: str) -> Iterator[RenderableType]:
    rows = [
        [spoken(case["case_no"]), term(case["state"], lang, STATES), term(case["kind"], lang, VALUES), case["subject"]]
        for case in cases
    ]
    yield table("case", "state", "kind", Column("subject", wraps=True), rows=rows)


def _said(pair: tuple[str, str], lang: str) -> str:
    return pair[0] if lang == ZH else pair[1]


_SECTIONS = {"orders": _orders, "equipment": _equipment, "calls": _calls, "cases": _cases}
