"""Letters as pages, in English and Chinese. Pure."""

from collections.abc import Iterator
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.text import Text

from shared.cli.grid import Column, table
from shared.cli.times import Times, at_home

Wire = dict[str, Any]

_EN: Final = {
    "case": "a new case",
    "joined": "joined its case",
    "aside": "set aside",
    "failed": "failed",
    "bounce": "a delivery report",
    "own_mail": "a mail of ours that came back",
    "automatic": "an automatic answer",
    "bulk": "a circular or a list",
    "vacation": "a notice of absence",
    "no_sender": "no address to answer to",
    "flood": "too many from this sender within an hour",
    "old": "lay in the mailbox before",
    "staff": "a colleague's answer",
    "unreadable": "built so that reading it would do harm",
    "broken": "could not be handled: look at the log of intake",
}
_ZH: Final = {
    "case": "新工单",
    "joined": "归入工单",
    "aside": "已搁置",
    "failed": "失败",
    "bounce": "退信报告",
    "own_mail": "本系统邮件退回",
    "automatic": "自动回复",
    "bulk": "群发或列表邮件",
    "vacation": "休假通知",
    "no_sender": "没有可回复的地址",
    "flood": "该发件人一小时内来信过多",
    "old": "启用前的旧邮件",
    "staff": "同事的回复",
    "unreadable": "结构有害，未读取",
    "broken": "处理失败：请看 intake 的日志",
    "id": "编号",
    "arrived": "到达",
    "became": "结果",
    "why": "原因",
    "sender": "发件人",
    "subject": "主题",
    "size": "大小",
    "text": "正文",
    "attachments": "附件",
    "message": "邮件标识",
    "mailbox": "邮箱",
    "kept": "原件",
    "kept_yes": "保留，可用 aftercare mail retry {id} 受理",
    "kept_no": "未保留",
    "told": "已告知 notify",
    "none": "没有邮件。",
    "off": "未设置邮箱（AFTERCARE_INTAKE_IMAP_URL）。",
    "unread": "{name} 尚未读取",
    "read": "{name} 于 {at} 读取",
    "trouble": "{name}：{why}",
    "more": "还有更多：--before {next}",
}
_MORE_EN: Final = {
    "kept": "message",
    "kept_yes": "kept; `aftercare mail retry {id}` takes it",
    "kept_no": "not kept",
    "message": "Message-ID",
    "told": "notify told",
    "none": "No letters.",
    "off": "No mailbox is set (AFTERCARE_INTAKE_IMAP_URL).",
    "unread": "{name} was not read yet",
    "read": "{name} was read at {at}",
    "trouble": "{name}: {why}",
    "more": "There are more: --before {next}",
}


def list_page(told: Wire, lang: str) -> RenderableType:
    """Letters in rows, and below them how the mailbox does."""
    letters = [{**each, "arrived_at": at_home(each["arrived_at"])} for each in told["letters"]]
    times = Times(each["arrived_at"] for each in letters)
    columns = [
        Column(_word("id", lang)),
        Column(_word("arrived", lang)),
        Column(_word("became", lang)),
        Column(_word("sender", lang), drop=1),
        Column(_word("subject", lang), wraps=True),
    ]
    rows = [
        [
            str(each["id"]),
            times.short(each["arrived_at"]),
            _became(each, lang),
            each.get("sender", ""),
            each["subject"],
        ]
        for each in letters
    ]
    below = [
        Text(line, "dim") for line in (times.note(lang), _mailbox(told["mailbox"], lang), _more(told, lang)) if line
    ]
    return Group(table(*columns, rows=rows) if rows else Text(_word("none", lang)), *below)


def letter_page(letter: Wire, lang: str) -> RenderableType:
    """One letter, a line for each thing that is known."""
    rows = [[_word(name, lang), value] for name, value in _lines(letter, lang)]
    return table(Column(""), Column("", wraps=True), rows=rows)


def _lines(letter: Wire, lang: str) -> Iterator[tuple[str, str]]:
    yield "became", _became(letter, lang)
    if letter.get("why"):
        yield "why", letter["why"]
    yield "sender", letter.get("sender", "–")
    yield "subject", letter["subject"] or "–"
    yield "arrived", at_home(letter["arrived_at"])
    yield "size", f"{letter['size']:,}"
    for each in letter["attachments"]:
        yield "attachments", f"{each['name']}  {each['content_type']}, {each['size']:,}  sha256 {each['sha256']}"
        yield "", each["file"]
    if letter.get("text"):
        yield "text", letter["text"]
    yield "message", letter["message_id"] or "–"
    yield "mailbox", letter["mailbox"]
    if letter.get("told_at"):
        yield "told", at_home(letter["told_at"])
    if letter["state"] in ("aside", "failed"):
        yield "kept", _word("kept_yes" if letter["kept"] else "kept_no", lang).format(id=letter["id"])


def _became(letter: Wire, lang: str) -> str:
    state = _word(letter["state"], lang)
    if "case_no" in letter:
        return f"{state} {letter['case_no']}"
    return f"{state}: {_word(letter['reason'], lang)}"


def _mailbox(mailbox: Wire, lang: str) -> str:
    if "name" not in mailbox:
        return _word("off", lang)
    if "trouble" in mailbox:
        return _word("trouble", lang).format(name=mailbox["name"], why=mailbox["trouble"])
    if "last_read_at" not in mailbox:
        return _word("unread", lang).format(name=mailbox["name"])
    return _word("read", lang).format(name=mailbox["name"], at=at_home(mailbox["last_read_at"]))


def _more(told: Wire, lang: str) -> str:
    return _word("more", lang).format(next=told["next"]) if "next" in told else ""


def _word(name: str, lang: str) -> str:
    words = _ZH if lang == "zh" else _EN | _MORE_EN
    return words.get(name, name)
