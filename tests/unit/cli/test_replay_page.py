"""How the replay of a policy looks."""

from rich.console import Console

from shared.cli.replay_page import FIGURES, replay_page

NONE = dict.fromkeys(FIGURES, 0)
TOLD = {
    "cases": 5,
    "newly_overrun": 2,
    "saved": 1,
    "clocks": [
        {
            "clock": "handover",
            "present": NONE | {"clocks": 5, "overrun": 1},
            "proposed": NONE | {"clocks": 5, "overrun": 2},
        }
    ],
    "owners": [{"owner": None, "present": NONE, "proposed": NONE}],
    "turned": [
        {
            "case_no": "260000000017",
            "clock": "handover",
            "generation": 1,
            "saved": False,
            "due_at": "2026-10-12T13:00:00+08:00",
        }
    ]
    * 30,
}


def drawn(told, lang="en") -> str:
    console = Console(width=160)
    with console.capture() as captured:
        console.print(replay_page(told, lang))
    return captured.get()


def test_both_sides_stand_beside_each_other():
    page = drawn(TOLD)
    assert "5 cases: 2 clocks would newly be overrun, 1 no longer" in page
    assert "1 > 2" in page
    assert "nobody" in page
    assert "2600 0000 0017  handover  newly overrun  10-12 13:00" in page
    assert "… and 10 more: --json tells them." in page


def test_in_chinese():
    page = drawn(TOLD, "zh")
    assert "5件工单：新增超时2项" in page
    assert "移交" in page
    assert "没有工单" in drawn(TOLD | {"cases": 0}, "zh")
