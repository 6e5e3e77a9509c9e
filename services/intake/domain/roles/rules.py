"""The rules of who may do what, as an operator wrote them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

SYSTEM: Final = "system:"
READ: Final = "read"
"""What everybody does who looks at a case or a list of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Who may do one thing."""

    roles: frozenset[str] | None = frozenset()
    """Those with one of these roles; None is everybody in the people file."""
    owner: bool = False
    """Whether the owner of the case may, whatever their roles are."""
    department: bool = False
    """Whether it is done in the name of a department, which must be the person's own."""
    anywhere: bool = False
    """Whether people of some regions may in every region."""


@dataclass(frozen=True, slots=True)
class System:
    """What a system may do: everything or what is named, but what is excepted."""

    may: frozenset[str] | None = None
    never: frozenset[str] = frozenset()

    def may_do(self, what: str) -> bool:
        """Whether the system may."""
        return what not in self.never and (self.may is None or what in self.may)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRules:
    """All of it; what has no row of its own goes by the default."""

    default: Row
    rows: Mapping[str, Row] = field(default_factory=dict)
    leaders: frozenset[str] = frozenset()
    """Roles that may do whatever somebody else may; never in the name of another department."""
    any_department: frozenset[str] = frozenset()
    """Roles that may act in the name of every department."""
    systems: Mapping[str, System] = field(default_factory=dict)
    other_systems: System = field(default_factory=System)

    def row(self, what: str) -> Row:
        """The row of a step or method."""
        return self.rows.get(what, self.default)

    def system(self, name: str) -> System:
        """What this system may do."""
        return self.systems.get(name, self.other_systems)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """Somebody wants to do something; `region` and `owner` are those of the case, where it is about one."""

    what: str
    by: str
    region: str | None = None
    owner: str | None = None
    department: str | None = None
    """In whose name it is done, where the step names a department."""
    concerned: Sequence[str] = ()
    """Who is complained about: nobody is sent to them."""
