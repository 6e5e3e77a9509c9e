"""What the witness saw, sorted by whom it saw: a file of its own while it is looked through, however long it is."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

Line = tuple[str, int, str]
"""A case or a writer, the number, the chain there."""

_LOOK: Final = "SELECT seq, chain FROM seen WHERE who = ?"
_ONE: Final = "SELECT chain FROM seen WHERE who = ? AND seq = ?"
_LATER: Final = "SELECT who, max(seq), count(*) FROM seen WHERE who > ? GROUP BY who ORDER BY who LIMIT ?"


class Seen:
    """Opened by each process that looks into it."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.execute("PRAGMA journal_mode = OFF")

    def fill(self, lines: Iterable[Line]) -> None:
        """Take all lines in; once."""
        self._connection.execute("CREATE TABLE seen (who TEXT, seq INTEGER, chain TEXT)")
        self._connection.execute("BEGIN")
        self._connection.executemany("INSERT INTO seen VALUES (?, ?, ?)", lines)
        self._connection.execute("CREATE INDEX seen_who ON seen (who, seq)")
        self._connection.execute("COMMIT")

    def of(self, who: str) -> Iterator[tuple[int, str]]:
        """Every number and chain that was seen of a case."""
        yield from self._connection.execute(_LOOK, (who,))

    def chains(self, who: str, seq: int) -> set[str]:
        """The chains that were seen there: one, if all is well."""
        return {chain for (chain,) in self._connection.execute(_ONE, (who, seq))}

    def everybody(self, at_once: int = 500) -> Iterator[Sequence[tuple[str, int, int]]]:
        """Each of whom something was seen, with the last number and how many lines; some at a time."""
        after = ""
        while some := self._connection.execute(_LATER, (after, at_once)).fetchall():
            yield some
            after = some[-1][0]

    def close(self) -> None:
        """Let the file go."""
        self._connection.close()
