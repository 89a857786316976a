"""Seeding: the past of many cases on pure instances, with the same models, commands and effects, written in bulk.

All cases move in waves. In one wave each case takes its next step; everything that the wave's instances did is then
written by one projection, in one transaction, and their jobs run. So the cost of a statement is shared by all cases,
and a wave that fails leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import event
from sqlmodel import Session

from pdflow.casework import items
from pdflow.casework.demo.director import Director
from pdflow.casework.demo.facts_sight import FactsSight
from pdflow.records.documents import Documents
from pdflow.records.ids import ulid
from pdflow.records.session import Records
from pdflow.records.tables import Case, Task, Unit
from pdflow.runtime.definitions import DefinitionSource
from pdflow.runtime.incoming import DefinitionsResolved, JobDone
from pdflow.runtime.instance import Instance
from pdflow.runtime.messages import Answer, Batch, CommandMessage, StartInstance, Status
from pdflow.services import commands, definitions, forms, jobs, messages
from pdflow.services.actor import Actor
from pdflow.services.errors import ServiceError
from pdflow.services.gateway import PATIENCE
from pdflow.services.platform import Platform
from pdflow.services.projection import project_many
from pdflow.services.registry import find_command
from pdflow.services.settings import Settings
from pdflow.services.wire import instant_text, to_wire


class SeedPlatform(Platform):
    """A platform whose sessions are all the one of the seeding under way."""

    def __init__(self, records: Records, documents: Documents, settings: Settings, now: datetime) -> None:
        self.seeder = Seeder(self)
        super().__init__(records, documents, self.seeder, settings, lambda: now)
        self._session: Session | None = None

    @contextmanager
    def seeding(self) -> Iterator[Session]:
        """The one session of a seeding; cases and units stay in it once they are loaded."""
        kept: list[Any] = []

        def keep(_: Session, loaded: Any) -> None:
            if isinstance(loaded, Case | Unit):
                kept.append(loaded)

        with self.records.session() as session:
            event.listen(session, "loaded_as_persistent", keep)
            event.listen(session, "pending_to_persistent", keep)
            self._session = session
            try:
                yield session
            finally:
                self._session = None

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """The session of the seeding; a refusal inside is a fault of the demo and ends it."""
        if self._session is None:
            with self.records.writing() as session:
                yield session
        else:
            yield self._session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """See :meth:`writing`."""
        with self.writing() as session:
            yield session


class Seeder:
    """Gateway and hands of the directors (:class:`pdflow.casework.demo.director.Hands`) on pure instances."""

    def __init__(self, platform: SeedPlatform) -> None:
        self.sight = FactsSight()
        self._platform = platform
        self._source = DefinitionSource(self._read)
        self._touched: dict[str, Instance] = {}
        self._latest: dict[str, str] = {}
        self._starts: dict[str, StartInstance] = {}
        self._count = 0
        self._awaited = False

    def play(self, directors: Sequence[Director], tell: Callable[[int], None]) -> None:
        """Play all cases to their end or to the anchor.

        Args:
            directors: one a case, with this seeder as sight and hands.
            tell: called after each wave with the number of cases that are through.
        """
        playing = list(directors)
        with self._platform.seeding() as session:
            while playing:
                with session.begin():
                    playing = [director for director in playing if director.step()]
                    self._write_all()
                tell(len(directors) - len(playing))
            with session.begin():
                for director in directors:
                    director.reach_anchor()
                self._write_all()

    def open_instances(self) -> list[StartInstance]:
        """Every instance that has not ended, to be started elsewhere as it stands."""
        return [
            replace(self._starts[name], variables={}, snapshot=instance.snapshot())
            for name, instance in self.sight.instances.items()
            if not instance.ended
        ]

    # The gateway

    def start(self, start: StartInstance, deadline: timedelta = PATIENCE) -> Answer:
        """Start a pure instance; its facts are written with the wave."""
        instance = Instance.start(start, self._source, self._platform.now())
        self.sight.begin(start, instance)
        self._starts[start.instance] = start
        self._touched[start.instance] = instance
        return Answer("done", last_fact=instance.last_fact)

    def command(
        self, process: str, instance: str, message: CommandMessage, deadline: timedelta = PATIENCE
    ) -> Answer:
        """Give an instance a command; its facts are written with the wave."""
        found = self.sight.instances.get(instance)
        if found is None:
            return Answer("refused", "instance-unknown", "There is no such process instance.")
        refused = found.check(message)
        if refused is not None:
            return refused
        return self._tell(found, instance, message)

    def status(self, process: str, instance: str, deadline: timedelta = PATIENCE) -> Status | None:
        """What an instance says of itself."""
        found = self.sight.instances.get(instance)
        return found.status() if found else None

    # The hands

    def complete(self, actor: Actor, task: Task, payload: Mapping[str, Any], at: datetime) -> None:
        """Complete a task: the registered command checks, the row is written, the instance steps."""
        with self._platform.writing() as session:
            schema = definitions.form(session, task.definition, task.form)
            effect = forms.command_of(schema) if schema else None
            variables = forms.variables(schema, payload)
            handler = find_command(effect)
            if handler is not None:
                variables |= handler.validate(session, actor, task, payload)
            wire = CommandMessage(
                id=ulid(at),
                name="complete",
                actor=actor.user,
                effect=effect,
                task=task.id,
                variables=to_wire(variables),
                at=instant_text(at),
            )
            row = commands.record(
                session,
                wire,
                process=task.process,
                instance=task.instance,
                case=task.case,
                payload=payload,
                at=at,
            )
            row.answered_at = at
        answer = self.command(task.process, task.instance, wire)
        if answer.status == "refused":
            raise ServiceError(answer.sentence or "The process refused this.", code=answer.code)

    def advance(self, instance: str, at: datetime) -> None:
        """Move the clock of an instance; nobody asked for it, so there is no command row."""
        self._count += 1
        message = CommandMessage(
            id=f"seed-{self._count}", name="advance", actor="system", at=instant_text(at)
        )
        self._tell(self.sight.instances[instance], instance, message)

    def items(self, task: Task) -> dict[str, list[str]]:
        """Read them from the records."""
        with self._platform.reading() as session:
            found = items.for_task(session, task)
        return {kind: [item.id for item in of_kind] for kind, of_kind in found.items()}

    def settle(self, case: str, instances: Sequence[str]) -> None:
        """Nothing to wait for: what an act set off is over when the wave is."""

    # Inside

    def _tell(self, instance: Instance, name: str, message: CommandMessage) -> Answer:
        answers = instance.handle(message, self._platform.now())
        self._touched[name] = instance
        return answers.get(message.id, Answer("running", last_fact=instance.last_fact))

    def _write_all(self) -> None:
        """Write what the wave's instances did, run their jobs, until all of them wait."""
        while self._touched:
            touched, self._touched = self._touched, {}
            self._write(touched)
            for name, instance in touched.items():
                self._go_on(name, instance)
            if not self._touched and self._awaited:
                self._awaited = False
                messages.deliver(self._platform, limit=10_000)

    def _write(self, touched: Mapping[str, Instance]) -> None:
        batches: list[Batch] = []
        for instance in touched.values():
            while (batch := instance.batch()) is not None:
                batches.append(batch)
                self.sight.follow(batch)
                instance.written(batch.facts[-1].number)
        if batches:
            with self._platform.writing() as session:
                self._awaited = project_many(session, batches).messages or self._awaited

    def _go_on(self, name: str, instance: Instance) -> None:
        now = self._platform.now()
        if instance.more:
            instance.wake(now)
            self._touched[name] = instance
        elif processes := instance.resolving:
            instance.handle(DefinitionsResolved(processes, self._resolve(processes)), now)
            self._touched[name] = instance
        else:
            for number, call in list(instance.jobs.items()):
                instance.handle(JobDone(number, jobs.run(self._platform, call)), now)
                self._touched[name] = instance

    def _resolve(self, processes: list[str]) -> dict[str, str]:
        missing = [process for process in processes if process not in self._latest]
        if missing:
            with self._platform.reading() as session:
                self._latest |= definitions.resolve(session, missing)
        return {process: self._latest[process] for process in processes if process in self._latest}

    def _read(self, hash: str) -> bytes | None:
        with self._platform.reading() as session:
            return definitions.manifest(session, hash)
