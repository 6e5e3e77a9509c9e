"""SMS: alphabets, parts and their sizes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notify.domain.sms import GSM7, UCS2, segments, shortened

# Written again from the standard's tables, apart from the code's own.
GSM_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_ESCAPED = "\f^{}\\[~]|€"


def size(alphabet: str, part: str) -> int:
    if alphabet == UCS2:
        return len(part.encode("utf-16-be")) // 2
    return sum(2 if letter in GSM_ESCAPED else 1 for letter in part)


@pytest.mark.parametrize(
    ("text", "alphabet", "count"),
    [
        ("", GSM7, 1),
        ("a" * 160, GSM7, 1),
        ("a" * 161, GSM7, 2),
        ("a" * 306, GSM7, 2),
        ("a" * 307, GSM7, 3),
        ("€" * 80, GSM7, 1),
        ("€" * 81, GSM7, 2),
        ("a" * 152 + "€" + "b" * 10, GSM7, 2),
        ("修" * 70, UCS2, 1),
        ("修" * 71, UCS2, 2),
        ("修" * 134, UCS2, 2),
        ("修" * 135, UCS2, 3),
        ("😀" * 35, UCS2, 1),
        ("😀" * 36, UCS2, 2),
        ("ç", UCS2, 1),
    ],
)
def test_segments_are_counted_as_providers_bill_them(text, alphabet, count):
    found = segments(text)
    assert (found.alphabet, found.count) == (alphabet, count)


def test_neither_an_escape_nor_a_surrogate_pair_is_torn_apart():
    assert segments("a" * 152 + "€" * 10).parts[0] == "a" * 152
    assert segments("修" * 66 + "😀" * 10).parts[0] == "修" * 66


GSM = st.text(GSM_BASIC + GSM_ESCAPED, max_size=400)
ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


@settings(max_examples=80)
@given(st.one_of(GSM, ANY, st.builds(lambda a, b: a * 30 + b, st.text("修€😀{", max_size=8), GSM)))
def test_the_parts_are_the_text_and_each_fits(text):
    found = segments(text)
    assert "".join(found.parts) == text
    room = {GSM7: (160, 153), UCS2: (70, 67)}[found.alphabet][found.count > 1]
    assert all(size(found.alphabet, part) <= room for part in found.parts)
    assert found.alphabet == (GSM7 if set(text) <= set(GSM_BASIC + GSM_ESCAPED) else UCS2)
    if found.count > 1:
        assert size(found.alphabet, text) > {GSM7: 160, UCS2: 70}[found.alphabet]
        # No part is cut early: the next letter would not have fitted.
        pairs = zip(found.parts, found.parts[1:], strict=False)
        assert all(size(found.alphabet, part + after[0]) > room for part, after in pairs)


@settings(max_examples=60)
@given(st.text(alphabet=f"{GSM_BASIC}{GSM_ESCAPED}修😀", max_size=700), st.integers(1, 4))
def test_a_long_text_is_shortened_to_what_may_be_sent(text: str, most: int) -> None:
    short = shortened(text, most)
    assert segments(short).count <= most
    if segments(text).count <= most:
        assert short == text
    else:
        assert short.endswith("...")
        assert text.startswith(short[:-3])
