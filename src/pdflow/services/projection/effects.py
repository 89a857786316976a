"""What a step does beyond its own rows: registered effects of commands, audit records, listeners to facts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete
from sqlmodel import Session, select

from pdflow.records.tables import Audit, Command, Incident, Instance, TaskDraft, table_of
from pdflow.runtime.messages import Fact
from pdflow.services.errors import ServiceError
from pdflow.services.projection.store import CHUNK
from pdflow.services.registry import find_command, listeners

#: Facts that say that a command is done: its own, and the start of an instance that it asked for.
DONE = ("command_done", "started")


class Effects:
    """Collects the facts of a projection that have effects, and runs them in order when the rows are written."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._todo: list[tuple[str, Fact, bool]] = []
        self._finished: dict[str, tuple[Command, Instance, Fact, bool]] = {}

    def add(self, instance: str, facts: Iterable[Fact]) -> None:
        """Facts that are new."""
        self._todo += [(instance, fact, True) for fact in facts if fact.kind in DONE or listeners(fact.kind)]

    def again(self, instance: str, first: int, facts: Iterable[Fact]) -> None:
        """An instance was undone from a fact on: listeners hear what stands again, so that what they set is of it."""
        kept = [entry for entry in self._todo if entry[0] != instance or entry[1].number < first]
        new = {fact.number for name, fact, _ in kept if name == instance}
        stands = [fact for fact in facts if listeners(fact.kind) and fact.number not in new]
        self._todo = [(instance, fact, False) for fact in stands] + kept

    def run(self, now: datetime) -> None:
        """Apply effects once per command id, write audit records, call listeners.

        Raises:
            ServiceError: ``effect-unknown``, or what a handler raises; the whole projection is rolled back.
        """
        if not self._todo:
            return
        commands = self._commands()
        instances = self._instances()
        for instance, fact, new in self._todo:
            if new and fact.kind in DONE and fact.command is not None:
                self._done(instances[instance], fact, commands.get(fact.command), now)
            for listener in listeners(fact.kind):
                listener(self._session, instances[instance], fact)
        self._finish(now)
        self._session.flush()

    def _done(self, instance: Instance, fact: Fact, row: Command | None, now: datetime) -> None:
        at = datetime.fromisoformat(fact.at)
        if row is None:
            if fact.data.get("effect"):
                self._incident(instance, fact, at)
            return
        applies = row.applied_at is None and row.id not in self._finished
        if applies:
            self._apply(row, at)
        earlier = self._finished.get(row.id)
        self._finished[row.id] = (row, instance, fact, applies or (earlier is not None and earlier[3]))

    def _finish(self, now: datetime) -> None:
        """Mark the commands done and write their audit records, together: one statement each for all of them."""
        for row, instance, fact, applied in self._finished.values():
            at = datetime.fromisoformat(fact.at)
            if applied:
                row.applied_at = now
                self._audit(row, instance, at, now)
            row.state, row.done_at, row.done_by_fact = "done", at, fact.number
            row.refusal = row.refusal_text = None
        drafts = [
            {"of": row.task, "by": row.actor}
            for row, _, _, applied in self._finished.values()
            if applied and row.task is not None
        ]
        if drafts:
            table = table_of(TaskDraft)
            sent = delete(table).where(table.c.task == bindparam("of"), table.c.user == bindparam("by"))
            self._session.connection().execute(sent, drafts)

    def _apply(self, row: Command, at: datetime) -> None:
        if row.effect is None:
            return
        handler = find_command(row.effect)
        if handler is None:
            raise ServiceError(
                f"Expected the command {row.effect!r} to be registered; deploy the release that has it.",
                code="effect-unknown",
            )
        handler.apply(self._session, row, at)

    def _audit(self, row: Command, instance: Instance, at: datetime, now: datetime) -> None:
        detail: dict[str, Any] = {"command": row.id, "instance": instance.id}
        if row.task is not None:
            detail["task"] = row.task
        subject = f"case:{row.case}" if row.case else f"instance:{instance.id}"
        self._session.add(
            Audit(
                source=row.id,
                actor=row.actor,
                action=row.effect or row.name,
                subject=subject,
                at=at,
                recorded_at=now,
                detail=detail,
            )
        )

    def _incident(self, instance: Instance, fact: Fact, at: datetime) -> None:
        """The effect of a command that the records do not hold: nothing is guessed, a person looks."""
        self._session.merge(
            Incident(
                id=f"{instance.id}:{fact.number}",
                instance=instance.id,
                process=instance.process,
                case=instance.case,
                unit=instance.unit,
                simulated=instance.simulated,
                code="command-missing",
                message="A step names a command that the records do not hold; restore them from the backup.",
                opened_at=at,
            )
        )

    def _commands(self) -> dict[str, Command]:
        ids = [fact.command for _, fact, new in self._todo if new and fact.kind in DONE and fact.command]
        return {row.id: row for row in self._chunks(Command, ids)}

    def _instances(self) -> dict[str, Instance]:
        return {row.id: row for row in self._chunks(Instance, [name for name, _, _ in self._todo])}

    def _chunks(self, model: Any, ids: list[Any]) -> list[Any]:
        wanted = list(dict.fromkeys(ids))
        found: list[Any] = []
        for start in range(0, len(wanted), CHUNK):
            found += self._session.exec(select(model).where(model.id.in_(wanted[start : start + CHUNK])))
        return found
