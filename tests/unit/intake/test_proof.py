"""Chains and trees against their definitions, written a second time as they are told (AL-4, RFC 6962)."""

import hashlib
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.domain.proof import tree
from services.intake.domain.proof.chain import Head, lasting_text
from services.intake.domain.proof.digest import Draft, Leaf, digest_hash, path_of, root_of
from services.intake.domain.proof.findings import WORDS, Finding
from services.intake.domain.proof.reads import harmless
from services.intake.domain.sealing import lasting, spare_lasting

texts = st.text(max_size=20)
anything = st.recursive(
    texts | st.booleans() | st.none() | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)
facts = st.fixed_dictionaries(
    {"seq": st.integers(1, 10**6), "fact": texts, "at": texts, "recorded_at": texts, "by": texts},
    optional={
        "key": texts,
        "due_at": texts,
        "voids": texts,
        "text": texts,
        "set": st.dictionaries(texts | st.sampled_from(["product", "owner"]), anything),
    },
)


@settings(max_examples=60)
@given(facts)
def test_the_lasting_part_has_one_form(fact: dict[str, Any]) -> None:
    assert lasting_text(fact) == json.dumps(lasting(fact), sort_keys=True, separators=(",", ":"))


@settings(max_examples=60)
@given(facts)
def test_what_lasts_is_spared_and_nothing_else(fact: dict[str, Any]) -> None:
    erased: dict[str, Any] = dict.fromkeys(fact)
    erased |= {"set": {name: None for name in fact["set"]}} if "set" in fact else {}
    spared = spare_lasting(fact, erased)
    assert lasting_text(spared) == lasting_text(fact)
    assert spared.get("text") is None
    assert spared.get("set", {}).get("product") is None


def as_in_the_rfc(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, 2.1."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256(b"").digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    left, right = as_in_the_rfc(leaves[:split]), as_in_the_rfc(leaves[split:])
    return hashlib.sha256(b"\x01" + left + right).digest()


@settings(max_examples=40)
@given(st.integers(0, 70), st.data())
def test_every_leaf_climbs_to_the_root_of_the_rfc(count: int, data: Any) -> None:
    leaves = [tree.leaf(f"case {number}") for number in range(count)]
    root = tree.root(leaves)
    assert root == as_in_the_rfc(leaves)
    if not count:
        return
    place = data.draw(st.integers(0, count - 1))
    path = tree.path(leaves, place)
    assert tree.climb(leaves[place], place, count, path) == root
    assert tree.climb(tree.leaf("another"), place, count, path) != root
    assert tree.climb(leaves[place], place, count, [*path, root]) is None
    assert not path or tree.climb(leaves[place], place, count, path[1:]) != root


def test_a_digest_says_what_it_stands_for() -> None:
    leaves = [Leaf(f"{number:012}", Head(number, "a" * 64)) for number in range(1, 6)]
    draft = Draft(no=2, at="2026-10-10T00:00:00+08:00", previous="b", leaves=leaves, reads={"w": Head(3, "c")}, key="k")
    said = json.loads(draft.text())
    assert (said["cases"], said["root"], said["reads"]) == (5, root_of(leaves), {"w": [3, "c"]})
    assert digest_hash(draft.text()) == hashlib.sha256(draft.text().encode()).hexdigest()
    path = [bytes.fromhex(each) for each in path_of(leaves, 4)]
    root = tree.climb(tree.leaf(leaves[4].text), 4, 5, path)
    assert root is not None
    assert root.hex() == said["root"]


def test_nothing_personal_of_a_question_is_kept() -> None:
    asked = {"text": "张三", "phone": "13800138000", "region": "south", "case_no": "1", "by": "x", "limit": 5}
    assert harmless(asked) == {"text": "[not kept]", "phone": "[not kept]", "region": "south"}


def test_every_finding_has_words_in_both_languages() -> None:
    more = dict.fromkeys("first last said why version before head column is_ made line digest writer".split(), "x")
    for code in WORDS:
        said = Finding(code, "1", 2, more).said()
        assert said["en"].isascii()
        assert not said["zh"].isascii()
