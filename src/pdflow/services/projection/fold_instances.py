"""What facts make of an instance's own row."""

from __future__ import annotations

from datetime import datetime

from pdflow.records.tables import Clock, Instance, Task
from pdflow.runtime.messages import Fact
from pdflow.services.projection.place import Place
from pdflow.services.projection.store import Rows


def started(rows: Rows, place: Place, fact: Fact, at: datetime) -> None:
    """The instance begins."""
    variables = fact.data.get("variables") or {}
    rows.change(Instance, place.row, state="running", variables=variables, held=variables.get("held") is True)


def ended(rows: Rows, place: Place, fact: Fact, at: datetime) -> None:
    """The instance is over."""
    state = fact.data.get("state") or "completed"
    variables = fact.data.get("variables")
    rows.change(Instance, place.row, state=state, ended_at=at, ended_by_fact=fact.number)
    if variables is not None:
        rows.change(Instance, place.row, variables=variables)


def anchored(rows: Rows, place: Place, fact: Fact, at: datetime) -> None:
    """A simulated instance lives in real time from here on; what is open counts from now on."""
    place.simulated = False
    rows.change(Instance, place.row, simulated=False)
    for model in (Task, Clock):
        for row in rows.all(model):
            if row["instance"] == place.instance and row["closed_by_fact"] is None:
                rows.change(model, row, simulated=False)
