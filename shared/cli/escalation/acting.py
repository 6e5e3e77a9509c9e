"""`aftercare escalation ack` and `aftercare escalation team`."""

from typing import Annotated, Any

import typer

from shared.cli.escalation.story import CaseNo
from shared.cli.options import DEFAULT_DATA, AsJson, Data, FieldOption, with_fields
from shared.cli.output import say, show_json
from shared.cli.suite import Suite
from shared.kernel.errors import Invalid

MaybeCase = Annotated[
    str | None, typer.Argument(metavar="[CASE]", help="The case number; not needed with the code of a message.")
]
Code = Annotated[str | None, typer.Option("--code", metavar="CODE", help="The six digits of the message.")]
MaybeBy = Annotated[
    str | None, typer.Option("--by", metavar="NAME", help="Who acknowledges; with a code, whom it was sent to.")
]
TEAM = (
    FieldOption("leader", "leader", "Who leads it."),
    FieldOption("members", "members", "Who else belongs to it, with commas between."),
    FieldOption("visit-at", "visit_at", "When it visits, with offset."),
    FieldOption("by", "by", "Who forms it."),
)


def ack(
    case_no: MaybeCase = None,
    code: Code = None,
    by: MaybeBy = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Acknowledge: somebody has it. The escalation goes no further unless it stalls.

    \b
    Examples:
      aftercare escalation ack --code 471822
      aftercare escalation ack 123456789012 --by li.qiang
    """
    if (case_no is None) == (code is None):
        raise Invalid.field("CASE", "give a case number, or --code with the code of a message")
    named = {"case_no": case_no, "code": code, "by": by}
    with Suite.at(data).rpc() as rpc:
        answer = rpc.call("escalation.acknowledge", {name: value for name, value in named.items() if value is not None})
    if as_json:
        show_json(answer)
        return
    for each in answer["escalations"]:
        say(f"{each['escalation_id']} is {each['state']} by {', '.join(each['acknowledged_by'])}.")


@with_fields(TEAM)
def team(case_no: CaseNo, data: Data = DEFAULT_DATA, as_json: AsJson = False, **given: Any) -> None:
    """Form the handling team of a major case, or change it; there is one.

    \b
    Examples:
      aftercare escalation team 123456789012 --leader sales-vp --members desk,li.qiang --by sales-vp
      aftercare escalation team 123456789012 --leader sales-vp --members desk --by sales-vp \\
        --visit-at 2026-10-13T09:00:00+08:00
    """
    asked = {option.field: given[option.name] for option in TEAM if given[option.name]}
    if "members" in asked:
        asked["members"] = [each.strip() for each in asked["members"].split(",") if each.strip()]
    with Suite.at(data).rpc() as rpc:
        answer = rpc.call("escalation.form_team", {"case_no": case_no, **asked})
    if as_json:
        show_json(answer)
    else:
        formed = answer["team"]
        say(f"The team of case {answer['case_no']}: {', '.join([formed['leader'], *formed['members']])}.")
