"""`aftercare survey statistics`."""

from typing import Annotated, Any

import typer

from shared.cli.files import STANDARD_OUTPUT, write_csv
from shared.cli.options import DEFAULT_DATA, AsJson, Data, FieldOption, with_fields
from shared.cli.output import Column, note, say, show, show_json, table
from shared.cli.sla.given import PAST, SECONDS, asked
from shared.cli.suite import Suite

FILTERS = (
    *(option for option in PAST if option.field in ("from", "to", "region")),
    FieldOption("kind", "kind", "Only `case` or `periodic`."),
    FieldOption("period", "period", "Only of this period: 2026, 2026-Q4, 2026-11."),
)
FIGURES = (
    *("asked", "answered", "answer_rate", "mean", "mean_low", "mean_high"),
    *("content_share", "content_low", "content_high"),
)

By = Annotated[
    str,
    typer.Option(
        metavar="GROUPS",
        help="By what: kind, region, model, department, category, case_kind, owner, period, month; none for all.",
    ),
]
Csv = Annotated[str | None, typer.Option("--csv", metavar="FILE", help="Write the figures as CSV; - for output.")]


@with_fields(FILTERS)
def statistics(
    by: By = "kind", csv: Csv = None, data: Data = DEFAULT_DATA, as_json: AsJson = False, **given: Any
) -> None:
    """How content customers are, by groups; of few answers a figure says little, so each has its 95 % interval.

    \b
    Examples:
      aftercare survey statistics --from 2026-10-01 --by region,month
      aftercare survey statistics --by department --kind case --csv content.csv
    """
    groups = [name.strip() for name in by.split(",") if name.strip() not in ("", "none")]
    with Suite.at(data).rpc(SECONDS) as rpc:
        rows = rpc.call("intake.survey_statistics", asked(given, FILTERS) | {"by": groups})["rows"]
    if csv:
        columns = [*groups, *FIGURES]
        write_csv(csv, columns, [[row.get(name) for name in columns] for row in rows])
        if csv != STANDARD_OUTPUT:
            note(f"{len(rows)} rows are in {csv}")
    elif as_json:
        show_json({"rows": rows})
    elif rows:
        titles = [*map(Column, groups), Column("asked"), Column("answered"), Column("mean"), Column("content")]
        show(table(*titles, rows=[_row(row, groups) for row in rows]))
    else:
        say("Nobody was asked in that time.")


def _row(row: dict[str, Any], groups: list[str]) -> list[str]:
    names = [str(row[name]) if row.get(name) is not None else "–" for name in groups]
    counts = [str(row["asked"]), str(row["answered"])]
    if not row["answered"]:
        return [*names, *counts, "–", "–"]
    mean = f"{row['mean']:.2f} ({row['mean_low']:.2f} to {row['mean_high']:.2f})"
    share = f"{100 * row['content_share']:.0f} % ({100 * row['content_low']:.0f} to {100 * row['content_high']:.0f})"
    return [*names, *counts, mean, share]
