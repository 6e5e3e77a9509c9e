"""Everything that is known of one matter, as a handler works on it: what was told, why, which walks, what happened."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from services.escalation.domain.about import About
from services.escalation.domain.advance import Organisation
from services.escalation.domain.alerts import Alert
from services.escalation.domain.escalation import Escalation, Happening, Reason, Told
from services.escalation.domain.organisation import Staff
from services.escalation.domain.policy import Policy
from services.escalation.domain.told import Clock
from shared.worktime import WorkCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What decides: the policy, who works here, and when."""

    policy: Policy
    staff: Staff
    calendar: WorkCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """Who handles a major case together; `version` counts the changes."""

    leader: str
    members: tuple[str, ...]
    visit_at: datetime | None
    by: str
    at: datetime
    version: int = 1

    @property
    def everybody(self) -> tuple[str, ...]:
        """Leader and members."""
        return (self.leader, *self.members)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A dossier as it is on disk."""

    matter: tuple[object, ...]
    clocks: Mapping[str, Clock]
    reasons: Mapping[tuple[str, str], Reason]
    walks: Mapping[str, Escalation]
    team: Team | None


_NOTHING = Kept(matter=(), clocks={}, reasons={}, walks={}, team=None)


@dataclass(slots=True, kw_only=True)
class Dossier:
    """One matter. `version` is that of the case or order as told, 0 while only its clocks were heard of.

    `reasons` and `clocks` by what makes them unique, `walks` by id, resolved ones too; `happened` and `alerts` are new.
    """

    about: About
    version: int = 0
    milestones: Mapping[str, datetime] = field(default_factory=dict)
    clocks: dict[str, Clock] = field(default_factory=dict)
    reasons: dict[tuple[str, str], Reason] = field(default_factory=dict)
    walks: dict[str, Escalation] = field(default_factory=dict)
    team: Team | None = None
    happened: list[Happening] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)
    kept: Kept = _NOTHING

    def open_walk(self, ladder: str) -> Escalation | None:
        """The walk on this ladder that is not over; there is never more than one (contracts 4)."""
        return next((walk for walk in self.open_walks() if walk.ladder == ladder), None)

    def open_walks(self) -> list[Escalation]:
        """Every walk that is not over."""
        return [walk for walk in self.walks.values() if not walk.is_over]

    def standing(self, ladder: str) -> list[Reason]:
        """Why this ladder is walked now."""
        return [reason for reason in self.reasons.values() if reason.ladder == ladder and reason.standing]

    def organisation(self, rules: Rules) -> Organisation:
        """Who can be asked about this matter."""
        progress = [at for name, at in self.milestones.items() if name in rules.policy.progress]
        return Organisation(
            staff=rules.staff,
            fallback=rules.policy.fallback,
            calendar=rules.calendar,
            about=self.about,
            team=self.team.everybody if self.team else (),
            progress_at=max(progress, default=None),
        )

    def note_kept(self) -> None:
        """From now on only what changes has to be written."""
        self.kept = Kept(
            matter=self._matter,
            clocks=dict(self.clocks),
            reasons=dict(self.reasons),
            walks=dict(self.walks),
            team=self.team,
        )

    @property
    def _matter(self) -> tuple[object, ...]:
        return self.about, self.version, self.milestones

    @property
    def is_changed(self) -> bool:
        """Whether the matter itself is not as it was kept."""
        return self._matter != self.kept.matter

    def new_clocks(self) -> list[Clock]:
        """Clocks that are not as they were kept."""
        return [clock for ref, clock in self.clocks.items() if self.kept.clocks.get(ref) != clock]

    def new_reasons(self) -> list[Reason]:
        """Reasons that are not as they were kept."""
        return [reason for key, reason in self.reasons.items() if self.kept.reasons.get(key) != reason]

    def new_walks(self) -> list[Escalation]:
        """Walks that are not as they were kept, those that are over first: only one of a ladder may go on."""
        new = [walk for walk_id, walk in self.walks.items() if self.kept.walks.get(walk_id) != walk]
        return sorted(new, key=lambda walk: not walk.is_over)

    def is_team_new(self) -> bool:
        """Whether the team is not as it was kept."""
        return self.team != self.kept.team

    def take(self, told: Told) -> Escalation:
        """Keep a walk as it is now, and what happened on it."""
        walk, happened = told
        self.walks[walk.id] = walk
        self.happened += happened
        return walk
