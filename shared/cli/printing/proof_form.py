"""The proof of a case on paper (AL-4): what it shows, every entry with its seal, signed digests, how to check it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from shared.cli.printing.blocks import Block, Entry, Heading, Pair, Pairs, Passage, Remark, Sheet
from shared.cli.printing.register_form import who_when
from shared.cli.printing.words import NOTHING, Words, moment
from shared.cli.telling import Wire, everything

_PLAIN: Final = (
    (
        "本文件列出该工单的全部记录，按记录先后排列。每条记录都有封印（由其全文算出的哈希），并与前一条记录相链：改动、"
        "删除、插入或调换任何一条，此后的链值都不再相符。",
        "This paper holds every entry of the case in the order of recording. Each entry has a seal, a hash of all that "
        "was written, and is chained to the one before: whoever changes, removes, inserts or swaps one makes every "
        "chain value after it wrong.",
    ),
    (
        "已签名的摘要把链值固定在签名当日：此后连本系统的管理员也无法改动而不被发现。摘要之后的记录尚未签名。",
        "A signed digest fixes the chain as it stood on its day: from then on not even who runs the suite can change "
        "it unseen. Entries after the last digest are not signed yet.",
    ),
    (
        "核验不需要我们：取同一证明的 JSON 文件（aftercare case proof 工单号 --by 姓名 --out 文件.json），"
        "按末页所述步骤计算，并将公钥指纹与另行取得的指纹比对；程序 verify_proof.py 代为计算，只需 Python 与 openssl。"
        "纸面与 JSON 的最后链值必须相同。",
        "It is checked without us: take the same proof as JSON (aftercare case proof CASE_NO --by NAME --out "
        "FILE.json), reckon as the last page says, and compare the fingerprint of the key with one that you got by "
        "another way; the program verify_proof.py does it with Python and openssl alone. The last chain value of the "
        "paper and of the JSON must be the same.",
    ),
)


def proof_sheets(proof: Wire, words: Words) -> list[Sheet]:
    """The cover, the entries, the digests, the way to check."""
    number = proof["case_no"]
    return [
        Sheet(words.say("工单记录证明", "Proof of a case file"), number, list(_cover(proof, words))),
        Sheet(words.say("全部记录", "Every entry"), number, list(_entries(proof, words))),
        Sheet(words.say("签名的摘要", "Signed digests"), number, list(_digests(proof, words))),
        Sheet(words.say("如何核验", "How to check it"), number, list(_method(proof, words))),
    ]


def _cover(proof: Wire, words: Words) -> Iterator[Block]:
    case, entries = proof["case"], proof["entries"]
    last = entries[-1]["chain"] if entries else NOTHING
    yield Pairs(
        [
            (words.label("subject"), case.get("subject") or NOTHING),
            (words.label("state"), words.state(case["state"])),
            (words.say("制作时间", "made at"), moment(proof["made_at"])),
            (words.say("记录条数", "entries"), str(len(entries))),
            (words.say("签名覆盖至", "signed up to entry"), str(proof["sealed_up_to"] or NOTHING)),
            (words.say("摘要份数", "digests"), str(len(proof["digests"]))),
        ]
    )
    yield Passage(words.say("最后链值", "last chain value"), last)
    yield Passage(words.say("公钥指纹", "fingerprint of the key"), "\n".join(proof["keys"]) or NOTHING)
    yield Heading(words.say("说明", "What this is"))
    yield from (Passage("", text) for zh, en in _PLAIN for text in _each(zh, en, words))


def _each(zh: str, en: str, words: Words) -> list[str]:
    """A paragraph, or one in each language."""
    return [text for tongue, text in (("zh", zh), ("en", en)) if words.tongue in (tongue, "both")]


def _entries(proof: Wire, words: Words) -> Iterator[Block]:
    signed = proof["sealed_up_to"]
    for entry in proof["entries"]:
        happened = _happened(entry)
        head = f"{entry['seq']}  {words.fact(happened['fact'])}  {who_when(happened, words)}"
        yield Entry(head, [*_said(happened, words), *_marks(entry, signed, words)])


def _happened(entry: Wire) -> dict[str, Any]:
    return {**entry["fact"], "seq": entry["seq"], "detail": entry.get("detail") or {}}


def _said(happened: Wire, words: Words) -> Iterator[Pair]:
    yield from ((words.label(name) if name else "", words.value(value)) for name, value in everything(happened))


def _marks(entry: Wire, signed: int, words: Words) -> Iterator[Pair]:
    yield words.say("版本", "version"), str(entry["version"])
    yield words.say("封印", "seal"), str(entry["seal"] or NOTHING)
    yield words.say("链值", "chain"), str(entry["chain"] or NOTHING)
    if entry.get("salt") is None:
        yield words.say("注", "note"), words.say("个人信息已依法清除。", "Personal data was erased from it.")
    if entry["seq"] > signed:
        yield words.say("注", "note"), words.say("尚未签名。", "Not signed yet.")


def _digests(proof: Wire, words: Words) -> Iterator[Block]:
    if not proof["digests"]:
        yield Remark(words.say("尚无签名的摘要。", "There is no signed digest yet."))
    for digest in proof["digests"]:
        yield Heading(f"{words.say('摘要', 'Digest')} {digest['no']}")
        place = f"{digest['leaf']} / {digest['leaves']}"
        yield Pairs(
            [(words.say("覆盖至记录", "up to entry"), str(digest["seq"])), (words.say("叶位置", "leaf"), place)]
        )
        yield Passage(words.say("链值", "chain"), digest["chain"])
        yield Passage(words.say("路径", "path"), "\n".join(digest["path"]) or NOTHING)
        yield Passage(words.say("签名的正文", "signed text"), _readable(digest["body"]))
        yield Passage(words.say("签名", "signature"), digest["signature"])
    for fingerprint, public in proof["keys"].items():
        yield Heading(words.say("公钥", "Public key"))
        yield Passage(words.say("指纹", "fingerprint"), fingerprint)
        yield Passage("PEM", public)


def _readable(body: str) -> str:
    """The text that was signed, a member a line; its very bytes are in the JSON file."""
    try:
        found = json.loads(body)
    except ValueError:
        return body
    return "\n".join(f"{name}: {value}" for name, value in found.items()) if isinstance(found, Mapping) else body


def _method(proof: Wire, words: Words) -> Iterator[Block]:
    for number, step in enumerate(proof["algorithm"], 1):
        yield from (Passage("", f"{number}. {text}") for text in _each(step["zh"], step["en"], words))
