"""Taking somebody's name, numbers and addresses out of what was written, without knowing them (AL-4).

Whoever erases says keyed digests of them, never themselves: what is looked for may lie in queues for days. A text is
read for what could be a number, an address, or a name of the right length, and the digest of each is compared.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from shared.kernel.contacts import national_number

ERASED: Final = "[erased]"
NAME: Final = "name"
PHONE: Final = "phone"
EMAIL: Final = "email"
KINDS: Final = (NAME, PHONE, EMAIL)
SHORTEST: Final[Mapping[str, int]] = {NAME: 2, PHONE: 6, EMAIL: 3}
"""What is shorter says nothing, and stands in half of all texts."""

_PERSONAL_KEYS: Final = frozenset("name phone email address customer_name customer_phone customer_email to".split())
_DIGITS: Final = re.compile(r"\d(?:[\s().·/+-]{0,3}\d){5,}")
_COUNTRY: Final = re.compile(r"(?:\+|00)[1-9]\d{0,2}[\s()-]{0,3}$|0$")
"""What may stand before the digits that a term has: the code of the country, or the zero dialled inside it."""
_MAIL: Final = re.compile(r"[^\s<>\"',;:()\[\]，。；：、（）《》]+@[^\s<>\"',;:()\[\]，。；：、（）《》]+")
_WIDE: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}

Span = tuple[int, int]
Digest = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Term:
    """One thing to look for: of which kind, how long, its keyed digest; `shared` when it is somebody else's too."""

    kind: str
    length: int
    digest: str
    shared: bool = False


def digester(key: bytes) -> Digest:
    """How digests are made with this key; nobody without it can try numbers until one fits."""

    def digest(kind: str, plain: str) -> str:
        return hmac.digest(key, f"{kind}:{plain}".encode("utf-8", "surrogatepass"), hashlib.sha256).hex()[:40]

    return digest


def terms_of(digest: Digest, kind: str, values: Iterable[str], *, shared: Iterable[str] = ()) -> list[Term]:
    """The terms of these values: numbers are E.164; what is too short to be told from other text is left out."""
    common = frozenset(shared)
    plains = {value: _plain(kind, value) for value in values}
    return [
        Term(kind, len(plain), digest(kind, plain), value in common)
        for value, plain in plains.items()
        if len(plain) >= SHORTEST[kind]
    ]


def contact_digests(digest: Digest, text: str, phone_lengths: Iterable[int]) -> set[str]:
    """The digests of everything in a text that could be an address, or a number of one of these lengths."""
    folded = _folded(text)
    found = {digest(EMAIL, folded[begin:end]) for begin, end in _mails(folded)}
    for length in set(phone_lengths):
        found |= {digest(PHONE, digits) for digits, _span in _numbers(folded, length)}
    return found


class Eraser:
    """Takes what it knows by digest out of texts and documents; `mark` stands where it was."""

    def __init__(self, digest: Digest, terms: Iterable[Term], mark: str = ERASED) -> None:
        self._digest = digest
        self._mark = mark
        self._wanted = {kind: {term.digest for term in terms if term.kind == kind} for kind in KINDS}
        self._lengths = {kind: sorted({term.length for term in terms if term.kind == kind}) for kind in KINDS}

    def is_whole(self, text: str) -> bool:
        """Whether a text is just what is looked for."""
        return self.text(text) == self._mark

    def text(self, text: str) -> str:
        """The text without it."""
        spans = self._spans(text)
        if not spans:
            return text
        parts, at = [], 0
        for begin, end in _together(spans):
            parts += [text[at:begin], self._mark]
            at = end
        return "".join([*parts, text[at:]])

    def document(self, value: Any, name: str = "") -> Any:
        """A document without it, at any depth; where a field held nothing else stands null."""
        if isinstance(value, str):
            return None if name in _PERSONAL_KEYS and self.is_whole(value) else self.text(value)
        if isinstance(value, Mapping):
            return {key: self.document(inner, key) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self.document(inner) for inner in value]
        return value

    def _spans(self, text: str) -> list[Span]:
        folded = _folded(text)
        return [*self._mail_spans(folded), *self._number_spans(folded), *self._name_spans(folded)]

    def _mail_spans(self, folded: str) -> Iterator[Span]:
        wanted = self._wanted[EMAIL]
        for begin, end in _mails(folded) if wanted else ():
            if self._digest(EMAIL, folded[begin:end]) in wanted:
                yield begin, end

    def _number_spans(self, folded: str) -> Iterator[Span]:
        wanted = self._wanted[PHONE]
        for length in self._lengths[PHONE]:
            for digits, (begin, end) in _numbers(folded, length):
                if self._digest(PHONE, digits) in wanted:
                    code = _COUNTRY.search(folded, max(0, begin - 12), begin)
                    yield (code.start() if code else begin), end

    def _name_spans(self, folded: str) -> Iterator[Span]:
        wanted = self._wanted[NAME]
        places = [place for place, sign in enumerate(folded) if not sign.isspace()] if wanted else []
        solid = "".join(folded[place] for place in places)
        for length in self._lengths[NAME]:
            for start in range(len(solid) - length + 1):
                begin, end = places[start], places[start + length - 1] + 1
                if _stands_alone(folded, begin, end) and self._digest(NAME, solid[start : start + length]) in wanted:
                    yield begin, end


def _plain(kind: str, value: str) -> str:
    if kind == PHONE:
        return national_number(value)
    folded = _folded(value)
    return folded if kind == EMAIL else re.sub(r"\s", "", folded)


def _folded(text: str) -> str:
    """The text sign by sign without width and case, so that every place in it stays what it was."""
    narrow = text.translate(_WIDE)
    low = narrow.lower()
    if len(low) == len(text):
        return low
    return "".join(each if len(each := sign.lower()) == 1 else sign for sign in narrow)


def _mails(folded: str) -> Iterator[Span]:
    for found in _MAIL.finditer(folded):
        yield found.start(), found.start() + len(found.group().rstrip(".!?"))


def _numbers(folded: str, length: int) -> Iterator[tuple[str, Span]]:
    """Every row of so many digits, however they are grouped."""
    for found in _DIGITS.finditer(folded):
        places = [found.start() + at for at, sign in enumerate(found.group()) if sign.isdecimal()]
        digits = "".join(folded[place] for place in places)
        for start in range(len(digits) - length + 1):
            yield digits[start : start + length], (places[start], places[start + length - 1] + 1)


def _stands_alone(folded: str, begin: int, end: int) -> bool:
    """Whether a name in Latin letters is a word of its own: no `Li` in `delivered`."""
    before = folded[begin - 1 : begin] if begin else ""
    return not (_goes_on(before, folded[begin]) or _goes_on(folded[end - 1], folded[end : end + 1]))


def _goes_on(left: str, right: str) -> bool:
    return left.isascii() and right.isascii() and left.isalnum() and right.isalnum()


def _together(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, those that touch made one."""
    joined: list[Span] = []
    for begin, end in sorted(spans):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return joined
