"""The director's view of its case, kept up from the facts as they are made; no query is needed to look."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pdflow.casework.demo.sight import PersonClock
from pdflow.records.tables import Task
from pdflow.runtime.instance import Instance
from pdflow.runtime.messages import Batch, Fact, StartInstance


class FactsSight:
    """See :class:`pdflow.casework.demo.sight.Sight`.

    Attributes:
        instances: live instances by id; ended ones stay.
    """

    def __init__(self) -> None:
        self.instances: dict[str, Instance] = {}
        self._tasks: dict[str, dict[str, Task]] = {}
        self._clocks: dict[str, dict[str, PersonClock]] = {}
        self._offices: dict[str, str] = {}
        self._closed: set[str] = set()
        self._of_case: dict[str, list[tuple[str, str]]] = {}

    def begin(self, start: StartInstance, instance: Instance) -> None:
        """An instance has started."""
        self.instances[start.instance] = instance
        if start.case:
            self._of_case.setdefault(start.case, []).append((start.process, start.instance))

    def follow(self, batch: Batch) -> None:
        """Take in what an instance did."""
        for fact in batch.facts:
            kind = fact.kind
            if kind == "task_opened":
                self._tasks.setdefault(batch.instance, {})[str(fact.token)] = _task(batch, fact)
            elif kind == "task_closed":
                self._tasks[batch.instance].pop(str(fact.token), None)
            elif kind == "task_changed" and fact.data.get("groups") is not None:
                _move(self._tasks[batch.instance][str(fact.token)], fact.data["groups"])
            elif kind == "clock_started" and fact.data["holder"] == "person" and batch.case:
                clock = PersonClock(fact.data["clock"], fact.data["policy"], _instant(fact.at))
                self._clocks.setdefault(batch.case, {})[clock.id] = clock
            elif kind == "clock_stopped" and batch.case:
                self._clocks.get(batch.case, {}).pop(fact.data["clock"], None)
            elif kind == "entered" and batch.case and _closes(fact):
                self._closed.add(batch.case)

    def due(self, instances: Sequence[str]) -> list[tuple[datetime, str]]:
        """See :class:`Sight`."""
        found = []
        for name in instances:
            due = None if self.instances[name].ended else self.instances[name].earliest_due
            if due is not None:
                found.append((due, name))
        return found

    def tasks(self, instances: Sequence[str]) -> list[Task]:
        """See :class:`Sight`."""
        found = [task for name in instances for task in self._tasks.get(name, {}).values()]
        return sorted(found, key=lambda task: (task.opened_at, task.instance, task.opened_by_fact))

    def person_clocks(self, case: str) -> list[PersonClock]:
        """See :class:`Sight`."""
        return list(self._clocks.get(case, {}).values())

    def running(self, instances: Sequence[str]) -> list[str]:
        """See :class:`Sight`."""
        return [name for name in instances if not self.instances[name].ended]

    def of_case(self, case: str, process: str) -> list[str]:
        """See :class:`Sight`."""
        return [name for of, name in self._of_case.get(case, ()) if of == process]

    def office(self, case: str) -> str | None:
        """See :class:`Sight`."""
        for of, name in self._of_case.get(case, ()):
            if of == "pd-request":
                office = self.instances[name].variables.get("office")
                return str(office) if office else None
        return None

    def closed(self, case: str) -> bool:
        """See :class:`Sight`."""
        return case in self._closed


def _closes(fact: Fact) -> bool:
    return (fact.data.get("properties") or {}).get("case:state") == "closed"


def _task(batch: Batch, fact: Fact) -> Task:
    """The task as the records will have it, as far as commands look at it."""
    data: dict[str, Any] = fact.data
    groups = list(data.get("groups") or ())
    return Task(
        id=f"{batch.instance}:{fact.token}",
        instance=batch.instance,
        token=str(fact.token),
        process=batch.process,
        definition=fact.definition,
        case=batch.case,
        unit=groups[0].rpartition(".")[0] if groups else batch.unit,
        simulated=batch.simulated,
        element=fact.element or "",
        name=data.get("name") or "",
        form=data.get("form"),
        state="open",
        groups=groups,
        variables=data.get("variables") or {},
        headers=data.get("headers") or {},
        properties=data.get("properties") or {},
        opened_at=_instant(fact.at),
        opened_by_fact=fact.number,
        changed_by_fact=fact.number,
    )


def _move(task: Task, groups: list[str]) -> None:
    task.groups = list(groups)
    task.unit = groups[0].rpartition(".")[0] if groups else task.unit


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
