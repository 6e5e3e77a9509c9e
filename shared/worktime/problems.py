"""Everything that is wrong with a calendar, told at once."""

from shared.kernel.errors import Invalid


class Problems:
    """Field paths with their reasons, gathered while reading and raised together."""

    def __init__(self) -> None:
        self._found: dict[str, list[str]] = {}

    def add(self, path: str, why: str) -> None:
        """Note one reason against one field."""
        self._found.setdefault(path, []).append(why)

    def __bool__(self) -> bool:
        return bool(self._found)

    def check(self) -> None:
        """Raise `Invalid` with every problem found so far, if there is any."""
        if self._found:
            told = "; ".join(f"{path}: {why}" for path, reasons in self._found.items() for why in reasons)
            raise Invalid(told, self._found)
