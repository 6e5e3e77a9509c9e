"""The proof of a case on paper: what it is, every entry with its seal, how to check it."""

import hashlib
import json
from typing import Any

import pytest

from shared.cli.printing.request import printed, proof_paper
from shared.cli.printing.words import Words
from tests.support.fonts import needs_font
from tests.unit.cli.test_printing import CASE, NOW, happened, text_of

pytestmark = needs_font


def sealed(seq: int, fact: str, **more: Any) -> dict[str, Any]:
    told = happened(seq, fact, **more)
    detail = told.pop("detail", {})
    seal, chain = (hashlib.sha256(f"{what}{seq}".encode()).hexdigest() for what in ("seal", "chain"))
    kept = {"seq": seq, "version": seq, "salt": None if seq == 2 else "ab", "seal": seal, "chain": chain}
    return kept | {"fact": told, "detail": detail, "body": json.dumps(told), "detail_text": json.dumps(detail)}


PROOF: dict[str, Any] = {
    "format": "aftercare case proof 1",
    "case_no": CASE["case_no"],
    "made_at": NOW,
    "case": {name: value for name, value in CASE.items() if name not in ("facts", "history")},
    "entries": [
        sealed(1, "received", by="zhang.min", set={"kind": "complaint"}, detail={"account": {"subject": "瓷砖空鼓"}}),
        sealed(2, "replied", text="我们周一上门"),
        sealed(3, "arrived", detail={"dated_back": True, "at_reason": "没有网络"}),
    ],
    "digests": [
        {
            "no": 1,
            "seq": 2,
            "chain": "c" * 64,
            "leaf": 4,
            "leaves": 9,
            "path": ["d" * 64, "e" * 64],
            "body": json.dumps({"day": "2026-10-12", "root": "f" * 64}),
            "signature": "9" * 128,
        }
    ],
    "sealed_up_to": 2,
    "keys": {"7" * 64: "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----\n"},
    "algorithm": [{"en": "Seal: H of all that was written.", "zh": "封印：全文的哈希。"}],
}


def told(tongue: str = "both", **change: Any) -> str:
    return text_of(printed(proof_paper(PROOF | change, Words(tongue), by="auditor"), None).data)


@pytest.fixture(scope="module")
def everything() -> str:
    return told()


@pytest.mark.parametrize(
    "said",
    [
        *("工单记录证明Proofofacasefile", "每条记录都有封印", "Itischeckedwithoutus", "signeduptoentry2"),
        *(
            "类型kind:投诉complaint",
            "受理内容account.主题subject:瓷砖空鼓",
            "我们周一上门",
            "补记倒填datedback:是yes",
            "没有网络",
            "Personaldatawaserasedfromit.",
            "Notsignedyet.",
        ),
        *("c" * 64, "d" * 64, "f" * 64, "9" * 128, "7" * 64, "-----BEGINPUBLICKEY-----"),
        *("1.封印：全文的哈希。", "1.Seal:Hofallthatwaswritten."),
        *(hashlib.sha256(f"{what}{seq}".encode()).hexdigest() for what in ("seal", "chain") for seq in (1, 2, 3)),
    ],
)
def test_what_is_on_it(everything, said):
    assert said in everything


def test_it_comes_in_one_language():
    assert "封印" not in told("en")
    assert "checked without us" not in told("zh")


def test_a_case_without_a_digest_says_so():
    assert "Thereisnosigneddigestyet." in told(digests=[], keys={}, sealed_up_to=0)
