"""`aftercare token`: what it writes, shows and refuses."""

import json
from pathlib import Path

import pytest

from shared.base.tokens import FILE, digest, read_tokens
from shared.cli.main import run


def typed(capsys: pytest.CaptureFixture[str], folder: Path, *words: str) -> tuple[int, str, str]:
    code: object = 0
    try:
        run(["token", *words, "--data", str(folder)])
    except SystemExit as ended:
        code = ended.code
    told = capsys.readouterr()
    return int(str(code or 0)), told.out, told.err


def test_a_token_from_its_making_to_its_end(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = tmp_path / "suite"
    code, token, _ = typed(capsys, folder, "create", "wang", "--scope", "clerk", "--person", "desk", "--expires", "90d")
    found = read_tokens(folder / FILE)[digest(token.strip())]
    assert (code, found.scopes, found.person) == (0, {"clerk"}, "desk")
    assert token.strip() not in (folder / FILE).read_text()
    assert "wang" in typed(capsys, folder, "list")[1]
    assert typed(capsys, folder, "revoke", "wang")[0] == 0
    [told] = json.loads(typed(capsys, folder, "list", "--json")[1])["tokens"]
    assert (told["name"], told["state"], "sha256" in told) == ("wang", "revoked", False)
    assert read_tokens(folder / FILE)[digest(token.strip())].revoked_at


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("create", "first", "--scope", "clerk"), "choose another name"),
        (("create", "x", "--scope", "clerk", "--expires", "2020-01-01T00:00:00Z"), "over already"),
        (("create", "x", "--scope", "clerk", "--expires", "soon"), "--expires"),
        (("create", "x", "--scope", "king"), "king"),
        (("create", " ", "--scope", "clerk"), "name"),
        (("revoke", "nobody"), "no token nobody"),
    ],
)
def test_what_is_refused_changes_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, words: tuple[str, ...], why: str
) -> None:
    typed(capsys, tmp_path, "create", "first", "--scope", "admin")
    before = (tmp_path / FILE).read_text()
    code, _, told = typed(capsys, tmp_path, *words)
    assert (code, why in told, (tmp_path / FILE).read_text()) == (2, True, before)
