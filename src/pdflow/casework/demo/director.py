"""Plays one case of the demo: whatever comes next, by the story and by the pace of the staff, until the demo's "now".

The director looks through a :class:`pdflow.casework.demo.sight.Sight` and acts through services, like the screens do.
What comes next depends on nothing but the seed, the case's number and the instants of the case itself, so the same case
is played on instances of this process (seeding) and on Temporal (``--live``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

from pdflow.casework import appeals, evidence, liaisons, requests, transfers
from pdflow.casework.demo import answers, intake, pace
from pdflow.casework.demo.sight import Sight
from pdflow.casework.demo.staff import Roster
from pdflow.casework.demo.story import Story, generator
from pdflow.records.tables import Task
from pdflow.services.actor import Actor
from pdflow.services.errors import Refused
from pdflow.services.platform import Platform

#: Who the separation of duties keeps from a task: element -> elements whose doers may not do it (S18, S30).
APART = {
    "approve": ("write-determination",),
    "approve-hq": ("write-determination", "approve"),
    "review-appeal": ("write-determination", "approve", "sign", "review-appeal"),
    "review-hq": ("write-determination", "approve", "approve-hq", "sign", "review-appeal", "review-hq"),
}
#: Days from the opening of the appeal window to the appeal, and from a call for evidence to the person's answer.
APPEAL_DAYS = (2.0, 21.0)
EVIDENCE_DAYS = (2.0, 18.0)

Act = Callable[[], None]


class Hands(Protocol):
    """How tasks are completed and simulated clocks moved."""

    def complete(self, actor: Actor, task: Task, payload: Mapping[str, Any], at: datetime) -> None:
        """Complete a task with the value of its form."""
        ...

    def advance(self, instance: str, at: datetime) -> None:
        """Move the clock of a simulated instance."""
        ...

    def items(self, task: Task) -> dict[str, list[str]]:
        """Ids of the case's items that the task's form has rows for."""
        ...

    def settle(self, case: str, instances: Sequence[str]) -> None:
        """Wait until everything that the last act set off is over and can be seen."""
        ...


@dataclass
class Stage:
    """What all cases of one run share.

    Attributes:
        platform: its ``now`` is set to the instant being played.
        anchor: the demo's "now"; nothing is played after it. ``None`` of an instance: it stays simulated.
        actor: user id to actor.
    """

    platform: Platform
    sight: Sight
    hands: Hands
    seed: int
    anchor: datetime
    roster: Roster
    actor: Callable[[str], Actor]

    def set_time(self, at: datetime) -> None:
        """From here on the services take this as the present."""
        self.platform.now = lambda: at


@dataclass
class Director:
    """Plays one case.

    Attributes:
        practice: the case stays simulated and is never counted.
        case: case id, once the request is taken in.
        instances: ids of the instances of this case: its life-cycle and its liaison inquiries.
    """

    stage: Stage
    story: Story
    practice: bool = False
    case: str = ""
    instances: list[str] = field(default_factory=list)
    _sent: int = 0
    _happened: int = 0
    _answered: set[str] = field(default_factory=set)
    _done: dict[str, int] = field(default_factory=dict)
    _doers: dict[str, set[str]] = field(default_factory=dict)
    _planned: dict[str, datetime] = field(default_factory=dict)
    _opened: dict[str, int] = field(default_factory=dict)

    def play(self) -> None:
        """Play the case up to the anchor."""
        while self.step():
            pass

    def step(self) -> bool:
        """Do whatever comes next; ``False``: everything up to the anchor is played."""
        found = self._next()
        if found is None:
            return False
        at, act = found
        self.stage.set_time(at)
        act()
        self.stage.hands.settle(self.case, self.instances)
        return True

    def reach_anchor(self) -> None:
        """From here on the case lives in real time; a practice case waits for whoever moves its clock."""
        self.stage.set_time(self.stage.anchor)
        self._together(self.stage.anchor)

    # What comes next

    def _next(self) -> tuple[datetime, Act] | None:
        if not self.case:
            return self.story.arrives, self._take_in
        if self._sent < len(self.story.evidence):
            return self.story.arrives, self._send_first
        choices = [*self._due(), *self._tasks(), *self._happenings(), *self._reactions()]
        # Stable: at one instant what is due comes before what people do.
        first = min(choices, key=lambda choice: choice[0], default=None)
        return first if first is not None and first[0] <= self.stage.anchor else None

    def _due(self) -> list[tuple[datetime, Act]]:
        found = self.stage.sight.due(self.instances)
        return [(due, partial(self.stage.hands.advance, instance, due)) for due, instance in found]

    def _tasks(self) -> list[tuple[datetime, Act]]:
        found = self.stage.sight.tasks(self.instances)
        return [(self._planned_for(task), partial(self._complete, task)) for task in found]

    def _planned_for(self, task: Task) -> datetime:
        if task.id not in self._planned:
            occurrence = self._opened.get(task.element, 0)
            self._opened[task.element] = occurrence + 1
            takes = pace.delay(self.stage.seed, self.story.number, task.element, occurrence, task.unit or "")
            self._planned[task.id] = task.opened_at + takes
        return self._planned[task.id]

    def _happenings(self) -> list[tuple[datetime, Act]]:
        if self._happened >= len(self.story.happenings) or self.stage.sight.closed(self.case):
            return []
        happening = self.story.happenings[self._happened]
        return [
            (self.story.arrives + happening.after, partial(self._happen, happening.kind, happening.detail))
        ]

    def _reactions(self) -> list[tuple[datetime, Act]]:
        """What the person does about a clock that they hold: send evidence, or appeal."""
        found: list[tuple[datetime, Act]] = []
        for clock in self.stage.sight.person_clocks(self.case):
            if clock.id in self._answered:
                continue
            if clock.policy == "appeal-window" and self.story.appeals:
                found.append(
                    (clock.started_at + self._span("appeal", APPEAL_DAYS), partial(self._appeal, clock.id))
                )
            if clock.policy == "evidence":
                at = clock.started_at + self._span("evidence", EVIDENCE_DAYS)
                found.append((at, partial(self._send_more, clock.id)))
        return found

    def _span(self, word: str, days: tuple[float, float]) -> timedelta:
        rng = generator(self.stage.seed, self.story.number, f"{word}/{len(self._answered)}")
        return timedelta(seconds=int(rng.uniform(*days) * 86400))

    # Acting

    def _take_in(self) -> None:
        story = self.story
        receipt = requests.take_in(
            self._officer(story.office),
            self.stage.platform,
            intake.request(story),
            source=generator(self.stage.seed, story.number, "numbers"),
            at=story.arrives,
            simulated=True,
            anchor=None if self.practice else self.stage.anchor,
        )
        self.case = receipt.case
        self.stage.hands.settle(self.case, [])
        self.instances += self.stage.sight.of_case(self.case, requests.PROCESS)

    def _send_first(self) -> None:
        """What came with the request."""
        self._sent += 1
        self._add_evidence(self.story.evidence[self._sent - 1], self._sent)

    def _together(self, at: datetime) -> None:
        """Where several instances talk to each other, their clocks stand at the same instant."""
        for instance in self.stage.sight.running(self.instances):
            self.stage.hands.advance(instance, at)

    def _complete(self, task: Task) -> None:
        at = self.stage.platform.now()
        count = self._done.get(task.element, 0)
        rng = generator(self.stage.seed, self.story.number, f"{task.element}/{count}/answer")
        doers = {user for element in APART.get(task.element, ()) for user in self._doers.get(element, ())}
        actor = self.stage.actor(task.assignee or self.stage.roster.taker(task.groups, rng, doers))
        items = self.stage.hands.items(task)
        if len(self.instances) > 1:
            self._together(at)
        closed = self.stage.sight.closed(self.case)
        payload = answers.answer(task.form or "", answers.Situation(self.story, rng, items, count, closed))
        self.stage.hands.complete(actor, task, payload, at)
        self._done[task.element] = count + 1
        self._doers.setdefault(task.element, set()).add(actor.user)

    def _happen(self, kind: str, detail: str) -> None:
        self._happened += 1
        at = self.stage.platform.now()
        office = self._office()
        if kind == "evidence":
            self._add_evidence(detail, 10 + self._happened)
        elif kind == "inquiry":
            self._ask_liaison(office, detail)
        else:
            self._together(at)
            try:
                self._tell(kind, detail, office, at)
                # The answer, a refusal too, may come later than the act.
                self.stage.hands.settle(self.case, self.instances)
            except Refused as refusal:
                # The case closed, or went past the point, at this very instant: the story goes on without it.
                if refusal.code not in ("case-closed", "not-taken", "same-office"):
                    raise

    def _tell(self, kind: str, detail: str, office: str, at: datetime) -> None:
        platform = self.stage.platform
        if kind == "removal_date":
            day = (at + timedelta(days=int(detail))).date()
            liaison = self._member(office, "liaison")
            requests.set_removal_date(liaison, platform, self.case, day, "detention_record")
        elif kind == "withdraw":
            requests.withdraw(self._officer(office), platform, self.case, "asked_by_person")
        elif kind == "moot":
            requests.close_moot(self._officer(office), platform, self.case, "relief_granted")
        elif kind == "transfer":
            transfers.transfer(self._member(office, "supervisor"), platform, self.case, detail)

    def _ask_liaison(self, office: str, topic: str) -> None:
        at = self.stage.platform.now()
        liaisons.take_in(
            self._member(office, "liaison"),
            self.stage.platform,
            intake.liaison_request(self.story, self.case, office, topic),
            source=generator(self.stage.seed, self.story.number, f"inquiry/{self._happened}"),
            at=at,
            simulated=True,
            anchor=None if self.practice else self.stage.anchor,
        )
        self.stage.hands.settle(self.case, self.instances)
        found = self.stage.sight.of_case(self.case, liaisons.PROCESS)
        self.instances += [name for name in found if name not in self.instances]

    def _appeal(self, clock: str) -> None:
        self._answered.add(clock)
        self._together(self.stage.platform.now())
        rng = generator(self.stage.seed, self.story.number, f"appeal/{len(self._answered)}/payload")
        appeals.file(self._officer(self._office()), self.stage.platform, self.case, intake.appeal(rng))

    def _send_more(self, clock: str) -> None:
        self._answered.add(clock)
        self._together(self.stage.platform.now())
        rng = generator(self.stage.seed, self.story.number, f"more/{len(self._answered)}")
        kind = rng.choice(("support_letter", "medical_letter", "residence_proof"))
        self._add_evidence(kind, 20 + len(self._answered))
        evidence.complete(self._officer(self._office()), self.stage.platform, self.case)

    def _add_evidence(self, kind: str, count: int) -> None:
        rng = generator(self.stage.seed, self.story.number, f"evidence/{count}")
        file = evidence.File(f"{kind}-{count}.txt", intake.document(kind, count))
        officer = self._officer(self._office())
        evidence.add(officer, self.stage.platform, self.case, intake.evidence(kind, rng), file)

    # Who

    def _office(self) -> str:
        return self.stage.sight.office(self.case) or self.story.office

    def _officer(self, office: str) -> Actor:
        return self._member(office, "officer")

    def _member(self, office: str, role: str) -> Actor:
        rng = generator(self.stage.seed, self.story.number, f"member/{role}")
        return self.stage.actor(self.stage.roster.taker([f"{office}.{role}"], rng))
