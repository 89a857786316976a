"""A fact number that repeats undoes everything from it on.

A worker and its server may die after the records were committed and before the workflow knew: the workflow then goes
on from its older state and may go another way. What the records hold beyond that point never happened.

What people did to a task in the meantime (claim, the command on its way) is theirs, not the instance's: it is put back
when the task comes back under the same id.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update

from pdflow.records.tables import (
    Clock,
    ClockEvent,
    Command,
    FactRow,
    Incident,
    Instance,
    Subscription,
    Table,
    Task,
    TaskGroup,
    table_of,
)
from pdflow.runtime.messages import Fact
from pdflow.services.projection.fold import fold
from pdflow.services.projection.place import Place, place_of
from pdflow.services.projection.store import Row, Rows

_FACTS_OF_TASKS = ("task_opened", "task_changed", "task_closed")
_FACTS_OF_CLOCKS = ("clock_started", "clock_level", "clock_changed", "clock_stopped")
#: Columns of a task that belong to people; the groups tell whether it is still the same people's.
_THEIRS = ("assignee", "claimed_at", "held", "hard_date", "groups", "version")


def recorded(connection: Connection, instance: str, first: int, *, before: bool = False) -> list[Fact]:
    """Facts of an instance as they are written, from a number on, or before it."""
    table = table_of(FactRow)
    which = table.c.number < first if before else table.c.number >= first
    statement = select(table).where(table.c.instance == instance, which).order_by(table.c.number)
    return [_fact(row) for row in connection.execute(statement).mappings()]


def undo(rows: Rows, instance: str, first: int) -> dict[str, Row]:
    """Take back every row of an instance from a fact number on.

    Args:
        rows: of the projection, flushed; only its connection is used.
        instance: its id.
        first: number of the first fact that repeats.

    Returns:
        What people had made of tasks that are gone for now, by task id; see :func:`give_back`.
    """
    connection = rows.connection
    tasks, clocks = _touched(connection, Task, instance, first), _touched(connection, Clock, instance, first)
    theirs = {row["id"]: {name: row[name] for name in _THEIRS} for row in tasks}
    _forget(connection, TaskGroup, table_of(TaskGroup).c.task.in_(list(theirs)))
    for model in (Task, Clock, Incident):
        table = table_of(model)
        column = table.c.opened_by_fact if model is Incident else table.c.changed_by_fact
        _forget(connection, model, table.c.instance == instance, column >= first)
    events, subscriptions = table_of(ClockEvent), table_of(Subscription)
    _forget(connection, ClockEvent, events.c.instance == instance, events.c.fact >= first)
    _forget(connection, Subscription, subscriptions.c.instance == instance, subscriptions.c.fact >= first)
    _reopen(connection, instance, first)
    _refold(connection, instance, first, theirs, {row["id"] for row in clocks})
    facts = table_of(FactRow)
    _forget(connection, FactRow, facts.c.instance == instance, facts.c.number >= first)
    return theirs


def give_back(rows: Rows, theirs: dict[str, Row]) -> None:
    """Put back claims, and commands on their way, of tasks that have come back; those are taken from ``theirs``."""
    for task_id in list(theirs):
        task = rows.get(Task, task_id)
        if task is None:
            continue
        columns = theirs.pop(task_id)
        version = max(columns["version"], task["version"]) + 1
        kept = {"held": columns["held"], "hard_date": columns["hard_date"], "version": version}
        if task["closed_by_fact"] is None and columns["groups"] == task["groups"] and columns["assignee"]:
            kept |= {"assignee": columns["assignee"], "claimed_at": columns["claimed_at"]}
            kept["state"] = "completing" if _is_pending(rows.connection, task_id) else "claimed"
        rows.change(Task, task, **kept)


def _reopen(connection: Connection, instance: str, first: int) -> None:
    subscriptions, incidents = table_of(Subscription), table_of(Incident)
    instances, commands = table_of(Instance), table_of(Command)
    connection.execute(
        update(subscriptions)
        .where(subscriptions.c.instance == instance, subscriptions.c.ended_by_fact >= first)
        .values(ended_by_fact=None)
    )
    connection.execute(
        update(incidents)
        .where(incidents.c.instance == instance, incidents.c.closed_by_fact >= first)
        .values(
            cleared_at=None,
            cleared_by=None,
            closed_by_fact=None,
            changed_by_fact=incidents.c.opened_by_fact,
        )
    )
    begun = [fact for fact in recorded(connection, instance, 2, before=True) if fact.kind == "started"]
    connection.execute(
        update(instances)
        .where(instances.c.id == instance, instances.c.ended_by_fact >= first)
        .values(
            state="running",
            ended_at=None,
            ended_by_fact=None,
            variables=begun[0].data.get("variables") or {} if begun else {},
        )
    )
    connection.execute(update(instances).where(instances.c.id == instance).values(last_fact=first - 1))
    connection.execute(
        update(commands)
        .where(commands.c.instance == instance, commands.c.done_by_fact >= first, commands.c.state == "done")
        .values(state="requested", done_at=None, done_by_fact=None)
    )


def _refold(
    connection: Connection, instance: str, first: int, theirs: dict[str, Row], clocks: set[str]
) -> None:
    """Make the rows that an undone fact had changed again from the facts before it."""
    if not theirs and not clocks:
        return
    rows = Rows(connection)
    place = _place(connection, instance)
    for fact in recorded(connection, instance, first, before=True):
        of_task = fact.kind in _FACTS_OF_TASKS and place.task(fact.token) in theirs
        if of_task or (fact.kind in _FACTS_OF_CLOCKS and fact.data["clock"] in clocks):
            fold(rows, place, fact, datetime.fromisoformat(fact.at))
    rows.discard(ClockEvent)  # those before the undone fact are still there
    give_back(rows, theirs)
    rows.flush()


def _touched(connection: Connection, model: type[Table], instance: str, first: int) -> list[Row]:
    table = table_of(model)
    statement = select(table).where(table.c.instance == instance, table.c.changed_by_fact >= first)
    return [dict(row) for row in connection.execute(statement).mappings()]


def _is_pending(connection: Connection, task: str) -> bool:
    """Whether a command for the task is on its way."""
    commands = table_of(Command)
    pending = select(commands.c.id).where(
        commands.c.task == task, commands.c.state == "requested", commands.c.answered_at.is_(None)
    )
    return connection.execute(pending.limit(1)).first() is not None


def _place(connection: Connection, instance: str) -> Place:
    table = table_of(Instance)
    row = dict(connection.execute(select(table).where(table.c.id == instance)).mappings().one())
    return place_of(row)


def _forget(connection: Connection, model: type[Table], *where: Any) -> None:
    connection.execute(delete(table_of(model)).where(*where))


def _fact(row: Any) -> Fact:
    return Fact(
        number=row["number"],
        kind=row["kind"],
        at=row["at"].isoformat().replace("+00:00", "Z"),
        element=row["element"],
        token=row["token"],
        scope=row["scope"],
        item=row["item"],
        definition=row["definition"],
        actor=row["actor"],
        command=row["command"],
        data=row["data"],
    )
