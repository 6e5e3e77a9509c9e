"""`aftercare calendar`."""

from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from shared.base.yaml_file import read_yaml
from shared.cli.options import DEFAULT_DATA, AsJson, Data, FieldOption, with_fields
from shared.cli.output import show, show_json
from shared.cli.rules.days_off import read_days_off
from shared.cli.rules.pages import calendar_page, publications_page
from shared.cli.rules.publishing import PUBLISHING, RECOMPUTE, RUNNING, Examples, preview, publish
from shared.cli.suite import Suite
from shared.kernel.errors import Misconfigured

app = typer.Typer(help="Working calendars: announce next year's days off, publish, preview.", no_args_is_help=True)

Year = Annotated[int, typer.Argument(metavar="YEAR", min=1990, max=2199, help="The year that is announced.")]
Days = Annotated[Path, typer.Option("--file", metavar="FILE", help="The days off and make-up days: CSV, YAML or JSON.")]
NAMED = (
    FieldOption("name", "name", "Which calendar; cn unless said."),
    FieldOption("version", "version", "Its version; name and year unless said."),
)
DRY_RUN = FieldOption("preview", "preview", "Only show what would move; nothing is changed.", is_flag=True)
Name = Annotated[str, typer.Option("--name", help="Which calendar.")]
Older = Annotated[str, typer.Option("--version", help="An older version; the newest unless said.", show_default=False)]
File = Annotated[Path, typer.Argument(metavar="FILE", help="name, version, regions and the calendar, as YAML or JSON.")]
All = Annotated[bool, typer.Option("--versions", help="List what was published.")]
Whole = {"name", "version", "regions", "calendar"}
CN = "cn"
METHOD = "sla.publish_calendar"


@app.command()
@with_fields([*NAMED, *PUBLISHING, DRY_RUN])
def announce(year: Year, file: Days, data: Data = DEFAULT_DATA, as_json: AsJson = False, **given: Any) -> None:
    """Announce the days off of a year: provisional deadlines move, and say so.

    A file is a table with a day a line (2027-01-01,off and 2027-02-20,work), or it holds lists; of lists that are kept
    by year only those of this year are read:

    \b
      "2027":
        holidays: [2027-01-01]
        makeup_workdays: [2027-02-20]

    \b
    Examples:
      aftercare calendar announce 2027 --file 2027.csv --preview
      aftercare calendar announce 2027 --file 2027.csv --by chen --note "notice of November"
    """
    days = read_days_off(file, year)
    suite = Suite.at(data)
    name = given["name"] or CN
    before = suite.call("sla.published", {"kind": "calendar", "name": name})["body"]
    announced = import_module("services.sla.domain.announced").announced
    work = import_module("shared.worktime").WorkCalendar.from_dict(before)
    row = announced(work, year, days.off, days.worked).to_dict()
    request = {"name": name, "version": given["version"] or f"{name}-{year}", "calendar": row}
    given["running"] = given["running"] or RECOMPUTE
    if given["preview"]:
        preview(suite, request | {"running": given["running"]}, 20, as_json=as_json)
    else:
        publish(suite, METHOD, request, given, as_json=as_json)


@app.command("preview")
@with_fields([RUNNING])
def preview_(
    file: File, examples: Examples = 20, data: Data = DEFAULT_DATA, as_json: AsJson = False, **given: Any
) -> None:
    """Show what a calendar would do to the clocks that run, before anything changes.

    \b
    Examples:
      aftercare calendar preview harbin.yaml
    """
    preview(Suite.at(data), _request(file) | {"running": given["running"] or RECOMPUTE}, examples, as_json=as_json)


@app.command("publish")
@with_fields(PUBLISHING)
def publish_(file: File, data: Data = DEFAULT_DATA, as_json: AsJson = False, **given: Any) -> None:
    """Publish a calendar; from then on it counts for its regions.

    \b
    A file says what a calendar is:
      name: harbin
      version: 1
      regions: [north.harbin]
      calendar:
        zone: Asia/Shanghai
        country: CN
        hours: {mon: [["08:00", "16:00"]], tue: [["08:00", "16:00"]]}

    \b
    Examples:
      aftercare calendar publish harbin.yaml --by chen --running recompute
      aftercare calendar publish harbin.yaml --by chen --running from_now
    """
    publish(Suite.at(data), METHOD, _request(file), given, as_json=as_json)


@app.command("show")
def show_(
    name: Name = CN, version: Older = "", versions: All = False, data: Data = DEFAULT_DATA, as_json: AsJson = False
) -> None:
    """Show a calendar: its hours, and the special days of the last years that are known.

    \b
    Examples:
      aftercare calendar show
      aftercare calendar show --name harbin --json
      aftercare calendar show --versions
    """
    suite = Suite.at(data)
    if versions:
        found = suite.call("sla.publications", {"kind": "calendar"})["publications"]
        show_json({"publications": found}) if as_json else show(publications_page(found))
        return
    told = suite.call("sla.published", {"kind": "calendar", "name": name} | ({"version": version} if version else {}))
    show_json(told) if as_json else show(calendar_page(told))


def _request(file: Path) -> dict[str, Any]:
    data = read_yaml(file)
    if not isinstance(data, dict) or "calendar" not in data:
        parts = "name, version, regions, and under `calendar` its zone and hours"
        raise Misconfigured([f"{file.name}: give {parts}; `aftercare calendar publish --help` shows one"])
    strange = sorted(str(name) for name in data.keys() - Whole)
    if strange:
        raise Misconfigured(
            [f"{file.name}: {each} is not known here; use {', '.join(sorted(Whole))}" for each in strange]
        )
    drafting = import_module("services.sla.handlers.drafting")
    request: dict[str, Any] = drafting.plain(data)
    if "version" in request:
        request["version"] = str(request["version"])
    return request
