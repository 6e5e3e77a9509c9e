"""Entries of the ledger in words, zh-CN and en."""

from collections.abc import Mapping

from services.sla.domain.changes import Change
from services.sla.domain.clock import State
from services.sla.domain.ledger import Entry
from shared.kernel.words import Words

CHANGES = {
    Change.STARTED: Words("开始计时", "started"),
    Change.PAUSED: Words("暂停", "paused"),
    Change.RESUMED: Words("恢复计时", "resumed"),
    Change.MOVED: Words("期限变动", "moved"),
    Change.WARNED: Words("已用{0}%，预警", "warned: {0} % are used"),
    Change.BREACHED: Words("超时", "breached"),
    Change.STOPPED: Words("停止", "stopped"),
    Change.BREACH_REVOKED: Words("超时撤销", "breach revoked"),
    Change.CANCELLED: Words("取消", "cancelled"),
}
VERDICTS = {State.MET: Words("按时", "in time"), State.LATE: Words("逾期", "late")}


def entry_words(entry: Entry, waits: Mapping[str, Words]) -> Words:
    """What was said, with the wait that held the clock or the verdict."""
    words = CHANGES[entry.change]
    if entry.fraction is not None:
        share = f"{100 * entry.fraction:g}"
        words = Words(words.zh.format(share), words.en.format(share))
    more = VERDICTS.get(entry.state) if entry.change is Change.STOPPED and entry.state else None
    if entry.reason is not None:
        more = waits.get(entry.reason) or Words(entry.reason, entry.reason)
    return Words(f"{words.zh}：{more.zh}", f"{words.en}: {more.en}") if more else words
