"""The cases: seals, chains, gaps, and whether the entries make the case that is on file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from services.intake.domain.proof.findings import Finding
from services.intake.domain.proof.judging import NO_CASE, PERSONAL, Examined, differences
from services.intake.domain.replay import may_lack_handling
from services.intake.gateways.audit import Seen
from services.intake.storage import proof_reading
from services.intake.storage.proof_reading import Window
from services.intake.storage.rows import case_row
from shared.base.database import Database

MOST_FINDINGS: Final = 1_000
"""More are counted, and not told one by one."""

_NOT_MADE: Final = frozenset(("customer_id",))
"""Whose a case is, is found by number and address: no entry says it."""
_ERASED: Final = _NOT_MADE | PERSONAL


@dataclass
class Report:
    """What was looked at, and what was found."""

    entries: int = 0
    findings: list[Finding] = field(default_factory=list)
    count: int = 0
    unwitnessed: list[tuple[str, int]] = field(default_factory=list)
    """Entries with which a commit ended, and of which no line stands outside: a crash, or somebody who added them."""

    def add(self, finding: Finding) -> None:
        """One more."""
        self.count += 1
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(finding)

    def join(self, other: "Report") -> None:
        """What another one found."""
        self.entries += other.entries
        self.count += other.count
        self.findings += other.findings[: MOST_FINDINGS - len(self.findings)]
        self.unwitnessed += other.unwitnessed[: MOST_FINDINGS - len(self.unwitnessed)]

    def told(self) -> dict[str, Any]:
        """For programs."""
        found = [each.told() for each in self.findings]
        unwitnessed = [{"case_no": case_no, "seq": seq} for case_no, seq in self.unwitnessed]
        return {
            "entries": self.entries,
            "count": self.count,
            "clean": not self.count,
            "findings": found,
            "unwitnessed": unwitnessed,
        }


def walk(database: Database, seen: Seen, window: Window) -> Report:
    """What is wrong with the cases of these keys, by themselves and by what the witness saw of them."""
    report = Report()
    with proof_reading.one_state(database) as connection:
        cases = {row["id"]: row for row in proof_reading.cases_in(connection, window)}
        for case_id, rows in proof_reading.entries_in(connection, window):
            row = cases.pop(case_id, None)
            if row is None:
                report.add(Finding("no_case", f"#{case_id}"))
            else:
                _judge(report, seen, row, rows)
            report.entries += len(rows)
    for row in cases.values():
        report.add(Finding("no_entries", row["case_no"]))
        _compare(report, seen, row["case_no"], {})
    return report


def _judge(report: Report, seen: Seen, row: Mapping[str, Any], rows: list[Any]) -> None:
    try:
        for finding in _wrong(row, rows):
            report.add(finding)
    except NO_CASE as error:
        report.add(Finding("strange", str(row["case_no"]), None, {"why": repr(error)[:200]}))
    witnessed = _compare(report, seen, row["case_no"], {each.seq: each.chain for each in rows})
    ends = {each.version: each.seq for each in rows}
    began = min(witnessed, default=0)
    report.unwitnessed += [
        (row["case_no"], seq) for seq in ends.values() if seq not in witnessed and _is_behind(seq, began)
    ]


def _is_behind(seq: Any, began: int) -> bool:
    """What an older release wrote before the witness began to see a case needs no line."""
    return isinstance(seq, int) and seq > began


def _compare(report: Report, seen: Seen, case_no: str, chains: Mapping[int, str | None]) -> set[int]:
    """Everything that the witness saw of a case must be there as it saw it; the entries that it saw."""
    witnessed = set()
    for seq, chain in seen.of(case_no):
        witnessed.add(seq)
        if seq not in chains:
            report.add(Finding("behind", case_no, seq))
        elif chains[seq] != chain:
            report.add(Finding("forged", case_no, seq))
    return witnessed


def _wrong(row: Mapping[str, Any], rows: list[Any]) -> Iterator[Finding]:
    examined = Examined(row["case_no"], rows)
    case = examined.case()
    yield from examined.findings
    is_chained = any(each.chain is not None for each in rows)
    if is_chained and (row["chained"], row["chain"]) != (examined.head.seq, examined.head.chain):
        yield Finding("head", row["case_no"], None, {"head": row["chained"]})
    if case is not None:
        made = case_row(case) | {"version": rows[-1].version, "first_channel": examined.entries[0].fact.set["channel"]}
        passed = _ERASED if examined.is_erased else _NOT_MADE
        if row["handling"] is None and may_lack_handling(case):
            passed |= {"handling"}
        yield from differences(row["case_no"], row, made, passed)
