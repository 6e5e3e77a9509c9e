"""Long lists in portions: databases limit how many parameters a statement may have."""

from collections.abc import Iterable, Iterator
from typing import Final, TypeVar

T = TypeVar("T")
PORTION: Final = 500


def chunks(values: Iterable[T]) -> Iterator[list[T]]:
    """The values in portions, none empty."""
    everything = list(values)
    return (everything[start : start + PORTION] for start in range(0, len(everything), PORTION))
