"""`aftercare survey record` and `aftercare survey list`."""

from typing import Annotated, Any

import typer

from shared.cli.options import DEFAULT_DATA, AsJson, Data, FieldOption, with_fields
from shared.cli.output import Column, say, show, show_json, table
from shared.cli.sla.given import PAST, asked
from shared.cli.suite import Suite

WHICH = (
    FieldOption("case", "case_no", "Of this case."),
    FieldOption("code", "code", "Of the survey with this code, as it stands in the customer's link."),
    FieldOption("customer", "customer_id", "Of this customer, for --period."),
    FieldOption("period", "period", "2026, 2026-Q4 or 2026-11."),
    FieldOption("text", "text", "What the customer said."),
    FieldOption("at", "at", "When, with offset; now unless said."),
    FieldOption("by", "by", "Who writes it down."),
)
FILTERS = (
    *(option for option in PAST if option.field in ("from", "to", "region")),
    FieldOption("case", "case_no", "Only of this case."),
    FieldOption("customer", "customer_id", "Only of this customer."),
    FieldOption("kind", "kind", "Only `case` or `periodic`."),
)
PAGE = 500

Score = Annotated[int, typer.Option("--score", min=1, max=5, help="1 (not at all) to 5 (very content).")]
Via = Annotated[str, typer.Option("--via", help="How it came: clerk, phone, link, sms, email.")]
AtMost = Annotated[int | None, typer.Option("--at-most", min=1, max=5, help="Only this score and worse ones.")]


@with_fields(WHICH)
def record(score: Score, via: Via = "clerk", data: Data = DEFAULT_DATA, as_json: AsJson = False, **given: Any) -> None:
    """Write down what a customer answered; of a case it is the customer's reaction, too.

    An answer that comes again is kept beside the earlier one; the newest counts.

    \b
    Examples:
      aftercare survey record --case 123456789012 --score 4 --by desk
      aftercare survey record --case 123456789012 --score 2 \\
        --text "came three hours late" --by desk
      aftercare survey record --customer C4711471147 --period 2026-Q4 --score 5
    """
    request = {option.field: given[option.name] for option in WHICH if given[option.name]}
    answer = Suite.at(data).call("intake.record_survey", request | {"score": score, "via": via})
    if as_json:
        show_json(answer)
        return
    of = answer["survey"].get("case_no") or answer["survey"].get("customer_id")
    say(f"{of}: {score} of 5 is on file.")


@with_fields(FILTERS)
def answers(at_most: AtMost = None, data: Data = DEFAULT_DATA, as_json: AsJson = False, **given: Any) -> None:
    """List what customers answered, in the order in which they were asked.

    \b
    Examples:
      aftercare survey list --from 2026-10-01 --at-most 2
      aftercare survey list --case 123456789012 --json
    """
    wanted = asked(given, FILTERS) | ({"most_score": at_most} if at_most else {})
    found: list[dict[str, Any]] = []
    after: dict[str, Any] = {}
    with Suite.at(data).rpc() as rpc:
        while True:
            page = rpc.call("intake.find_surveys", {**wanted, "limit": PAGE, **after})
            found += page["surveys"]
            if "next" not in page:
                break
            after = {"after": page["next"]}
    if as_json:
        show_json({"surveys": found})
    elif found:
        titles = (Column("of"), Column("score"), Column("via", drop=1), Column("answered"), Column("said", wraps=True))
        show(table(*titles, rows=[_row(each) for each in found]))
    else:
        say("No answer is like that.")


def _row(survey: dict[str, Any]) -> list[str]:
    of = survey.get("case_no") or f"{survey['customer_id']} {survey['period']}"
    return [of, f"{survey['score']:g}", survey["via"], survey["answered_at"][:16], survey.get("text", "")]
