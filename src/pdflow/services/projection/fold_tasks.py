"""What facts make of tasks."""

from __future__ import annotations

from datetime import datetime

from pdflow.records.tables import Task, TaskGroup
from pdflow.runtime.messages import Fact
from pdflow.services.projection.place import Place, instant, unit_of
from pdflow.services.projection.store import Rows


def task_opened(rows: Rows, place: Place, fact: Fact, at: datetime) -> None:
    """A token that stops, and is tried again, opens the task of the same id anew."""
    before = rows.get(Task, place.task(fact.token))
    if before is not None:
        rows.remove(Task, "id", before["id"])
        rows.remove(TaskGroup, "task", before["id"])
    data = fact.data
    groups = list(data.get("groups") or ())
    assignee = data.get("assignee")
    task = {
        "id": place.task(fact.token),
        "instance": place.instance,
        "token": fact.token,
        "process": place.process,
        "definition": fact.definition,
        "case": place.case,
        "unit": unit_of(groups) or place.unit,
        "simulated": place.simulated,
        "element": fact.element or "",
        "name": data.get("name") or fact.element or "",
        "form": data.get("form"),
        "state": "claimed" if assignee else "open",
        "groups": groups,
        "users": list(data.get("users") or ()),
        "assignee": assignee,
        "claimed_at": at if assignee else None,
        "due": instant(data.get("due")),
        "follow_up": instant(data.get("follow_up")),
        "priority": data.get("priority") if data.get("priority") is not None else 50,
        "held": place.row["held"],
        "hard_date": place.row["hard_date"],
        "clock": data.get("clock"),
        "variables": data.get("variables") or {},
        "headers": data.get("headers") or {},
        "properties": data.get("properties") or {},
        "opened_at": at,
        "closed_at": None,
        "closed_by": None,
        "opened_by_fact": fact.number,
        "changed_by_fact": fact.number,
        "closed_by_fact": None,
        "version": before["version"] + 1 if before else 1,
    }
    rows.add(Task, task)
    for group in dict.fromkeys(groups):
        rows.add(TaskGroup, {"group": group, "task": task["id"]})


def task_closed(rows: Rows, place: Place, fact: Fact, at: datetime) -> None:
    """A task is completed or cancelled."""
    task = rows.get(Task, place.task(fact.token))
    if task is None:
        return
    rows.change(
        Task,
        task,
        state=fact.data.get("outcome") or "cancelled",
        closed_at=at,
        closed_by=fact.actor,
        changed_by_fact=fact.number,
        closed_by_fact=fact.number,
        version=task["version"] + 1,
    )


def task_changed(rows: Rows, place: Place, fact: Fact, at: datetime) -> None:
    """New groups release a claim: whoever held it may not be in them (transfer)."""
    task = rows.get(Task, place.task(fact.token))
    if task is None:
        return
    rows.change(Task, task, changed_by_fact=fact.number, version=task["version"] + 1)
    if fact.data.get("due") is not None:
        rows.change(Task, task, due=instant(fact.data["due"]))
    groups = fact.data.get("groups")
    if groups is not None and groups != task["groups"]:
        rows.remove(TaskGroup, "task", task["id"])
        for group in dict.fromkeys(groups):
            rows.add(TaskGroup, {"group": group, "task": task["id"]})
        rows.change(Task, task, groups=list(groups), unit=unit_of(groups) or task["unit"])
        if task["state"] == "claimed":
            rows.change(Task, task, state="open", assignee=None, claimed_at=None)
