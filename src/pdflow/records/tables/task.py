"""User tasks, whom they are offered to, and unfinished input."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field

from pdflow.records.tables.base import Table, instant, json_list, json_object, maybe_instant, secret_json
from pdflow.records.types import ID


class Task(Table, table=True):
    """A user task ``<instance>:<token>``.

    Attributes:
        form: form id of the task's definition; the pinned schema lives in that manifest.
        state: ``open``, ``claimed``, ``completing`` (a command is on its way), ``completed`` or ``cancelled``.
        unit: accountable unit, from its first candidate group.
        clock: id of the clock from which ``due`` derives.
        held, hard_date: see :class:`pdflow.records.tables.instance.Instance`.
        version: row version, raised by every change.
        opened_by_fact, changed_by_fact, closed_by_fact: which facts made this row so; undone when they repeat.
    """

    __tablename__ = "tasks"
    __table_args__ = (
        Index("ix_tasks_assignee_state", "assignee", "state"),
        Index("ix_tasks_state_due", "state", "due"),
        Index("ix_tasks_instance_token", "instance", "token"),
    )

    id: str = Field(primary_key=True, max_length=2 * ID)
    instance: str = Field(max_length=ID, foreign_key="instances.id")
    token: str = Field(max_length=ID)
    process: str = Field(max_length=ID)
    definition: str | None = Field(default=None, max_length=64)
    case: str | None = Field(default=None, max_length=16, index=True)
    unit: str | None = Field(default=None, max_length=16, index=True)
    simulated: bool = False
    element: str = Field(max_length=200)
    name: str = Field(max_length=200)
    form: str | None = Field(default=None, max_length=120)
    state: str = Field(max_length=12)
    groups: list[str] = json_list()
    users: list[str] = json_list()
    assignee: str | None = Field(default=None, max_length=ID)
    claimed_at: datetime | None = maybe_instant()
    due: datetime | None = maybe_instant()
    follow_up: datetime | None = maybe_instant()
    priority: int = 50
    held: bool = False
    hard_date: datetime | None = maybe_instant()
    clock: str | None = Field(default=None, max_length=2 * ID)
    variables: dict[str, Any] = json_object()
    headers: dict[str, Any] = json_object()
    properties: dict[str, Any] = json_object()
    opened_at: datetime = instant()
    closed_at: datetime | None = maybe_instant()
    closed_by: str | None = Field(default=None, max_length=ID)
    opened_by_fact: int
    changed_by_fact: int
    closed_by_fact: int | None = None
    version: int = 1


class TaskGroup(Table, table=True):
    """A task is offered to a candidate group ``<unit>.<role>``."""

    __tablename__ = "task_groups"
    __table_args__ = ({"sqlite_with_rowid": False},)

    group: str = Field(primary_key=True, max_length=48)
    task: str = Field(primary_key=True, max_length=2 * ID, index=True)


class TaskDraft(Table, table=True):
    """What somebody has typed into a task's form and not yet sent; encrypted, kept on the server."""

    __tablename__ = "task_drafts"

    task: str = Field(primary_key=True, max_length=2 * ID)
    user: str = Field(primary_key=True, max_length=ID)
    payload: Any = secret_json("task_drafts.payload")
    saved_at: datetime = instant()
