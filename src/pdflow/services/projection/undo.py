"""A fact number that repeats undoes everything from it on.

A worker and its server may die after the records were committed and before the workflow knew: the workflow then goes
on from its older state and may go another way. What the records hold beyond that point never happened.

What people did to a task in the meantime (claim, the command on its way) is theirs, not the instance's: it is put back
when the task comes back under the same id.
"""

from __future__ import annotations

from collections.abc import Mapping
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
from pdflow.services.projection.fold import Place, fold
from pdflow.services.projection.store import Row, Rows

_FACTS_OF_TASKS = ("task_opened", "task_changed", "task_closed")
_FACTS_OF_CLOCKS = ("clock_started", "clock_level", "clock_changed", "clock_stopped")
#: Tables whose rows a fact opens, and the column that names it.
_OPENED_BY: Mapping[type[Table], str] = {
    Task: "opened_by_fact",
    Clock: "opened_by_fact",
    Incident: "opened_by_fact",
    ClockEvent: "fact",
    Subscription: "fact",
}
#: Columns of a task that belong to people.
THEIRS = ("state", "assignee", "claimed_at", "held", "hard_date")


def recorded(connection: Connection, instance: str, first: int, *, before: bool = False) -> list[Fact]:
    """Facts of an instance as they are written, from a number on, or before it."""
    table = table_of(FactRow)
    which = table.c.number < first if before else table.c.number >= first
    statement = select(table).where(table.c.instance == instance, which).order_by(table.c.number)
    return [_fact(row) for row in connection.execute(statement).mappings()]


def undo(rows: Rows, instance: str, first: int) -> dict[str, Row]:
    """Take back every row of an instance from a fact number on.

    Args:
        rows: of the projection; holds nothing of this instance yet.
        instance: its id.
        first: number of the first fact that repeats.

    Returns:
        What people had made of the tasks that are gone, by task id.
    """
    connection = rows.connection
    tasks = table_of(Task)
    gone = connection.execute(
        select(tasks).where(tasks.c.instance == instance, tasks.c.opened_by_fact >= first)
    ).mappings()
    theirs = {row["id"]: {name: row[name] for name in THEIRS} for row in gone}
    _forget(connection, TaskGroup, table_of(TaskGroup).c.task.in_(list(theirs)))
    for model, column in _OPENED_BY.items():
        table = table_of(model)
        _forget(connection, model, table.c.instance == instance, table.c[column] >= first)
    _reopen(connection, instance, first)
    _refold(rows, instance, first)
    facts = table_of(FactRow)
    _forget(connection, FactRow, facts.c.instance == instance, facts.c.number >= first)
    return theirs


def give_back(rows: Rows, theirs: dict[str, Row]) -> None:
    """Put back claims and commands on their way where a task has come back and is still open."""
    for task_id in list(theirs):
        task = rows.get(Task, task_id)
        if task is None:
            continue
        columns = theirs.pop(task_id)
        kept = {name: columns[name] for name in ("held", "hard_date")}
        if task["closed_by_fact"] is None and columns["state"] in ("claimed", "completing"):
            kept = columns
        elif task["closed_by_fact"] is None and columns["assignee"]:
            kept |= {"state": "claimed", "assignee": columns["assignee"], "claimed_at": columns["claimed_at"]}
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


def _refold(rows: Rows, instance: str, first: int) -> None:
    """Make the rows that an undone fact had changed again from the facts before it."""
    changed_tasks = _touched(rows, Task, instance, first)
    changed_clocks = _touched(rows, Clock, instance, first)
    if not changed_tasks and not changed_clocks:
        return
    was = {row["id"]: dict(row) for row in (*changed_tasks, *changed_clocks)}
    replay = Rows(rows.connection)
    place = _place(rows.connection, instance)
    for fact in recorded(rows.connection, instance, first, before=True):
        wanted = fact.kind in _FACTS_OF_TASKS and place.task(fact.token) in was
        wanted = wanted or (fact.kind in _FACTS_OF_CLOCKS and fact.data["clock"] in was)
        if wanted:
            fold(replay, place, fact, datetime.fromisoformat(fact.at))
    for task in changed_tasks:
        again = replay.get(Task, task["id"])
        if again is not None:
            mutable = {name: again[name] for name in ("groups", "unit", "due", "closed_at", "closed_by")}
            numbers = {name: again[name] for name in ("changed_by_fact", "closed_by_fact")}
            rows.remove(TaskGroup, "task", task["id"])
            for group in dict.fromkeys(again["groups"]):
                rows.add(TaskGroup, {"group": group, "task": task["id"]})
            rows.change(Task, task, state=_state(rows.connection, task), **mutable, **numbers)
    for clock in changed_clocks:
        again = replay.get(Clock, clock["id"])
        if again is not None:
            rows.change(Clock, clock, **{name: again[name] for name in _CLOCK})
    rows.flush()


_CLOCK = ("unit", "due", "state", "level", "stopped_at", "outcome", "changed_by_fact", "closed_by_fact")


def _touched(rows: Rows, model: type[Table], instance: str, first: int) -> list[Row]:
    table = table_of(model)
    return rows.load(model, "instance", [instance], table.c.changed_by_fact >= first)


def _state(connection: Connection, task: Row) -> str:
    """State of a task that is open again: a command on its way, a claim, or neither."""
    commands = table_of(Command)
    pending = select(commands.c.id).where(
        commands.c.task == task["id"], commands.c.state == "requested", commands.c.answered_at.is_(None)
    )
    if connection.execute(pending.limit(1)).first() is not None:
        return "completing"
    return "claimed" if task["assignee"] else "open"


def _place(connection: Connection, instance: str) -> Place:
    table = table_of(Instance)
    row = dict(connection.execute(select(table).where(table.c.id == instance)).mappings().one())
    return Place(instance, row["process"], row["case"], row["unit"], row["simulated"], row, {}, {})


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
