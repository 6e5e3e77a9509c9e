"""An exchange's own records, read by a mapping."""

from pathlib import Path
from typing import Any

import pytest

from shared.cli.calls.reconcile import portions
from shared.cli.calls.records import Record, reading_records
from shared.kernel.errors import Invalid, Misconfigured

ASTERISK = Path(__file__).parents[3] / "deploy" / "mappings" / "calls-asterisk.yaml"
ROW = (
    '"","{src}","4008008820","from-trunk","{src}","SIP/trunk","SIP/204","Queue","hotline",'
    '"2026-10-09 22:00:00","2026-10-09 22:00:05","2026-10-09 22:01:00",60,55,"{end}","DOCUMENTATION","{uid}","{who}"\n'
)
CALL = {"call_id": "{id}", "from": "{a}", "to": "{b}", "direction": "in", "started_at": "{at}"}


def read(tmp_path: Path, name: str, text: str, mapping: str | Path | None = None) -> list[tuple[int, Any]]:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    if isinstance(mapping, str):
        (tmp_path / "mapping.yaml").write_text(mapping)
        mapping = tmp_path / "mapping.yaml"
    with reading_records(file, mapping) as rows:
        return [(row.line, found.detail if isinstance(found, Invalid) else found) for row, found in rows]


def test_asterisk_writes_no_header_and_answers_by_its_menu(tmp_path: Path) -> None:
    text = ROW.format(src="13800138000", end="ANSWERED", uid="1791.1", who="li.qiang")
    text += ROW.format(src="13900000000", end="ANSWERED", uid="1791.2", who="")
    text += ROW.replace("from-trunk", "from-nowhere").format(src="1", end="FAILED", uid="1791.3", who="")
    spoken, missed, wrong = read(tmp_path, "Master.csv", text, ASTERISK)
    assert spoken == (
        1,
        {
            "call_id": "1791.1",
            "from": "13800138000",
            "to": "4008008820",
            "direction": "in",
            "started_at": "2026-10-09T14:00:00+00:00",
            "answered_at": "2026-10-09T14:00:05+00:00",
            "ended_at": "2026-10-09T14:01:00+00:00",
            "user": "li.qiang",
            "cause": "ANSWERED",
        },
    )
    assert (missed[0], "answered_at" in missed[1]) == (2, False)
    assert (wrong[0], list(wrong[1])) == (3, ["dcontext"])


def test_lines_of_json_need_no_mapping(tmp_path: Path) -> None:
    told = read(tmp_path, "calls.jsonl", '{"call_id": "1", "seconds": 3}\n\n[1]\n{"call_id": "2"}\n')
    assert told[0] == (1, {"call_id": "1", "seconds": 3})
    assert told[1][0] == 3
    assert told[2] == (4, {"call_id": "2"})


def test_lines_of_json_in_other_words_are_read_by_the_paths_of_their_values(tmp_path: Path) -> None:
    mapping = "call:\n" + "".join(
        f'  {name}: "{value}"\n'
        for name, value in (CALL | {"call_id": "{v.uuid}", "queue": "{v.queue}", "started_at": "{v.at}"}).items()
    )
    text = '{"a": 13800138000, "b": "1", "v": {"uuid": "u-1", "at": "2026-10-09T22:00:00+08:00", "queue": null}}\n'
    [(_, record)] = read(tmp_path, "cdr.jsonl", text, mapping)
    assert record == {
        "call_id": "u-1",
        "from": "13800138000",
        "to": "1",
        "direction": "in",
        "started_at": "2026-10-09T22:00:00+08:00",
    }


def test_a_wrong_mapping_is_refused_with_everything(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured) as refused:
        read(
            tmp_path, "a.csv", "a\n", "steps: []\nheader: [a, a]\ncall: {call_id: '{id}', direction: up, colour: red}\n"
        )
    told = " ".join(refused.value.problems)
    for each in ("steps", "header", "call.colour", "call.direction", "call.from", "call.to", "call.started_at"):
        assert each in told


def test_a_table_needs_a_mapping_with_columns_that_it_has(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="--mapping"):
        read(tmp_path, "a.csv", "a\n")
    mapping = "call:\n" + "".join(f'  {name}: "{value}"\n' for name, value in CALL.items())
    with pytest.raises(Invalid, match="'at'"):
        read(tmp_path, "a.csv", "id,a,b\n1,2,3\n", mapping)


def test_the_rows_of_a_call_go_together() -> None:
    records: list[Record] = [{"call_id": "a"}] * 99 + [{"call_id": "b"}] * 7 + [{}] * 450
    assert [len(each) for each in portions(records)] == [106, 100, 100, 100, 100, 50]
    assert [len(each) for each in portions([{"call_id": "a"}] * 600)] == [500, 100]
