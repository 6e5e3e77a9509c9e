"""The forms of an export: whole cases as JSON Lines, or a table of what a list shows, for a spreadsheet."""

import csv
import io
import json
from collections.abc import Callable, Sequence
from typing import Any, Final

from shared.cli.exporting.whole import whole_cases
from shared.cli.files import BYTE_ORDER_MARK, harmless
from shared.cli.rpc import Answer, Rpc

COLUMNS: Final = """
    case_no state waiting kind channel source external_ref mode region category severity verifiable cause department
    owner repeat_of version milestones.received milestones.handed_over milestones.replied milestones.opinion_given
    milestones.resolved milestones.revisited milestones.closed customer.name customer.phone customer.email
    customer.anonymous subject product.model product.serial_no product.order_no product.part_no
    product.batch product.shipped_on product.purchased_on product.quantity product.defective_quantity
""".split()

Form = Callable[[Rpc, Sequence[Answer], bool], str]
"""The text of a page; True for the first one."""


def as_lines(rpc: Rpc, page: Sequence[Answer], _first: bool) -> str:
    """One whole case a line, with facts and history."""
    found = whole_cases(rpc, [case["case_no"] for case in page])
    return "".join(json.dumps(case, ensure_ascii=False) + "\n" for case in found)


def as_table(_rpc: Rpc, page: Sequence[Answer], first: bool) -> str:
    """One case a row; no text of it becomes a formula."""
    out = io.StringIO(newline="")
    table = csv.writer(out)
    if first:
        out.write(BYTE_ORDER_MARK)
        table.writerow(COLUMNS)
    table.writerows([[harmless(_at(case, name)) for name in COLUMNS] for case in page])
    return out.getvalue()


FORMS: Final[dict[str, Form]] = {"jsonl": as_lines, "csv": as_table}


def _at(case: Answer, name: str) -> Any:
    outer, _, inner = name.partition(".")
    value = case.get(outer)
    return (value or {}).get(inner) if inner else value
