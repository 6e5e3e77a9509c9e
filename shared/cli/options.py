"""Options that many commands share, and commands whose options are a table."""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from keyword import iskeyword
from pathlib import Path
from typing import Annotated, Any

import typer

from shared.kernel.errors import Invalid

DEFAULT_DATA = Path("var/suite")

Data = Annotated[Path, typer.Option("--data", metavar="DIR", help="The folder of the running suite.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@dataclass(frozen=True)
class FieldOption:
    """An option that fills one field of a request; `field` is its dotted path there."""

    option: str
    field: str
    help: str
    is_flag: bool = False

    def parameter(self) -> inspect.Parameter:
        """The parameter as Typer reads it."""
        kind: Any = bool if self.is_flag else str | None
        names = [f"--{self.option}"]
        annotation = Annotated[kind, typer.Option(*names, help=self.help, show_default=False)]
        default = False if self.is_flag else None
        return inspect.Parameter(self.name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=default)

    @property
    def name(self) -> str:
        """The parameter's name."""
        name = self.option.replace("-", "_")
        return f"{name}_" if iskeyword(name) else name


def with_fields(options: Sequence[FieldOption]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Replace a command's `**given` by one option for each field."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        signature = inspect.signature(command)
        own = [each for each in signature.parameters.values() if each.kind is not inspect.Parameter.VAR_KEYWORD]
        own = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in own]
        added = [option.parameter() for option in options]
        command.__signature__ = signature.replace(parameters=[*added, *own])  # type: ignore[attr-defined]
        return command

    return decorate


def place(request: dict[str, Any], path: str, value: Any) -> None:
    """Put a value at a dotted path of a request; raises Invalid where a plain value is in the way."""
    *above, last = path.split(".")
    node = request
    for name in above:
        node = node.setdefault(name, {})
        if not isinstance(node, dict):
            raise Invalid.field(path, f"{name} has a value of its own")
    node[last] = value
