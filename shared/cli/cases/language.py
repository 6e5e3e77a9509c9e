"""In which language a page comes."""

from enum import StrEnum
from typing import Annotated

import typer

from shared.cli import terms


class Language(StrEnum):
    """The languages of the suite."""

    EN = terms.EN
    ZH = terms.ZH


EN = Language.EN
Lang = Annotated[Language, typer.Option(help="The language of the page.")]


def in_language(told: dict[str, str], lang: str) -> str:
    """The text in this language, else in the one there is."""
    return told.get(lang) or next(iter(told.values()))
