"""How the demo plays its cases on Temporal: through the same services as the screens, in simulated time."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, func, select

from pdflow.casework import items
from pdflow.casework.demo.cast import actors, hire
from pdflow.casework.demo.director import Director, Stage
from pdflow.casework.demo.offices import PROFILES
from pdflow.casework.demo.plan import Plan
from pdflow.casework.demo.sight import RecordsSight
from pdflow.casework.demo.staff import Roster, members
from pdflow.casework.demo.story import tell
from pdflow.records.tables import Command, Instance, Message, Subscription, Task
from pdflow.services import commands, tasks
from pdflow.services.actor import Actor
from pdflow.services.errors import ServiceError
from pdflow.services.platform import Platform

#: User that moves the simulated clocks.
ADMINISTRATOR = "demo-hq-administrator-1"
#: Cases played side by side; each waits for its own steps.
SIDE_BY_SIDE = 12
#: A step on a busy machine, or one whose worker or server was just killed, may take this long.
PATIENCE = timedelta(minutes=3)
_LOOK_SECONDS = 0.02


class StepNotWritten(ServiceError):
    """A step of the demo was not written within :data:`PATIENCE`."""

    code = "step-not-written"


def play(platform: Platform, plan: Plan, told: Callable[[int], None]) -> list[Director]:
    """Play all cases up to the anchor; they stay simulated until :meth:`Director.reach_anchor`.

    Args:
        platform: of this process, with the Temporal gateway.
        plan: what to play.
        told: called with the number of cases that are through.

    Returns:
        The directors of the cases, in order.
    """
    roster = hire(platform)
    directors = [
        Director(_stage(platform, plan, roster), tell(plan.seed, number, plan.anchor))
        for number in range(plan.cases)
    ]
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        playing = [pool.submit(director.play) for director in directors]
        for count, played in enumerate(as_completed(playing), 1):
            played.result()
            told(count)
    return directors


def _stage(platform: Platform, plan: Plan, roster: Roster) -> Stage:
    """A stage of its own for each case: its present is its own."""
    mine = Platform(platform.records, platform.documents, platform.gateway, platform.settings, platform.now)
    actor = actors(members(PROFILES))
    hands = ServiceHands(mine, actor(ADMINISTRATOR))
    return Stage(mine, RecordsSight(mine), hands, plan.seed, plan.anchor, roster, actor)


class ServiceHands:
    """See :class:`pdflow.casework.demo.director.Hands`.

    Args:
        administrator: moves the simulated clocks.
    """

    def __init__(self, platform: Platform, administrator: Actor) -> None:
        self._platform = platform
        self._administrator = administrator

    def complete(self, actor: Actor, task: Task, payload: Mapping[str, Any], at: datetime) -> None:
        """Claim and complete, as a person does."""
        tasks.claim(actor, self._platform, task.id)
        self._certainly(tasks.complete(actor, self._platform, task.id, dict(payload), at=at))

    def advance(self, instance: str, at: datetime) -> None:
        """Send the command that moves a simulated clock; it stops wherever work is under way, until that is done."""
        self._certainly(
            commands.submit(self._administrator, self._platform, instance=instance, name="advance", at=at)
        )

    def items(self, task: Task) -> dict[str, list[str]]:
        """Read them from the records."""
        with self._platform.reading() as session:
            found = items.for_task(session, task)
        return {kind: [item.id for item in of_kind] for kind, of_kind in found.items()}

    def settle(self, case: str, instances: Sequence[str]) -> None:
        """Wait for every command and message of the case, and for the jobs that they set off."""
        self._until(lambda: not self._unanswered(case))
        self._until(lambda: not self._on_their_way(case, instances))
        for instance, stands in self._clocks(instances):
            # A clock that is asked to stay where it is answers when no work is under way any more.
            self.advance(instance, stands)

    def _certainly(self, receipt: commands.Receipt) -> None:
        """Send a command again until the workflow itself has answered."""
        if receipt.status == "running":
            self._until(lambda: commands.send(self._platform, receipt.command).status == "done")

    def _unanswered(self, case: str) -> bool:
        with self._platform.reading() as session:
            waiting = session.exec(
                select(Command.id).where(Command.case == case, col(Command.answered_at).is_(None))
            ).all()
        for command in waiting:
            commands.send(self._platform, command)
        return bool(waiting)

    def _on_their_way(self, case: str, instances: Sequence[str]) -> bool:
        """Messages between the instances of this case that somebody awaits and has not got yet."""
        keys = [case, *self._inquiries(instances)]
        awaited = (
            select(Subscription.instance)
            .where(
                Subscription.message == Message.name,
                Subscription.key == Message.key,
                col(Subscription.ended_by_fact).is_(None),
            )
            .exists()
        )
        with self._platform.reading() as session:
            return bool(
                session.exec(
                    select(func.count())
                    .select_from(Message)
                    .where(
                        col(Message.key).in_(keys),
                        (Message.state == "matched") | ((Message.state == "buffered") & awaited),
                    )
                ).one()
            )

    def _inquiries(self, instances: Sequence[str]) -> list[str]:
        """Correlation keys of the case's liaison inquiries."""
        with self._platform.reading() as session:
            rows = session.exec(select(Instance.variables).where(col(Instance.id).in_(instances[1:]))).all()
        return [str(variables["inquiry"]) for variables in rows if variables.get("inquiry")]

    def _clocks(self, instances: Sequence[str]) -> list[tuple[str, datetime]]:
        """Running instances with the instant at which the clock of each stands."""
        found = []
        for instance in RecordsSight(self._platform).running(instances):
            with self._platform.reading() as session:
                process = session.exec(select(Instance.process).where(Instance.id == instance)).one()
            status = self._platform.gateway.status(process, instance, PATIENCE)
            if status is not None and not status.ended:
                found.append((instance, datetime.fromisoformat(status.now)))
        return found

    def _until(self, done: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE.total_seconds()
        while not done():
            if time.monotonic() > deadline:
                raise StepNotWritten(
                    "Expected a step of a demo case within 3 minutes; is the worker running?"
                )
            time.sleep(_LOOK_SECONDS)
