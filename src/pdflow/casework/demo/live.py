"""How the demo plays its cases on Temporal: through the same services as the screens, in simulated time.

A worker or a server that is killed meanwhile delays a case and changes nothing in it: whatever an act asks for goes
through the command protocol, so it is sent again until the workflow has answered, and an act whose row could not be
written yet waits for the database instead of being repeated.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import event
from sqlmodel import Session, col, func, select

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
from pdflow.services.errors import InstanceUnavailable, ServiceError
from pdflow.services.platform import Platform

#: User that moves the simulated clocks.
ADMINISTRATOR = "demo-hq-administrator-1"
#: Cases played side by side: enough to keep a small machine busy while some wait for their step.
SIDE_BY_SIDE = 6
#: A step on a busy machine, or one whose worker or server was just killed, may take this long.
PATIENCE = timedelta(minutes=3)
_LOOK_SECONDS = 0.02


class StepNotWritten(ServiceError):
    """A step of the demo was not written within :data:`PATIENCE`."""

    code = "step-not-written"


class Interrupted(ServiceError):
    """Another case of the demo has failed, or somebody has ended it."""

    code = "demo-interrupted"


def play(platform: Platform, plan: Plan, told: Callable[[int], None]) -> list[Director]:
    """Play all cases up to the anchor; they stay simulated until :meth:`Director.reach_anchor`.

    Args:
        platform: of this process, with the Temporal gateway.
        plan: what to play.
        told: called with the number of cases that are through.

    Returns:
        The directors of the cases, in order.

    Raises:
        StepNotWritten: a case got stuck; the others are given up.
    """
    _wait_for_locks(platform)
    ended, turn = threading.Event(), threading.Lock()
    roster = hire(platform)
    directors = [
        Director(stage_for_case(platform, plan, roster, turn, ended), tell(plan.seed, number, plan.anchor))
        for number in range(plan.cases)
    ]
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        playing = [pool.submit(director.play) for director in directors]
        try:
            for count, played in enumerate(as_completed(playing), 1):
                played.result()
                told(count)
        except BaseException:
            ended.set()
            pool.shutdown(cancel_futures=True)
            raise
    return directors


def _wait_for_locks(platform: Platform) -> None:
    """The demo has nobody at a screen: where people are told to try again, it waits for its turn to write."""

    def be_patient(connection: Any, _: Any) -> None:
        connection.execute(f"PRAGMA busy_timeout = {int(PATIENCE.total_seconds() * 1000)}")

    if platform.records.engine.dialect.name == "sqlite":
        platform.records.dispose()
        event.listen(platform.records.engine, "connect", be_patient)


def stage_for_case(
    platform: Platform, plan: Plan, roster: Roster, turn: threading.Lock, ended: threading.Event
) -> Stage:
    """A stage of its own for each case: its present is its own.

    Args:
        platform: of the process.
        plan: seed and anchor.
        roster: who can take which task.
        turn: held by the case that writes.
        ended: set when the demo is given up.
    """
    mine = CasePlatform(platform, turn)
    actor = actors(members(PROFILES))
    hands = ServiceHands(mine, actor(ADMINISTRATOR), ended)
    return Stage(mine, RecordsSight(mine), hands, plan.seed, plan.anchor, roster, actor)


class CasePlatform(Platform):
    """The platform of one case; the cases of this process write one after the other.

    SQLite lets one writer in and has the others look again after a while, whoever came first: with many of them some
    would starve.

    Args:
        platform: of the process.
        turn: held by the case that writes.
    """

    def __init__(self, platform: Platform, turn: threading.Lock) -> None:
        super().__init__(
            platform.records, platform.documents, platform.gateway, platform.settings, platform.now
        )
        self._turn = turn

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """See :meth:`Platform.writing`."""
        with self._turn, self.records.writing() as session:
            yield session


class ServiceHands:
    """See :class:`pdflow.casework.demo.director.Hands`.

    Args:
        platform: of the case.
        administrator: moves the simulated clocks.
        ended: set when the demo is given up.
    """

    def __init__(self, platform: Platform, administrator: Actor, ended: threading.Event) -> None:
        self._platform = platform
        self._administrator = administrator
        self._ended = ended

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
        """Wait until every command of the case is answered and none of its instances is about anything.

        Where instances talk to each other: until that holds, no message is on its way, and it still holds without a
        step since: then no message can have set anything off in between.
        """
        self._until(lambda: not self._unanswered(case))
        self._until(lambda: self._quiet(instances) is not None)
        if len(instances) > 1:
            self._until(lambda: self._silent(case, instances))

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

    def _quiet(self, instances: Sequence[str]) -> list[int] | None:
        """Last fact of each instance that runs, once all of them wait and have written everything."""
        with self._platform.reading() as session:
            running = session.exec(
                select(Instance.process, Instance.id)
                .where(col(Instance.id).in_(instances), Instance.state == "running")
                .order_by(col(Instance.id))
            ).all()
        facts = []
        for process, instance in running:
            try:
                status = self._platform.gateway.status(process, instance)
            except InstanceUnavailable:
                return None
            if status is None or status.under_way or status.unwritten:
                return None
            facts.append(status.last_fact)
        return facts

    def _silent(self, case: str, instances: Sequence[str]) -> bool:
        before = self._quiet(instances)
        return (
            before is not None
            and not self._on_their_way(case, instances)
            and self._quiet(instances) == before
        )

    def _on_their_way(self, case: str, instances: Sequence[str]) -> bool:
        """Messages between the instances of this case that somebody awaits and has not got yet."""
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
            rows = session.exec(select(Instance.variables).where(col(Instance.id).in_(instances[1:]))).all()
            keys = [case, *(str(variables["inquiry"]) for variables in rows if variables.get("inquiry"))]
            return bool(
                session.exec(
                    select(func.count())
                    .select_from(Message)
                    .where(
                        col(Message.key).in_(keys),
                        (col(Message.state) == "matched") | ((col(Message.state) == "buffered") & awaited),
                    )
                ).one()
            )

    def _until(self, done: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE.total_seconds()
        while not done():
            if time.monotonic() > deadline:
                raise StepNotWritten(
                    "Expected a step of a demo case within 3 minutes; is the worker running?"
                )
            if self._ended.wait(_LOOK_SECONDS):
                raise Interrupted("The demo was ended.")
