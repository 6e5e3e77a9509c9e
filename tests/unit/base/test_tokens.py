"""The file of tokens."""

import json
from pathlib import Path

import pytest

from shared.base.tokens import FIRST_TOKEN_FILE, digest, make_first, new_token, read_tokens
from shared.kernel.errors import Misconfigured


def test_a_first_token_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    file = make_first(tmp_path / "suite")
    plain = file.with_name(FIRST_TOKEN_FILE)
    assert {path.stat().st_mode & 0o777 for path in (file, plain)} == {0o600}
    token = plain.read_text().strip()
    assert token not in file.read_text()
    assert read_tokens(file)[digest(token)].scopes == {"admin"}
    assert make_first(tmp_path / "suite") == file
    assert plain.read_text().strip() == token


def told(*tokens: dict[str, object]) -> str:
    return json.dumps({"tokens": [{"name": "x", "scopes": ["clerk"], "sha256": "0" * 64, **each} for each in tokens]})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        told({"scopes": ["king"]}),
        told({"scopes": []}),
        told({"sha256": "0"}),
        told({"expires_at": "tomorrow"}),
        told({"colour": "red"}),
        told({}, {"sha256": "1" * 64}),
        told({}, {"name": "y"}),
    ],
)
def test_a_wrong_file_of_tokens_is_told(tmp_path: Path, text: str) -> None:
    file = tmp_path / "tokens.json"
    file.write_text(text)
    with pytest.raises(Misconfigured, match=r"tokens\.json"):
        read_tokens(file)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Misconfigured, match="make the folder writable"):
        make_first(tmp_path / "file" / "below")


def test_any_text_has_a_digest() -> None:
    assert len(digest("\ud800")) == 64
    assert new_token() != new_token()
