"""Whether the entries of a case are what was written, and make the case that is on file (AL-4)."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final, Protocol

from services.intake.domain.case import Case
from services.intake.domain.facts import Entry
from services.intake.domain.proof.chain import Head, begin, follow, remains
from services.intake.domain.proof.findings import Finding
from services.intake.domain.replay import replay
from services.intake.domain.sealing import seal
from services.intake.domain.vocabulary import ERASED
from services.intake.domain.wire import Wire, fact_from_wire
from shared.kernel.errors import AftercareError

NO_CASE: Final = (
    KeyError,
    TypeError,
    ValueError,
    AttributeError,
    IndexError,
    OverflowError,
    RecursionError,
    AftercareError,
)
"""What comes of replaying entries that no case ever had."""

PERSONAL: Final = frozenset(
    "customer_name customer_phone customer_email subject description demand product source external_ref "
    "handling".split()
)
"""Columns of which an erasure takes parts, so that they are not those that the entries make any more."""
SHOWN: Final = 80


_DECODE: Final = json.JSONDecoder().raw_decode


class Row(Protocol):
    """An entry as it is kept."""

    @property
    def seq(self) -> int:
        """Its number."""

    @property
    def version(self) -> int:
        """The request that it came with."""

    @property
    def body(self) -> str:
        """The fact."""

    @property
    def detail(self) -> str:
        """What intake alone keeps of it."""

    @property
    def salt(self) -> str | None:
        """Gone where something was erased."""

    @property
    def seal(self) -> str | None:
        """Over all of it."""

    @property
    def chain(self) -> str | None:
        """Over it and all before it."""


class Examined:
    """The entries of one case: what is wrong with them, and the case that they make."""

    def __init__(self, case_no: str, rows: Sequence[Row]) -> None:
        self.case_no = case_no
        self.rows = rows
        self.findings: list[Finding] = []
        self.entries: list[Entry] = []
        self.is_erased = any(row.salt is None for row in rows)
        self.head = begin(case_no)
        self._erased_at = 0
        self._read()

    def _read(self) -> None:
        version, expected = 0, 1
        for row in self.rows:
            if row.seq != expected:
                self._find("gap", None, first=expected, last=row.seq - 1)
            if not version <= row.version <= version + 1 or row.version < 1:
                self._find("version", row.seq, version=row.version, before=version)
            self._read_one(row)
            version, expected = row.version, row.seq + 1
        if self.is_erased:
            self._look_at_erasures()

    def _read_one(self, row: Row) -> None:
        try:
            fact, detail = _parsed(row.body), _parsed(row.detail)
            self.entries.append(Entry(fact_from_wire(fact), detail))
        except NO_CASE as error:
            self._find("unreadable", row.seq, why=repr(error)[:200])
            fact = {}
        if fact and fact["seq"] != row.seq:
            self._find("misplaced", row.seq, said=fact["seq"])
        self._check_seal(row)
        self._check_chain(row, fact)

    def _check_seal(self, row: Row) -> None:
        if row.seal is None:
            self._find("no_seal", row.seq)
        elif row.salt is not None and seal(row.salt, row.body, row.detail) != row.seal:
            self._find("seal", row.seq)

    def _check_chain(self, row: Row, fact: Wire) -> None:
        if row.chain is None:
            self._find("unchained", row.seq)
            return
        if fact and follow(self.head.chain, row.version, row.seal or "", fact) != row.chain:
            self._find("chain", row.seq)
        self.head = Head(row.seq, row.chain)

    def _look_at_erasures(self) -> None:
        """Whoever takes a salt away says so; the last who did proves all that was left then."""
        told = [entry for entry in self.entries if entry.fact.name == ERASED]
        last = told[-1].fact.seq if told else 0
        for row in self.rows:
            if row.salt is None and row.seal is not None and row.seq >= last:
                self._find("no_salt", row.seq)
        left = told[-1].detail.get("remains") if told else None
        texts = (text for row in self.rows if row.seq < last for text in (row.body, row.detail))
        if left is not None and remains(texts) != left:
            self._find("remains", last)

    def case(self) -> Case | None:
        """The case that the entries make."""
        try:
            return replay(self.case_no, self.entries)
        except NO_CASE as error:
            self._find("no_replay", None, why=repr(error)[:200])
            return None

    def _find(self, code: str, seq: int | None, **more: Any) -> None:
        self.findings.append(Finding(code, self.case_no, seq, more))


def differences(
    case_no: str, kept: Mapping[str, Any], made: Mapping[str, Any], passed: Collection[str]
) -> Iterator[Finding]:
    """The columns in which the case on file is not the one that its entries make; those `passed` are not looked at."""
    for column, value in made.items():
        if column in passed or kept[column] == value:
            continue
        if column in PERSONAL:  # what is found is shown to people, and may be printed
            yield Finding("row_text", case_no, None, {"column": column})
        else:
            yield Finding("row", case_no, None, {"column": column, "is_": _short(kept[column]), "made": _short(value)})


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def _parsed(text: str) -> Any:
    """What JSON text says that has no blanks around it."""
    value, end = _DECODE(text)
    if end != len(text):
        raise ValueError("something stands behind the JSON")
    return value
