"""`aftercare token`: who may use intake over HTTP (contracts 7). Needs no running suite."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from shared.base.clock import wall_now
from shared.base.schema import load
from shared.base.tokens import FILE, Entry, TokenSchema, digest, new_token, read_entries, write_entries
from shared.cli.durations import parse_duration
from shared.cli.options import DEFAULT_DATA, AsJson, Data
from shared.cli.output import Column, note, say, show, show_json, table
from shared.kernel.errors import Conflict, Invalid, Misconfigured, NotFound
from shared.kernel.instants import format_instant, parse_instant

VARIABLE = "AFTERCARE_INTAKE_TOKENS"

app = typer.Typer(help="Tokens for the HTTP interface of intake.", no_args_is_help=True)


class Scope(StrEnum):
    """What a token may do."""

    CLERK = "clerk"
    OWNER = "owner"
    PHONE = "phone"
    AUDITOR = "auditor"
    ADMIN = "admin"


Name = Annotated[str, typer.Argument(metavar="NAME", help="What the token is called, in lists and in logs.")]
Scopes = Annotated[list[Scope], typer.Option("--scope", help="What it may do; once for each.")]
Person = Annotated[str | None, typer.Option("--person", help="The person it belongs to; it speaks for nobody else.")]
Expires = Annotated[str | None, typer.Option("--expires", help="When it ends: 90d from now, or an instant.")]
File = Annotated[Path | None, typer.Option("--file", help=f"The file of tokens; else {VARIABLE}, else DIR/{FILE}.")]

_COLUMNS = (Column("name"), Column("scopes"), Column("person", drop=1), Column("expires_at", drop=2), Column("state"))


@app.command()
def create(  # noqa: PLR0913 - each is an option of the command
    name: Name,
    scope: Scopes,
    person: Person = None,
    expires: Expires = None,
    file: File = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Make a token and show it, this once: only its digest is kept. It is good from now on, without a restart.

    \b
    Examples:
      aftercare token create exchange --scope phone
      aftercare token create wang --scope clerk --scope owner --person wang-fang --expires 90d
    """
    token = new_token()
    asked = {
        "name": name,
        "scopes": [each.value for each in scope],
        "sha256": digest(token),
        "person": person,
        "expires_at": _end(expires),
    }
    entry = load(TokenSchema(), {field: value for field, value in asked.items() if value is not None})
    with _changing(_path(file, data)) as entries:
        if any(each["name"] == name for each in entries):
            raise Conflict(f"there is a token {name} already; choose another name")
        entries.append(entry)
    if as_json:
        show_json({**_told(entry), "token": token})
        return
    note("keep it safe: it cannot be shown again")
    say(token)


@app.command("list")
def list_(file: File = None, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """List the tokens, without what is secret.

    \b
    Examples:
      aftercare token list
      aftercare token list --json
    """
    tokens = [_told(each) for each in _read(_path(file, data))]
    if as_json:
        show_json({"tokens": tokens})
    elif tokens:
        show(table(*_COLUMNS, rows=[_row(each) for each in tokens]))
    else:
        say("There is no token.")


@app.command()
def revoke(name: Name, file: File = None, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Take a token back: it is refused from now on, without a restart.

    \b
    Examples:
      aftercare token revoke exchange
    """
    with _changing(_path(file, data)) as entries:
        found = next((each for each in entries if each["name"] == name), None)
        if found is None:
            raise NotFound(f"there is no token {name}; `aftercare token list` shows them")
        found.setdefault("revoked_at", wall_now())
    if as_json:
        show_json(_told(found))
        return
    say(f"{name} is refused from now on.")


def _path(file: Path | None, data: Path) -> Path:
    """Where intake reads its tokens."""
    return file or Path(os.environ.get(VARIABLE) or data / FILE)


def _end(expires: str | None) -> str | None:
    """The instant of `90d` or of an instant."""
    if expires is None:
        return None
    try:
        ends = wall_now() + parse_duration(expires, "--expires")
    except Invalid:
        ends = parse_instant(expires, "--expires")
    if ends <= wall_now():
        raise Invalid.field("--expires", f"{expires} is over already")
    return format_instant(ends)


def _read(path: Path) -> list[Entry]:
    return read_entries(path) if path.exists() else []


@contextmanager
def _changing(path: Path) -> Iterator[list[Entry]]:
    """The entries, to be changed, and written if nothing goes wrong; one command at a time."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.with_name(f"{path.name}.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            entries = _read(path)
            yield entries
            write_entries(path, entries)
    except OSError as error:
        raise Misconfigured([f"cannot write {path}: {error.strerror}; make the folder writable"]) from None


def _told(entry: Entry) -> dict[str, Any]:
    """A token without what is secret."""
    told: dict[str, Any] = {name: entry[name] for name in ("name", "scopes", "person") if name in entry}
    ends: datetime | None = entry.get("expires_at")
    if ends is not None:
        told["expires_at"] = format_instant(ends)
    return {**told, "state": _state(entry, ends)}


def _row(told: dict[str, Any]) -> list[str]:
    shown = {**told, "scopes": ", ".join(told["scopes"])}
    return [shown.get(column, "") for column in ("name", "scopes", "person", "expires_at", "state")]


def _state(entry: Entry, ends: datetime | None) -> str:
    if "revoked_at" in entry:
        return "revoked"
    return "expired" if ends and ends <= wall_now() else "good"
