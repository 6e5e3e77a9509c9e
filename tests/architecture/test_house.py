"""Rules of the house that no linter knows."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = sorted([*(ROOT / "services").rglob("*.py"), *(ROOT / "shared").rglob("*.py")])
LONGEST_FILE = 300


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_the_database_never_tells_the_time() -> None:
    """The suite has one clock (design 5): SQL that asks the server would not obey it."""
    words = re.compile(r"CURRENT_TIMESTAMP|CURRENT_DATE|\bfunc\.now\(|\bnow\(\)\s*['\"]|datetime\('now'", re.IGNORECASE)
    assert not [relative(path) for path in CODE if words.search(path.read_text())]


def test_every_module_says_what_it_is() -> None:
    texts = {relative(path): path.read_text() for path in CODE}
    assert not [name for name, text in texts.items() if text.strip() and not ast.get_docstring(ast.parse(text))]


def test_no_file_has_outgrown_its_page() -> None:
    long = {relative(path): n for path in CODE if (n := len(path.read_text().splitlines())) > LONGEST_FILE}
    assert not long


def test_services_have_the_same_rooms() -> None:
    for service in sorted(path for path in (ROOT / "services").iterdir() if (path / "__init__.py").exists()):
        for room in (
            "__init__.py",
            "service.py",
            "settings.py",
            "storage/tables.py",
            "storage/migrations/env.py",
            "README.md",
        ):
            assert (service / room).exists(), f"{service.name} lacks {room}"
        assert (service / "handlers.py").exists() or (service / "handlers").is_dir()


def test_the_top_level_is_the_agreed_one() -> None:
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}
    assert folders - {"var", "build", "dist", "aftercare.egg-info"} == {"services", "shared", "deploy", "tests"}
