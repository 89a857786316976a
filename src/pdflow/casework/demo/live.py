"""How the demo acts on Temporal, and in tests on any platform: through the same services as the screens."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from pdflow.casework import items
from pdflow.records.tables import Task
from pdflow.services import commands, tasks
from pdflow.services.actor import Actor
from pdflow.services.platform import Platform

#: A step on a busy machine, or one whose worker was just killed, may take this long.
PATIENCE = timedelta(seconds=60)


class ServiceHands:
    """See :class:`pdflow.casework.demo.director.Hands`.

    Args:
        administrator: moves the simulated clocks.
    """

    def __init__(self, platform: Platform, administrator: Actor) -> None:
        self._platform = platform
        self._administrator = administrator

    def complete(self, actor: Actor, task: Task, payload: Mapping[str, Any], at: datetime) -> None:
        """Claim and complete, as a person does."""
        tasks.claim(actor, self._platform, task.id)
        tasks.complete(actor, self._platform, task.id, dict(payload), at=at, deadline=PATIENCE)

    def advance(self, instance: str, at: datetime) -> None:
        """Send the command that moves a simulated clock."""
        commands.submit(
            self._administrator, self._platform, instance=instance, name="advance", at=at, deadline=PATIENCE
        )

    def items(self, task: Task) -> dict[str, list[str]]:
        """Read them from the records."""
        with self._platform.reading() as session:
            found = items.for_task(session, task)
        return {kind: [item.id for item in of_kind] for kind, of_kind in found.items()}
