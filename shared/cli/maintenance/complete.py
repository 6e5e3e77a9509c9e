"""`aftercare maintenance complete`: the checklist from words on the command line, or from a YAML file."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import typer

from shared.cli.maintenance.given import FromYaml, OrderNo, read_yaml, request_of
from shared.cli.options import DEFAULT_DATA, AsJson, Data, FieldOption, with_fields
from shared.cli.output import say, show_json
from shared.cli.rpc import Rpc
from shared.cli.suite import Suite
from shared.kernel.errors import Invalid

WHO = (FieldOption("by", "by", "Who did the work."),)

Answers = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="ITEM=RESULT[@READING][:NOTE]...",
        help="ok, failed or not_applicable for each item; also pass, fail, n/a.",
    ),
]
RestOk = Annotated[bool, typer.Option("--rest-ok", help="Every item that is not named is ok.")]


@with_fields(WHO)
def complete(
    order_no: OrderNo,
    answers: Answers = None,
    rest_ok: RestOk = False,
    from_yaml: FromYaml = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
    **given: Any,
) -> None:
    """Answer the checklist of an order. An item that failed opens a repair case.

    A YAML file holds `items`, a list of `item`, `result`, `reading`, `note` and `evidence`.

    \b
    Examples:
      aftercare maintenance complete W12-3 --by technician-south --rest-ok motors=ok@2.5
      aftercare maintenance complete W12-3 --by technician-south --rest-ok \\
        feedback_test=failed:"No feedback from mixer 2."
      aftercare maintenance complete W12-3 --by technician-south --from-yaml answers.yaml
    """
    who = request_of(WHO, given)
    with Suite.at(data).rpc() as rpc:
        items = _from_file(read_yaml(from_yaml)) if from_yaml else []
        items += [answer_of(word) for word in answers or []]
        if rest_ok:
            items += list(_rest(rpc, order_no, {each["item"] for each in items}))
        answer = rpc.call("maintenance.complete_order", {**who, "order_no": order_no, "items": items})
    if as_json:
        show_json(answer)
        return
    say(f"Order {answer['order_no']} is {answer['state']}, version {answer['version']}.")
    for defect in answer["defects"]:
        say(f"Defect {defect['defect_id']}: {defect['text']['en']}; a repair case is being opened.")


def answer_of(word: str) -> dict[str, Any]:
    """The answer that ITEM=RESULT[@READING][:NOTE] means; raises Invalid for what does not look like it."""
    item, is_given, said = word.partition("=")
    if not is_given or not item or not said:
        raise Invalid.field(word, "write ITEM=RESULT, ITEM=RESULT@READING or ITEM=RESULT:NOTE")
    result, _, note = said.partition(":")
    result, _, reading = result.partition("@")
    given = {"reading": _number(reading), "note": note}
    return {"item": item, "result": result} | {name: value for name, value in given.items() if value != ""}


def _from_file(request: dict[str, Any]) -> list[dict[str, Any]]:
    """The answers in a file; a reading that looks like a number is one."""
    items = request.get("items")
    if not isinstance(items, Sequence) or not all(isinstance(each, dict) and "item" in each for each in items):
        raise Invalid.field("items", "must be a list of answers, each with `item` and `result`")
    return [each | ({"reading": _number(each["reading"])} if "reading" in each else {}) for each in items]


def _number(text: Any) -> Any:
    try:
        return float(text)
    except (TypeError, ValueError):
        return text


def _rest(rpc: Rpc, order_no: str, named: set[str]) -> Iterable[dict[str, Any]]:
    checklist = rpc.call("maintenance.get_order", {"order_no": order_no})["checklist"]
    return ({"item": line["item"], "result": "ok"} for line in checklist if line["item"] not in named)
