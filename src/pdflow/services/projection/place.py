"""Where the facts of a batch belong."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from pdflow.services.projection.store import Row


@dataclass
class Place:
    """The instance that facts belong to, and what is open in it by token."""

    instance: str
    process: str
    case: str | None
    unit: str | None
    simulated: bool
    row: Row
    incidents: dict[str | None, Row] = field(default_factory=dict)
    subscriptions: dict[str | None, Row] = field(default_factory=dict)

    def task(self, token: str | None) -> str:
        """Task id of a token."""
        return f"{self.instance}:{token}"


def place_of(row: Row) -> Place:
    """The place of an instance's row; nothing is open there yet."""
    return Place(row["id"], row["process"], row["case"], row["unit"], row["simulated"], row)


def unit_of(groups: list[str]) -> str | None:
    """The unit of the first candidate group ``<unit>.<role>``."""
    return groups[0].partition(".")[0] if groups and "." in groups[0] else None


def instant(text: str | None) -> datetime | None:
    """An ISO instant of the wire."""
    return None if text is None else datetime.fromisoformat(text)
