"""Examples in help texts: long ones go on behind a backslash, so that what is copied from a narrow terminal works."""

import inspect
import re
from collections.abc import Iterator

import typer

LONGEST = 74
_WORD = re.compile(r"""(?:"[^"]*"|'[^']*'|\S)+""")


def fit_examples(app: typer.Typer) -> None:
    """Break the long examples of all commands of an application."""
    for command in app.registered_commands:
        if command.callback is not None:
            command.help = fitted(command.help or inspect.getdoc(command.callback) or "")
    for group in app.registered_groups:
        if group.typer_instance is not None:
            fit_examples(group.typer_instance)


def fitted(text: str) -> str:
    """The help text with its long examples broken between words, an option never apart from its value."""
    before, heading, examples = text.partition("Examples:")
    return before + heading + "\n".join(line for each in examples.split("\n") for line in _broken(each))


def _broken(line: str) -> Iterator[str]:
    if len(line) <= LONGEST:
        yield line
        return
    indent = line[: len(line) - len(line.lstrip())]
    said = indent
    for part in _parts(line):
        if said.strip() and len(said) + len(part) + 3 > LONGEST:
            yield f"{said.rstrip()} \\"
            said = indent + "  "
        said += part + " "
    yield said.rstrip()


def _parts(line: str) -> Iterator[str]:
    """Words, an option with its value as one."""
    option = ""
    for word in _WORD.findall(line):
        if option and not word.startswith("-"):
            yield f"{option} {word}"
            option = ""
            continue
        if option:
            yield option
        option = word if word.startswith("--") else ""
        if not option:
            yield word
    if option:
        yield option
