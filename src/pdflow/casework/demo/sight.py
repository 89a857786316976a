"""What a director sees of its case: open tasks, due times, and the clocks that the person holds.

Two ways to the same view: :class:`RecordsSight` reads the records (``--live``), :class:`pdflow.casework.demo.seeding.FactsSight`
follows the facts as they are made (seeding, where a query for each look would cost more than the case itself).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlmodel import col, select

from pdflow.records.tables import Case, Clock, Instance, Task
from pdflow.services.platform import Platform


@dataclass(frozen=True)
class PersonClock:
    """A running clock that the person holds: the appeal window, the time for evidence."""

    id: str
    policy: str
    started_at: datetime


class Sight(Protocol):
    """Questions of the director; lists come in an order that depends on the facts alone."""

    def due(self, instances: Sequence[str]) -> list[tuple[datetime, str]]:
        """Next due time of each running instance."""
        ...

    def tasks(self, instances: Sequence[str]) -> list[Task]:
        """Open tasks, oldest first."""
        ...

    def person_clocks(self, case: str) -> list[PersonClock]:
        """Running clocks that the person holds, oldest first."""
        ...

    def running(self, instances: Sequence[str]) -> list[str]:
        """Instances that have not ended."""
        ...

    def of_case(self, case: str, process: str) -> list[str]:
        """Instances of a process that belong to a case, oldest first."""
        ...

    def office(self, case: str) -> str | None:
        """The accountable office; ``None``: the case is not written yet."""
        ...

    def closed(self, case: str) -> bool:
        """Whether the life of the case has ended."""
        ...


class RecordsSight:
    """Reads the records."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def due(self, instances: Sequence[str]) -> list[tuple[datetime, str]]:
        """See :class:`Sight`."""
        with self._platform.reading() as session:
            rows = session.exec(
                select(Instance.due, Instance.id).where(
                    col(Instance.id).in_(instances), Instance.state == "running"
                )
            ).all()
        return [(due, instance) for due, instance in rows if due is not None]

    def tasks(self, instances: Sequence[str]) -> list[Task]:
        """See :class:`Sight`."""
        with self._platform.reading() as session:
            return list(
                session.exec(
                    select(Task)
                    .where(col(Task.instance).in_(instances), col(Task.state).in_(("open", "claimed")))
                    .order_by(col(Task.opened_at), col(Task.instance), col(Task.opened_by_fact))
                )
            )

    def person_clocks(self, case: str) -> list[PersonClock]:
        """See :class:`Sight`."""
        with self._platform.reading() as session:
            rows = session.exec(
                select(Clock)
                .where(Clock.case == case, Clock.holder == "person", col(Clock.stopped_at).is_(None))
                .order_by(col(Clock.started_at), col(Clock.opened_by_fact))
            ).all()
        return [PersonClock(row.id, row.policy, row.started_at) for row in rows]

    def running(self, instances: Sequence[str]) -> list[str]:
        """See :class:`Sight`."""
        with self._platform.reading() as session:
            rows = session.exec(
                select(Instance.id).where(col(Instance.id).in_(instances), Instance.state == "running")
            ).all()
        return [name for name in instances if name in rows]

    def of_case(self, case: str, process: str) -> list[str]:
        """See :class:`Sight`."""
        with self._platform.reading() as session:
            return list(
                session.exec(
                    select(Instance.id)
                    .where(Instance.case == case, Instance.process == process)
                    .order_by(col(Instance.started_at), col(Instance.id))
                )
            )

    def office(self, case: str) -> str | None:
        """See :class:`Sight`."""
        with self._platform.reading() as session:
            return session.exec(select(Case.office).where(Case.id == case)).first()

    def closed(self, case: str) -> bool:
        """See :class:`Sight`."""
        with self._platform.reading() as session:
            return session.exec(select(Case.state).where(Case.id == case)).first() == "closed"
