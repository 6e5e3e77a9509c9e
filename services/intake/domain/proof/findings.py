"""What a check finds, in words (AL-4)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})

WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "no_entries": ("has no entries at all", "没有任何条目"),
    "no_case": ("has entries and no case that they belong to", "条目存在，但所属案件不存在"),
    "gap": ("entries {first} to {last} are missing", "缺少第 {first} 至第 {last} 条"),
    "misplaced": (
        "stands at number {seq} and says that it is number {said}: moved, or from another place",
        "位于第 {seq} 条，内容却自称第 {said} 条：被移动或来自别处",
    ),
    "unreadable": ("cannot be read: {why}", "无法读取：{why}"),
    "strange": ("holds what no case of ours ever held: {why}", "含有本系统案件中从未有过的内容：{why}"),
    "unchained": (
        "is not chained: an older release wrote it (let the service run for a while), or its chain was taken away",
        "没有链值：由旧版本写入（请让服务运行一段时间），或链值被删除",
    ),
    "seal": ("was changed after it was written: its text does not fit its seal", "写入后被改动：文本与封印不符"),
    "no_seal": ("has lost its seal", "封印缺失"),
    "no_salt": (
        "has lost its salt, although no erasure is on record after it",
        "盐值缺失，而其后并无删除个人信息的记录",
    ),
    "remains": (
        "was changed after the erasure at entry {seq}: what was left then is not what is there",
        "在第 {seq} 条删除个人信息之后被改动：当时留下的内容与现有内容不符",
    ),
    "chain": (
        "does not follow from the entry before it: this one or one before was changed, removed, inserted or exchanged",
        "与前一条不能衔接：本条或之前的条目被改动、删除、插入或调换",
    ),
    "version": (
        "came with version {version}, which cannot follow {before}",
        "版本为 {version}，不可能接在 {before} 之后",
    ),
    "head": ("its head {head} is not the chain of its last entry", "案件的链头 {head} 不是最后一条的链值"),
    "row": (
        "says {column} = {is_} and its entries make it {made}",
        "案件记录为 {column} = {is_}，而由条目推得 {made}",
    ),
    "row_text": ("its {column} is not what its entries make it", "案件的 {column} 与由条目推得的不符"),
    "no_replay": ("its entries make no case: {why}", "由条目无法还原案件：{why}"),
    "behind": (
        "the witness saw entry {seq}, the database has none: rolled back, cut short, or an old copy",
        "见证记录有第 {seq} 条，数据库中没有：被回退、截断，或为旧副本",
    ),
    "forged": (
        "is not what the witness saw: written anew, with a chain made to fit",
        "与见证记录不符：被重写，并配上了新的链值",
    ),
    "witness_line": ("line {line} of the witness cannot be read", "见证记录第 {line} 行无法读取"),
    "digest_gap": ("is missing", "缺失"),
    "digest_text": ("is no digest", "不是摘要"),
    "digest_row": ("is listed otherwise than it says", "检索信息与内容不符"),
    "digest_link": ("does not follow from the digest before it", "与前一份摘要不能衔接"),
    "digest_key": ("was signed by a key that is not known here", "由未知的密钥签名"),
    "digest_signature": ("its signature is not right", "签名不正确"),
    "digest_leaves": ("does not stand for the cases that are listed with it", "与其列出的案件不符"),
    "digest_head": (
        "digest {digest} has seen another entry {seq}: changed, cut short or written anew since",
        "摘要 {digest} 见证的第 {seq} 条与现有条目不同：之后被改动、截断或重写",
    ),
    "digest_outside": (
        "is in the folder of digests and not so in the database",
        "摘要文件夹中存在，数据库中没有或不同",
    ),
    "digest_reads": (
        "has seen read {seq} of {writer}, which is not on record any more",
        "见证了 {writer} 的第 {seq} 条查阅记录，现已不存在或不同",
    ),
    "evidence_gone": ("its file of evidence {digest} is gone", "证据文件 {digest} 已不存在"),
    "evidence_changed": ("its file of evidence {digest} was changed", "证据文件 {digest} 被改动"),
    "read_gap": ("reads {first} to {last} are missing", "缺少第 {first} 至第 {last} 条查阅记录"),
    "read_chain": ("read {seq} was changed, removed or exchanged", "第 {seq} 条查阅记录被改动、删除或调换"),
    "read_row": ("read {seq} is listed otherwise than it says", "第 {seq} 条查阅记录的检索信息与内容不符"),
    "read_behind": (
        "the witness saw read {seq}, which the database has not, or not so",
        "见证记录有第 {seq} 条查阅记录，数据库中没有或不同",
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was written."""

    code: str
    where: str
    """The number of the case; else what it is about: a digest, a chain of reads, a file."""
    seq: int | None = None
    more: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)

    def said(self) -> dict[str, str]:
        """What is wrong, in both languages."""
        known = {"seq": self.seq, **self.more}
        english, chinese = WORDS[self.code]
        return {"en": english.format(**known), "zh": chinese.format(**known)}

    def told(self) -> dict[str, Any]:
        """The same for programs."""
        at = {} if self.seq is None else {"seq": self.seq}
        return {"code": self.code, "where": self.where, **at, "what": self.said()}
