"""`aftercare assignment`: who gets a case, by the operator's rules (IN-19)."""

import os
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from rich.console import Group, RenderableType
from rich.text import Text

from shared.base.people import load_people
from shared.base.yaml_file import parse_yaml, text_of
from shared.base.yaml_lines import with_lines
from shared.cli.cases.language import EN, Lang
from shared.cli.cases.numbers import case_number, with_remedy
from shared.cli.grid import Column, table
from shared.cli.options import DEFAULT_DATA, AsJson, Data
from shared.cli.output import say, show, show_json
from shared.cli.suite import Suite
from shared.cli.times import at_home
from shared.kernel.errors import Invalid, Misconfigured, NotFound

app = typer.Typer(help="Who gets a case: rules by region, kind, product, duty and load.", no_args_is_help=True)

Wire = Mapping[str, Any]
File = Annotated[Path, typer.Argument(metavar="FILE", help="Rules as YAML.")]
By = Annotated[str, typer.Option("--by", help="Who publishes them.")]
Note = Annotated[str, typer.Option("--note", help="A word on why.", show_default=False)]
Version = Annotated[int | None, typer.Option("--version", help="This version.", show_default=False)]
Body = Annotated[bool, typer.Option("--file", help="Print the rules, as they can be loaded.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would become of each case.")]
Case = Annotated[list[str], typer.Argument(metavar="CASE", help="The case number.")]
WHY = {
    "absent": ("away", "请假"),
    "off_duty": ("off duty", "不在班"),
    "skill": ("lacks the skill", "无此技能"),
    "registrar": ("registered it", "本人受理"),
    "complained_about": ("is complained about", "被投诉人"),
}


@app.command()
def check(file: File, as_json: AsJson = False) -> None:
    """Check a file of rules against the people file (AFTERCARE_PEOPLE); needs no suite. All mistakes are told at once.

    \b
    Examples:
      aftercare assignment check deploy/assignment/example.yaml
    """
    text = text_of(file)
    people = os.environ.get("AFTERCARE_PEOPLE")
    known = import_module("services.intake.handlers.rule_book").known_to(load_people(Path(people) if people else None))
    reader = import_module("services.intake.domain.assignment.rules_file")
    try:
        rules = reader.read_rules(parse_yaml(text, file.name), file.name, known)
    except Misconfigured as error:
        raise Misconfigured(with_lines(error.problems, text)) from None
    if as_json:
        show_json({"name": rules.name, "rules": [rule.name for rule in rules.rules]})
    else:
        say(f"{file.name} is right: {rules.name}, {_many(len(rules.rules))}.")


@app.command()
def load(file: File, by: By, note: Note = "", data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Publish rules: from now on cases that are registered are given out by them. `rules: []` switches it off.

    \b
    Examples:
      aftercare assignment load deploy/assignment/example.yaml --by clerk-lead
    """
    text = text_of(file)
    asked = {"text": text, "by": by} | ({"note": note} if note else {})
    try:
        told = Suite.at(data).call("intake.publish_assignment", asked)
    except Invalid as error:
        problems = [f"{file.name}: {why}" for field in ("rules", "text") for why in (error.detail or {}).get(field, [])]
        raise Misconfigured(with_lines(problems, text)) if problems else error from None
    if as_json:
        show_json(told)
    elif told["rules"]:
        say(f"{told['name']} is in force as version {told['version']}: {_many(told['rules'])}.")
    else:
        say(f"{told['name']} is in force as version {told['version']}: it has no rules, so nothing is assigned.")


@app.command("show")
def show_(version: Version = None, file: Body = False, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Show which rules there were, newest first; with --file those in force, to save and change.

    \b
    Examples:
      aftercare assignment show
      aftercare assignment show --file > ours.yaml
    """
    told = Suite.at(data).call("intake.assignment", {} if version is None else {"version": version})
    if as_json:
        show_json(told)
    elif file:
        typer.echo(yaml.safe_dump(told.get("body", {}), allow_unicode=True, sort_keys=False), nl=False)
    elif not told["versions"]:
        say("No rules are loaded: nothing is assigned.")
    else:
        rows = [
            [str(each["version"]), each["name"], at_home(each["at"])[:16].replace("T", " "), each.get("by", ""),
             str(each["rules"]), each.get("note", "")]
            for each in told["versions"]
        ]  # fmt: skip
        show(table("version", "name", "published", "by", "rules", Column("note", wraps=True, drop=1), rows=rows))


@app.command()
def explain(case: Case, data: Data = DEFAULT_DATA, lang: Lang = EN, as_json: AsJson = False) -> None:
    """Show why a case went to whom it went, and what the rules would make of it now.

    \b
    Examples:
      aftercare assignment explain 954770952750
      aftercare assignment explain 954770952750 --json
    """
    try:
        told = Suite.at(data).call("intake.explain_assignment", {"case_no": case_number(case)})
    except NotFound as error:
        raise with_remedy(error) from None
    show_json(told) if as_json else show(Group(*_explained(told, lang)))


@app.command()
def run(dry_run: DryRun = False, data: Data = DEFAULT_DATA, lang: Lang = EN, as_json: AsJson = False) -> None:
    """Let the rules give out what was registered without them and nobody has yet, oldest first.

    \b
    Examples:
      aftercare assignment run --dry-run
      aftercare assignment run
    """
    found: list[Wire] = []
    page: Wire = {"next": None}
    with Suite.at(data).rpc() as rpc:
        while "next" in page:
            after = {"after": page["next"]} if page["next"] else {}
            page = rpc.call("intake.run_assignment", {"dry_run": dry_run, **after})
            found += page["cases"]
    if as_json:
        show_json({"cases": found})
        return
    rows = [[each["case_no"], each.get("owner", "–"), each["reason"]["text"][_key(lang)]] for each in found]
    given = sum("owner" in each for each in found)
    if rows:
        show(table("case", "owner", Column("why", wraps=True), rows=rows))
    say(f"{given} of {len(found)} cases {'would be' if dry_run else 'are'} given to somebody.")


def _many(rules: int) -> str:
    return f"{rules} rule{'' if rules == 1 else 's'}"


def _explained(told: Wire, lang: str) -> Iterator[RenderableType]:
    owner = told.get("owner", "nobody")
    yield Text(f"{told['case_no']}: {told['state']}, {owner}", "bold")
    for each in told["assigned"]:
        why = each["reason"]["text"][_key(lang)] if "reason" in each else "by hand"
        yield Text(f"{at_home(each['at'])[:16].replace('T', ' ')}  {each['owner']}  {each['by']}: {why}")
        yield from _people(each.get("reason"), lang)
    if "unassigned" in told:
        yield Text(told["unassigned"]["text"][_key(lang)], "yellow")
        yield from _people(told["unassigned"], lang)
    if "now" in told:
        yield Text(f"now: {told['now']['reason']['text'][_key(lang)]}")
        yield from _people(told["now"]["reason"], lang)


def _people(reason: Wire | None, lang: str) -> Iterator[RenderableType]:
    if reason is None:
        return
    rows = [[each["who"], f"{each['open']} / {each['capacity']}", ""] for each in reason["candidates"]]
    rows += [[each["who"], "", WHY[each["why"]][_key(lang) == "zh"]] for each in reason["passed_over"]]
    if rows:
        yield table("who", "open / capacity", Column("passed over", wraps=True), rows=rows)


def _key(lang: str) -> str:
    return "en" if lang == EN else "zh"
