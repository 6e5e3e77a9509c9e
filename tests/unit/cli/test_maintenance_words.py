"""What the words of `aftercare maintenance` mean."""

from pathlib import Path

import pytest

from shared.cli.maintenance.complete import answer_of
from shared.cli.maintenance.equipment import EQUIPMENT
from shared.cli.maintenance.given import request_of
from shared.kernel.errors import Invalid, NotFound

NOTHING = {option.name: None for option in EQUIPMENT}


@pytest.mark.parametrize(
    ("word", "answer"),
    [
        ("motors=ok", {"item": "motors", "result": "ok"}),
        ("motors=ok@2.5", {"item": "motors", "result": "ok", "reading": 2.5}),
        ("motors=failed@0.2:wet: very", {"item": "motors", "result": "failed", "reading": 0.2, "note": "wet: very"}),
        ("lines=not_applicable:none here", {"item": "lines", "result": "not_applicable", "note": "none here"}),
        ("lines=ok@all green", {"item": "lines", "result": "ok", "reading": "all green"}),
    ],
)
def test_an_answer_is_one_word(word, answer):
    assert answer_of(word) == answer


@pytest.mark.parametrize("word", ["motors", "=ok", "motors="])
def test_what_is_no_answer_is_refused(word):
    with pytest.raises(Invalid, match="write ITEM=RESULT"):
        answer_of(word)


def test_options_stand_above_the_file(tmp_path: Path):
    file = tmp_path / "line.yaml"
    file.write_text("serial_no: 0012\ninstalled_on: 2026-01-31\nadministrator: {name: 林工}\n", encoding="utf-8")
    assert request_of(EQUIPMENT, {**NOTHING, "model": "DM-30", "phone": "1"}, file) == {
        "serial_no": "0012",
        "installed_on": "2026-01-31",
        "model": "DM-30",
        "administrator": {"name": "林工", "phone": "1"},
    }


@pytest.mark.parametrize(("text", "why"), [("[", "is not YAML"), ("- a", "must hold one mapping")])
def test_a_file_that_is_none_is_refused(tmp_path: Path, text: str, why: str):
    file = tmp_path / "line.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Invalid, match=why):
        request_of(EQUIPMENT, NOTHING, file)
    with pytest.raises(NotFound, match="cannot read"):
        request_of(EQUIPMENT, NOTHING, tmp_path / "none.yaml")
