"""`aftercare policy`."""

from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from shared.cli.options import DEFAULT_DATA, AsJson, Data, with_fields
from shared.cli.output import say, show, show_json
from shared.cli.rules.pages import publications_page
from shared.cli.rules.publishing import PUBLISHING, RECOMPUTE, RUNNING, Examples, preview, publish
from shared.cli.suite import Suite
from shared.kernel.errors import Misconfigured

app = typer.Typer(help="The policy of time limits: check it, preview it, publish it.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(metavar="FILE", help="A policy as YAML.")]
Version = Annotated[str, typer.Option("--version", help="Only this version.", show_default=False)]
All = Annotated[bool, typer.Option("--versions", help="List what was published, as without it.")]
Body = Annotated[bool, typer.Option("--file", help="Print the file of the version, as it can be published.")]


@app.command()
def check(file: File, as_json: AsJson = False) -> None:
    """Check a policy file; needs no suite. Every mistake is told at once.

    \b
    Examples:
      aftercare policy check ours.yaml
    """
    policy = import_module("services.sla.storage.policy_files").load_policy(file)
    if as_json:
        show_json({"name": policy.name, "version": policy.version, "clocks": list(policy.clocks)})
    else:
        say(f"{file.name} is right: {policy.name} {policy.version}, {len(policy.clocks)} clocks.")


@app.command("preview")
@with_fields([RUNNING])
def preview_(
    file: File, examples: Examples = 20, data: Data = DEFAULT_DATA, as_json: AsJson = False, **given: Any
) -> None:
    """Show what a policy would do to the clocks that run, before anything changes.

    \b
    Examples:
      aftercare policy preview ours.yaml
      aftercare policy preview ours.yaml --running from_now --examples 5
    """
    preview(Suite.at(data), {"text": _text(file), "running": given["running"] or RECOMPUTE}, examples, as_json=as_json)


@app.command("publish")
@with_fields(PUBLISHING)
def publish_(file: File, data: Data = DEFAULT_DATA, as_json: AsJson = False, **given: Any) -> None:
    """Publish a policy. Running clocks are kept, go on from now, or are counted anew; verdicts always stay.

    \b
    keep       running clocks go on by their own rules to their end
    from_now   what is used stays used, what is left counts by the new rules
    recompute  every clock is counted from its own start by the new rules

    \b
    Examples:
      aftercare policy publish ours.yaml --running recompute --by chen
      aftercare policy publish ours.yaml --running keep --by chen --note "longer visits from May"
    """
    publish(Suite.at(data), "sla.publish_policy", {"text": _text(file)}, given, as_json=as_json)


@app.command("show")
def show_(
    version: Version = "",
    versions: All = False,
    file: Body = False,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Show which policies were published, newest first; with --file the one in force, to save and change.

    \b
    Examples:
      aftercare policy show --versions
      aftercare policy show --file > ours.yaml
      aftercare policy show --version 1 --file
    """
    suite = Suite.at(data)
    if file and not versions:
        told = suite.call("sla.published", {"kind": "policy"} | ({"version": version} if version else {}))
        show_json(told) if as_json else _print_yaml(told["body"])
        return
    asked: dict[str, Any] = {"kind": "policy"} | ({"version": version} if version else {})
    found = suite.call("sla.publications", asked)["publications"]
    show_json({"publications": found}) if as_json else show(publications_page(found))


def _print_yaml(body: Any) -> None:
    typer.echo(yaml.safe_dump(body, allow_unicode=True, sort_keys=False), nl=False)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise Misconfigured([f"{file}: cannot be read ({error.strerror}); name a file that exists"]) from None
    except UnicodeDecodeError:
        raise Misconfigured([f"{file}: is not UTF-8; save it as UTF-8"]) from None
