"""Facts become rows: one small function per kind of fact, applied in order.

Every derived row carries the numbers of the facts that opened, last changed and closed it, so that a fact number that
repeats can be undone (:mod:`pdflow.services.projection.undo`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from pdflow.runtime.messages import Fact
from pdflow.services.projection import fold_clocks, fold_instances, fold_tasks, fold_waits
from pdflow.services.projection.place import Place
from pdflow.services.projection.store import Rows

#: Kinds that derive no row are history alone.
FOLDS: Mapping[str, Callable[[Rows, Place, Fact, datetime], None]] = {
    "started": fold_instances.started,
    "ended": fold_instances.ended,
    "anchored": fold_instances.anchored,
    "task_opened": fold_tasks.task_opened,
    "task_closed": fold_tasks.task_closed,
    "task_changed": fold_tasks.task_changed,
    "clock_started": fold_clocks.clock_started,
    "clock_level": fold_clocks.clock_level,
    "clock_stopped": fold_clocks.clock_stopped,
    "clock_changed": fold_clocks.clock_changed,
    "escalated": fold_clocks.escalated,
    "incident_raised": fold_waits.incident_raised,
    "incident_cleared": fold_waits.incident_cleared,
    "subscribed": fold_waits.subscribed,
    "unsubscribed": fold_waits.unsubscribed,
}


def fold(rows: Rows, place: Place, fact: Fact, at: datetime) -> None:
    """Apply one fact; ``at`` is its instant."""
    function = FOLDS.get(fact.kind)
    if function is not None:
        function(rows, place, fact, at)
