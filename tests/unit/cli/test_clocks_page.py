"""The clocks of a case and what was said of them, as they look."""

from rich.console import Console

from shared.cli.cases.clocks import ledger_page

ENTRY = {
    "clock": "handover",
    "generation": 1,
    "revision": 1,
    "change": "started",
    "at": "2026-10-09T16:00:00+08:00",
    "due_at": "2026-10-09T18:00:00+08:00",
    "by": "li",
    "policy_version": "builtin-1",
    "calendar_version": "cn-2026",
    "text": {"zh": "开始计时", "en": "started"},
}
BREACHED = {**ENTRY, "revision": 2, "change": "breached", "text": {"zh": "超时", "en": "breached"}}
OVERRUN = {
    "clock": "handover",
    "generation": 1,
    "measure": "working",
    "seconds": 32400,
    "elapsed_seconds": 234000,
    "confirmed": True,
}


def drawn(lang="en", **more) -> str:
    console = Console(width=160)
    with console.capture() as captured:
        console.print(ledger_page({"entries": [ENTRY, BREACHED], "overruns": [OVERRUN | more]}, lang))
    return captured.get()


def test_each_entry_is_a_row_and_each_overrun_a_line():
    page = drawn()
    assert "10-09 16:00  handover  started" in page
    assert "builtin-1, cn-2026" in page
    assert "handover: overrun by 9h 00m as the limit counts (2d 17h elapsed)" in page
    assert "the ledger says otherwise" in drawn(confirmed=False)


def test_in_chinese():
    page = drawn("zh")
    assert "开始计时" in page
    assert "移交：超时9小时00分（工作时间，自然时间2天17小时）" in page
