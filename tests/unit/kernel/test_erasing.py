"""Names, numbers and addresses are found by digest alone, in every way of writing them (AL-4)."""

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from shared.kernel.erasing import EMAIL, ERASED, NAME, PHONE, Eraser, contact_digests, digester, terms_of

DIGEST = digester(b"key")
ERASER = Eraser(
    DIGEST,
    [
        *terms_of(DIGEST, NAME, ["张三丰", "Li Na", "王"]),
        *terms_of(DIGEST, PHONE, ["+8613800138000", "+862087654321", "+442071838750"]),
        *terms_of(DIGEST, EMAIL, ["Zhang.San@mail.example"]),
    ],
)


@pytest.mark.parametrize(
    ("written", "clean"),
    [
        ("13800138000", ERASED),
        ("+86 138-0013-8000", ERASED),
        ("0086 138 0013 8000.", f"{ERASED}."),
        ("１３８００１３８０００", ERASED),
        ("打13800138000或(020)8765-4321", f"打{ERASED}或({ERASED}"),
        ("020-87654321转8", f"{ERASED}转8"),
        ("+44 (20) 7183 8750", ERASED),
        ("zhang.san@MAIL.example,", f"{ERASED},"),
        ("<Zhang.San@mail.example>", f"<{ERASED}>"),
        ("张 三丰先生", f"{ERASED}先生"),
        ("LI NA called, delivered lina", f"{ERASED} called, delivered {ERASED}"),
        ("delina", "delina"),
        ("王 is too short to be told from other words", "王 is too short to be told from other words"),
        ("case 138001380001 of 2026-10-09T13:08:00+08:00", f"case {ERASED}1 of 2026-10-09T13:08:00+08:00"),
    ],
)
def test_every_way_of_writing(written: str, clean: str) -> None:
    assert ERASER.text(written) == clean


def test_a_field_that_holds_nothing_else_becomes_null() -> None:
    told = {"customer": {"name": "张三丰", "phone": "+8613800138000"}, "subject": "张三丰", "seen": ["张三丰"], "n": 1}
    clean = {"customer": {"name": None, "phone": None}, "subject": ERASED, "seen": [ERASED], "n": 1}
    assert ERASER.document(told) == clean


@settings(max_examples=60)
@given(before=st.text(max_size=30), after=st.text(max_size=30), known=st.sampled_from(["13800138000", "张三丰"]))
def test_it_is_found_wherever_it_stands(before: str, after: str, known: str) -> None:
    assert known not in ERASER.text(f"{before}{known}{after}")


@settings(max_examples=60)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60))
def test_other_texts_stay_as_they_are(text: str) -> None:
    strange = Eraser(DIGEST, terms_of(DIGEST, NAME, ["\U0010fffe\U0010fffd"]))
    assert strange.text(text) == text or "\U0010fffe" in text


def test_contacts_are_told_by_digest_and_key() -> None:
    (term,) = terms_of(DIGEST, PHONE, ["+8613800138000"])
    assert term.digest in contact_digests(DIGEST, "ring 138 0013 8000", [term.length])
    assert term.digest not in contact_digests(digester(b"other"), "ring 138 0013 8000", [term.length])
