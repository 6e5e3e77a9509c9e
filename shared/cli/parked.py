"""`aftercare parked`: messages that could not be handled, kept with their reason (AL-2)."""

from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType
from rich.text import Text

from shared.cli.options import DEFAULT_DATA, AsJson, Data
from shared.cli.output import Column, say, show, show_json, table
from shared.cli.rpc import Rpc
from shared.cli.suite import Suite
from shared.cli.times import Times, at_home
from shared.kernel.errors import Invalid, Unavailable

app = typer.Typer(
    help="Messages that could not be handled: look at them, try them again, give them up.", no_args_is_help=True
)


_INSTANTS = ("held_at", "next_try_at")
_COLUMNS = (
    Column("service"),
    Column("id"),
    Column("state"),
    Column("type"),
    Column("attempts", drop=1),
    Column("held_at"),
    Column("next_try_at", drop=2),
    Column("reason", wraps=True),
)


class State(StrEnum):
    """Parked for good, or waiting for their next try."""

    PARKED = "parked"
    WAITING = "waiting"


Service = Annotated[str, typer.Argument(metavar="SERVICE", help="The service that keeps it.")]
Message = Annotated[str, typer.Argument(metavar="ID", help="The message's id, or `all` that are parked there.")]
OnlyService = Annotated[str | None, typer.Option("--service", help="Only this service.")]
OnlyState = Annotated[State | None, typer.Option("--state", help="Only messages in this state.")]


@app.command("list")
def list_(
    service: OnlyService = None, state: OnlyState = None, data: Data = DEFAULT_DATA, as_json: AsJson = False
) -> None:
    """List the messages that services keep back, with the reason.

    \b
    Examples:
      aftercare parked list
      aftercare parked list --service sla --state parked --json
    """
    suite = Suite.at(data)
    asked = [_known(suite, service)] if service else list(suite.http)
    messages: list[dict[str, Any]] = []
    away: list[str] = []
    with suite.rpc() as rpc:
        for name in asked:
            try:
                messages += [{"service": name, **each} for each in _held(rpc, name, state)]
            except Unavailable:
                away.append(name)
    if as_json:
        show_json({"messages": messages, "away": away})
    elif messages:
        show(parked_page(messages))
    else:
        say("No message is kept back." if not away else "No message is kept back by those who answer.")
    if away:
        raise Unavailable(f"{', '.join(away)} did not answer; look at `aftercare status`")


@app.command()
def replay(service: Service, message: Message, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Try a parked message again now, with all its tries before it.

    \b
    Examples:
      aftercare parked replay sla 17
      aftercare parked replay sla all
    """
    _each(Suite.at(data), service, message, "parked_replay", as_json)


@app.command()
def drop(service: Service, message: Message, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Give a parked message up for good.

    \b
    Examples:
      aftercare parked drop sla 17
    """
    _each(Suite.at(data), service, message, "parked_drop", as_json)


def parked_page(messages: list[dict[str, Any]]) -> RenderableType:
    """Messages with the reason; their instants in the zone of the built-in calendar."""
    held = [{**each, **{name: at_home(each[name]) for name in _INSTANTS if each[name]}} for each in messages]
    times = Times(each[name] for each in held for name in _INSTANTS)
    names = [column.title for column in _COLUMNS]
    rows = [
        [times.short(each[name]) if name in _INSTANTS else str(each[name] or "") for name in names] for each in held
    ]
    return Group(table(*_COLUMNS, rows=rows), Text(times.note(), "dim"))


def _each(suite: Suite, service: str, message: str, method: str, as_json: bool) -> None:
    _known(suite, service)
    with suite.rpc() as rpc:
        done = [rpc.call(f"{service}.{method}", {"id": each}) for each in _ids(rpc, service, message)]
    if as_json:
        show_json({"messages": done})
    else:
        say("\n".join(f"{service} {each['id']}: {each['state']}" for each in done) or "No message is parked there.")


def _ids(rpc: Rpc, service: str, message: str) -> list[int]:
    if message == "all":
        return [each["id"] for each in _held(rpc, service, State.PARKED)]
    if not message.isdecimal():
        raise Invalid.field("ID", "write a message's number, or all")
    return [int(message)]


def _held(rpc: Rpc, service: str, state: State | None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = rpc.call(f"{service}.parked_list", {"state": state.value} if state else {})[
        "messages"
    ]
    return found


def _known(suite: Suite, service: str) -> str:
    if service not in suite.http:
        raise Invalid.field("SERVICE", f"{service!r} is no service; there are {', '.join(suite.http)}")
    return service
