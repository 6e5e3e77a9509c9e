"""`aftercare case tasks` and `aftercare case urge`."""

from typing import Annotated, Any

import typer
from rich.console import Group
from rich.text import Text

from shared.cli.cases.language import EN, Lang
from shared.cli.cases.numbers import split_number
from shared.cli.cases.taking import By, taken
from shared.cli.cases.task_table import task_table, whose
from shared.cli.options import DEFAULT_DATA, AsJson, Data, FieldOption, with_fields
from shared.cli.output import say, show, show_json
from shared.cli.suite import Suite
from shared.cli.telling import spoken
from shared.cli.times import Times
from shared.kernel.errors import Invalid

FILTERS = (
    FieldOption("department", "department", "Only what this department owes, by its code or a name."),
    FieldOption("owner", "owner", "Only what this person owes."),
    FieldOption("region", "region", "Only this region and those below it."),
    FieldOption("case", "case_no", "Only this case."),
    FieldOption("state", "state", "open, overdue, done or cancelled; open unless said."),
    FieldOption("by", "by", "Who looks, and may."),
    FieldOption("overdue", "overdue", "Only what should have been done by now.", is_flag=True),
)
Limit = Annotated[int, typer.Option("--limit", min=1, max=500, help="How many at most.")]
After = Annotated[
    str | None, typer.Option("--after", metavar="TOKEN", help="Go on behind an earlier list.", show_default=False)
]
Words = Annotated[
    list[str], typer.Argument(metavar="CASE TASK", help="The case, and the task as `aftercare case tasks` shows it.")
]
Why = Annotated[str | None, typer.Option("--text", help="What to say with it.", show_default=False)]


@with_fields(FILTERS)
def tasks(
    limit: Limit = 100,
    after: After = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
    lang: Lang = EN,
    **given: Any,
) -> None:
    """List what departments and people owe over all cases, the earliest due first.

    \b
    Examples:
      aftercare case tasks --department quality
      aftercare case tasks --owner li.qiang --overdue
      aftercare case tasks --case 123456789012 --lang zh
    """
    wanted = {option.field: given[option.name] for option in FILTERS if given[option.name]} | {"limit": limit}
    answer = Suite.at(data).call("intake.tasks", wanted | ({"after": after} if after else {}))
    if as_json:
        show_json(answer)
    elif not answer["tasks"]:
        say("Nothing is owed.")
    else:
        times = Times(each["due_at"] for each in answer["tasks"])
        page = task_table(answer["tasks"], times, lang.value, with_case=True)
        show(Group(page, Text(times.note(lang.value), "dim")))
        if "next" in answer:
            say(f"There are more: --after {answer['next']} goes on from here.")


def urge(words: Words, by: By, text: Why = None, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Urge whoever owes a task (催办); they are told, and the case keeps who urged whom when.

    \b
    Examples:
      aftercare case urge 123456789012 finding:quality --by zhang.min
      aftercare case urge 1234 5678 9012 measure:production \\
        --by zhang.min --text "The customer calls every day."
    """
    case_no, rest = split_number(words)
    if len(rest) != 1:
        raise Invalid.field("TASK", f"name one task; `aftercare case tasks --case {case_no}` shows them")
    request = {"case_no": case_no, "step": "urge", "by": by, "task_id": rest[0]} | ({"text": text} if text else {})
    with Suite.at(data).rpc() as rpc:
        case = taken(rpc, request)
        if as_json:
            show_json(case)
            return
        found = [each for each in rpc.call("intake.tasks", {"case_no": case_no})["tasks"] if each["task_id"] == rest[0]]
    say(f"Case {spoken(case_no)}: {rest[0]} is urged." if not found else _urged(case_no, found[0]))


def renew_tasks(by: By, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Make the tasks of all open cases again, after the duties were changed (AFTERCARE_INTAKE_DUTIES).

    \b
    Examples:
      aftercare case renew-tasks --by aftersales-lead
    """
    done, following = {"cases": 0, "changed": 0}, {"by": by}
    with Suite.at(data).rpc() as rpc:
        while following:
            answer = rpc.call("intake.renew_tasks", following)
            done = {name: count + answer[name] for name, count in done.items()}
            following = {"by": by, "after": answer["next"]} if "next" in answer else {}
    if as_json:
        show_json(done)
    else:
        say(f"{done['changed']} tasks of {done['cases']} cases are changed.")


def _urged(case_no: str, task: dict[str, Any]) -> str:
    times = "once" if task["urged"] == 1 else f"{task['urged']} times"
    return f"Case {spoken(case_no)}: {whose(task)} is urged for {task['task_id']}, {times} so far."
