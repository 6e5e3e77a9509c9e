"""The run: from stop to stop of the clock, doing what is due, hearing what comes of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Final

from shared.base.people import HEAD
from shared.cli.demo.acts import Act
from shared.cli.demo.agenda import Agenda
from shared.cli.demo.assignment import publish
from shared.cli.demo.cases import MadeCase
from shared.cli.demo.cast import Cast
from shared.cli.demo.desk import Desk
from shared.cli.demo.ear import Ear
from shared.cli.demo.journal import Heard, Journal
from shared.cli.demo.machines import upkeep
from shared.cli.demo.stage import Stage
from shared.cli.demo.story import Story
from shared.cli.demo.teller import Teller
from shared.cli.rpc import Rpc

RPC_SECONDS: Final = 30.0
ACKNOWLEDGING: Final = 0.8
"""How many of those whom a step of the ladder reaches say that they have it."""
SLOWEST: Final = 180
"""Minutes until they do, and again until it is settled."""
SETTLED: Final = "已与客户联系，处理已安排。"


@dataclass
class Director:
    """Holds the threads: what is planned, who answers, what was heard."""

    stage: Stage
    story: Story
    made: Sequence[MadeCase]
    machines: Sequence[Act]
    teller: Teller
    cast: Cast
    seed: int
    journal: Journal = field(default_factory=Journal)

    def __post_init__(self) -> None:
        self._agenda = Agenda(self.story.until, self.story.cases_from)
        self._reactions = [reaction for scene in self.story.scenes for reaction in scene.reactions]
        self._scenes = [scene for scene in self.story.scenes if scene.title and scene.acts]

    def run(self) -> Desk:
        """Play everything; the desk knows what was refused."""
        self._agenda.add([*self.story.opening, publish(self.story.begin)], exact=True)
        for scene in self.story.scenes:
            self._agenda.add(scene.acts, exact=True)
        self._agenda.add(self.machines)
        for each in self.made:
            self._agenda.add(each.acts)
        uri = self.stage.suite.amqp_uri
        with Rpc(uri, RPC_SECONDS) as rpc, Ear(uri, self._hear) as ear:
            desk = Desk(rpc, self.cast.memory)
            now = self.story.begin
            stop: datetime | None = now
            while stop is not None:
                now = stop
                self._stop_at(now, desk, ear)
                stop = self._agenda.next_stop(now, self.stage.next_timer())
            self._stop_at(self.story.until, desk, ear)
            return desk

    def _stop_at(self, now: datetime, desk: Desk, ear: Ear) -> None:
        self.teller.at(now)
        self.stage.stop_at(now)
        self._open_scenes(now)
        desk.perform(self._agenda.due(now))
        self.stage.rest()
        ear.listen()

    def _open_scenes(self, now: datetime) -> None:
        for scene in [each for each in self._scenes if each.acts[0].at <= now]:
            self._scenes.remove(scene)
            if scene.title and scene.about:
                self.teller.scene(scene.title, scene.about)

    def _hear(self, heard: Heard) -> None:
        if not self.journal.add(heard):
            return
        self.cast.meet(heard)
        self.teller.hear(heard)
        if heard.is_alert:
            return
        label = self.cast.label_of(heard)
        answers = self._answers(label, heard) if label else self._passing_by(heard)
        self._agenda.add(answers, exact=label is not None)

    def _passing_by(self, heard: Heard) -> Iterable[Act]:
        """What everybody else does about it."""
        if heard.type == "order.planned.v1":
            return upkeep(heard, self.seed)
        return self._acknowledged(heard)

    def _answers(self, label: str, heard: Heard) -> Iterable[Act]:
        """The story's people answer as it is written, each once."""
        for reaction in [each for each in self._reactions if each.label == label]:
            act = reaction.answer(heard)
            if act is not None:
                self._reactions.remove(reaction)
                yield act

    def _acknowledged(self, heard: Heard) -> Iterable[Act]:
        """Other people acknowledge what they are told of and settle it, or do not; the same ones for the same seed."""
        if heard.type != "escalation.step_reached.v1":
            return
        step, walk = heard.data["step"], heard.data["escalation"]
        chance = Random(f"{self.seed} {self.cast.name_of(heard)} {walk['ladder']} {step['number']}")
        if not step["urgent"] and chance.random() > ACKNOWLEDGING:
            return
        # Of a major case the head's own word counts (S0 7.6.8).
        target = next((each for each in step["targets"] if each["role"] == HEAD), step["targets"][0])
        name = walk["escalation_id"]
        at = heard.envelope.time + timedelta(minutes=10 if step["urgent"] else chance.randrange(10, SLOWEST))
        yield Act(
            at=at, label=name, method="escalation.acknowledge", request={"code": target["code"]}, may_be_late=True
        )
        if step["urgent"]:
            yield _team(heard, at)
        settled = {"escalation_id": name, "by": target["person"], "reason": SETTLED}
        at += timedelta(minutes=chance.randrange(60, SLOWEST))
        yield Act(at=at, label=name, method="escalation.resolve", request=settled, may_be_late=True)


def _team(heard: Heard, at: datetime) -> Act:
    """Whoever leads sales forms a team for a major case; a second time changes nothing."""
    team = {"case_no": heard.case_no, "leader": "sales-vp", "members": ["desk"], "by": "sales-vp"}
    return Act(at=at, label=str(heard.case_no), method="escalation.form_team", request=team, may_be_late=True)
