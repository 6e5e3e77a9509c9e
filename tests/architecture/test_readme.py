"""The README in both languages says the same: its headings, its commands and its links are in step."""

import re
from pathlib import Path

import pytest

from shared.cli.main import COMMANDS

ROOT = Path(__file__).parents[2]
ENGLISH = (ROOT / "README.md").read_text(encoding="utf-8")
CHINESE = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"\s*#.*$")


def headings(text: str) -> list[int]:
    """The level of each heading, in order; code blocks have none."""
    return [len(line) - len(line.lstrip("#")) for line in BLOCK.sub("", text).splitlines() if line.startswith("#")]


def commands(text: str) -> list[tuple[str, list[str]]]:
    """The code of each block without its comments, in order; drawings and sample texts are the language's own."""
    blocks = [(kind, body) for kind, body in BLOCK.findall(text) if kind]
    return [(kind, [COMMENT.sub("", line) for line in body.splitlines()]) for kind, body in blocks]


def links(text: str) -> list[str]:
    """Where the links lead, in order, but for the one to the other language."""
    found = re.findall(r"\]\(([^)]+)\)", BLOCK.sub("", text))
    return [each for each in found if not each.startswith("README")]


def table_rows(text: str) -> int:
    return sum(line.startswith("|") for line in text.splitlines())


def figures(text: str) -> list[str]:
    """The ratios and goals of the table of figures: its last two columns."""
    rows = [line.split("|") for line in text.splitlines() if line.startswith("|") and line.count("|") == 6]
    return [cell.strip() for row in rows for cell in row[4:6] if re.fullmatch(r"[\d.,]+|–", cell.strip())]


@pytest.mark.parametrize("part", [headings, commands, links, table_rows, figures])
def test_both_languages_are_in_step(part) -> None:
    assert part(ENGLISH) == part(CHINESE)


def test_the_parts_are_found_at_all() -> None:
    assert len(headings(ENGLISH)) > 5
    assert any(kind == "sh" for kind, _ in commands(ENGLISH))
    assert figures(ENGLISH)


def test_every_command_named_exists() -> None:
    """A command that the README shows is one that `aftercare --help` lists."""
    named = set(re.findall(r"aftercare ([\w-]+)", "\n".join("\n".join(lines) for _, lines in commands(ENGLISH))))
    assert named <= {name.split()[0] for name in COMMANDS} | {"up"}, named


def test_links_to_files_lead_somewhere() -> None:
    missing = [link for link in links(ENGLISH) if "://" not in link and not (ROOT / link.partition("#")[0]).exists()]
    assert not missing
