"""What is owed, as a table: who owes what until when, and how often they were urged. Pure."""

from collections.abc import Sequence

from rich.console import RenderableType
from rich.text import Text

from shared.cli.cases.look import words
from shared.cli.grid import Column, table
from shared.cli.telling import Wire, spoken
from shared.cli.terms import EN, TASK_STATES, ZH, term
from shared.cli.times import Times

STYLES = {"overdue": "bold red", "open": "", "done": "green", "cancelled": "dim"}


def task_table(tasks: Sequence[Wire], times: Times, lang: str = EN, *, with_case: bool = False) -> RenderableType:
    """A row for each; over many cases with the number of the case in front."""
    titles = ("task", "owed by", "due", "state", "urged")
    columns = [Column(term(title, lang), drop=title == "urged") for title in titles]
    case = [Column(term("case", lang))] if with_case else []
    rows = [[*([spoken(each["case_no"])] if with_case else []), *_row(each, times, lang)] for each in tasks]
    return table(*case, *columns, Column(term("what", lang), wraps=True), rows=rows)


def whose(task: Wire, lang: str = EN) -> str:
    """Who owes it."""
    owed = task["owed_by"]
    if "department" in owed:
        return words(owed["name"], lang) or str(owed["department"])
    return owed.get("person") or ("尚无负责人" if lang == ZH else "no owner yet")


def _row(task: Wire, times: Times, lang: str) -> list[str | Text]:
    state = Text(term(task["state"], lang, TASK_STATES), STYLES.get(task["state"], ""))
    urged = str(task["urged"]) if task["urged"] else ""
    return [task["task_id"], whose(task, lang), times.short(task["due_at"]), state, urged, words(task["what"], lang)]
