"""`aftercare sla statistics`."""

from typing import Annotated, Any

import typer

from shared.cli.cases.language import EN, Lang
from shared.cli.files import STANDARD_OUTPUT, write_csv
from shared.cli.options import DEFAULT_DATA, AsJson, Data, FieldOption, with_fields
from shared.cli.output import note, show, show_json
from shared.cli.problems import in_words_of
from shared.cli.rpc import Answer
from shared.cli.sla.given import OPTIONS, PAST, SECONDS, asked
from shared.cli.sla.statistics_page import FIGURES, HELD, statistics_page
from shared.cli.suite import Suite
from shared.kernel.errors import Invalid

FILTERS = (
    *PAST,
    FieldOption("clock", "clock", "Only this clock of the policy."),
    FieldOption("policy", "policy", "Only clocks counted by this version of the policy."),
    FieldOption("period", "period", "With `--by period`: day, week, month or quarter; a month when it is not given."),
)
FILES = (
    FieldOption("csv", "csv", "Write the figures as CSV into this file; - for standard output."),
    FieldOption("holders-csv", "holders_csv", "Write who held the cases as CSV into this file."),
)
MOST_GROUPS = 9
MORE = {f"by.{place}": "--by" for place in range(MOST_GROUPS)} | {
    "by": "--by",
    "clock": "--clock",
    "policy": "--policy",
    "period": "--period",
    "holders": "--holders",
}

By = Annotated[
    str,
    typer.Option(
        metavar="GROUPS", help="By what: policy, clock, category, region, department, owner, severity, kind, period."
    ),
]
Holders = Annotated[bool, typer.Option("--holders", help="Also who held the cases received in that time.")]


@with_fields([*FILTERS, *FILES])
def statistics(
    by: By = "clock",
    holders: Holders = False,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
    lang: Lang = EN,
    **given: Any,
) -> None:
    """Timeliness in figures: of the clocks that fall due in a time, how many were kept, and how close it was.

    \b
    Examples:
      aftercare sla statistics --from 2026-10-01 --to 2026-11-01
      aftercare sla statistics --from 2026-01-01 --to 2027-01-01 \\
        --by period,clock --period quarter --csv 2026.csv
      aftercare sla statistics --from 2026-10-01 --to 2026-11-01 \\
        --by department --region south --holders --lang zh
    """
    request = asked(given, FILTERS) | {"by": [name.strip() for name in by.split(",")]}
    files = {option.field: given[option.name] for option in FILES if given[option.name]}
    if holders or "holders_csv" in files:
        request["holders"] = True
    with Suite.at(data).rpc(SECONDS) as rpc:
        try:
            told = rpc.call("sla.statistics", request)
        except Invalid as error:
            raise in_words_of(error, OPTIONS | MORE) from None
    _write(told, request["by"], files)
    if as_json:
        show_json(told)
    elif not files:
        show(statistics_page(told, request["by"], lang.value))


def _write(told: Answer, by: list[str], files: dict[str, str]) -> None:
    tables = {"csv": ([*by, *FIGURES], told["rows"]), "holders_csv": (HELD, told.get("holders", []))}
    for kind, file in files.items():
        columns, rows = tables[kind]
        write_csv(file, columns, [[row.get(name) for name in columns] for row in rows])
        if file != STANDARD_OUTPUT:
            note(f"{len(rows)} rows are in {file}")
