"""How the proof works, in words for those who check it (AL-4)."""

from collections.abc import Mapping
from typing import Final

ALGORITHM: Final[tuple[Mapping[str, str], ...]] = (
    {
        "en": "H is SHA-256, written as 64 hexadecimal digits in lower case; NUL is one byte of zero; all "
        "texts are UTF-8. A lone surrogate stands as its three bytes.",
        "zh": "H 为 SHA-256，写作 64 位小写十六进制数字；NUL 为一个零字节；所有文本均为 UTF-8。单独的代理项"
        "按其三个字节计入。",
    },
    {
        "en": "Seal: `seal` = H(salt NUL body NUL detail_text). An entry without a salt had personal data "
        "erased from its texts; its seal stayed.",
        "zh": "封印：`seal` = H(salt NUL body NUL detail_text)。没有 salt 的条目已依法删除个人信息，封印保留。",
    },
    {
        "en": "Lasting part: of the JSON in `body`, the members seq, fact, at, recorded_at, by, key, "
        "due_at, voids that are there, and `set` (empty where there is none) without product, source "
        "and external_ref; written as JSON in ASCII, members sorted by name at every depth, no "
        "blanks.",
        "zh": "永久部分：取 `body` 中存在的 seq、fact、at、recorded_at、by、key、due_at、voids，以及去掉 "
        "product、source、external_ref 的 `set`（没有则为空对象）；写成 ASCII JSON，各层成员按名称排"
        "序，不含空格。",
    },
    {
        "en": 'Chain: chain(0) = H("aftercare case chain 1" NUL case_no); chain(n) = H(chain(n-1) NUL '
        "version NUL seal NUL lasting part).",
        "zh": '链：chain(0) = H("aftercare case chain 1" NUL case_no)；chain(n) = H(chain(n-1) NUL version '
        "NUL seal NUL 永久部分)。",
    },
    {
        "en": "Leaf of a digest: the bytes of SHA-256(0x00, case_no NUL seq NUL chain). Climb with `path` "
        "from place `leaf` in a level of `leaves` hashes: where a neighbour exists (place XOR 1 is "
        "less than the count), the next hash of the path is it, and the node is SHA-256(0x01, left, "
        "right); the place is halved, the count is halved rounding up, until one is left: `root` in "
        "the digest's body (RFC 6962).",
        "zh": "摘要的叶：SHA-256(0x00, case_no NUL seq NUL chain) 的字节。从位置 `leaf`、本层共 `leaves` 个"
        "哈希开始，用 `path` 向上：若存在相邻节点（位置 XOR 1 小于个数），则取路径的下一个哈希，节点"
        "为 SHA-256(0x01, 左, 右)；位置减半，个数减半向上取整，直到只剩一个：即摘要正文中的 `root`（"
        "RFC 6962）。",
    },
    {
        "en": "Signature: Ed25519 over the bytes of the digest's `body`, under the key whose fingerprint "
        "(SHA-256 of the 32 bytes of the public key) the body names. `previous` is H(body) of the "
        "digest before.",
        "zh": "签名：对摘要 `body` 的字节作 Ed25519 签名，密钥由正文中的指纹（公钥 32 字节的 SHA-256）指明"
        "。`previous` 为前一份摘要正文的 H(body)。",
    },
    {
        "en": "`at` is when a thing happened, `recorded_at` when it was written down; `detail.dated_back` "
        "marks what was dated back, `detail.claimed_at` an instant that was claimed and did not "
        "count.",
        "zh": "`at` 为事情发生的时间，`recorded_at` 为记录的时间；`detail.dated_back` 标明补记倒填的条目，"
        "`detail.claimed_at` 为声称而未被采信的时间。",
    },
)
