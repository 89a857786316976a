"""Who held a case, and for how long: derived from the same events as the clock itself (domain 3.2 rules 2 and 4)."""

from __future__ import annotations

from datetime import datetime, timedelta

from pdflow.sla.clock import Clock

#: Stands for the person asked, where a policy gives the clock to the person and not to an office.
PERSON = "person"


def held(clock: Clock, until: datetime) -> dict[str | None, timedelta]:
    """Elapsed time per accountable holder, up to an instant or the stop of the clock, whichever is first.

    Returns:
        Unit code (or :data:`PERSON`) to elapsed time, in the order in which they first held it.
    """
    spans: dict[str | None, timedelta] = {}
    for stretch in clock.stretches:
        end = min(stretch.end or until, until)
        holder = PERSON if clock.holder == "person" else stretch.unit
        spans[holder] = spans.get(holder, timedelta(0)) + max(end - stretch.begin, timedelta(0))
    return spans


def accountable(clock: Clock, at: datetime) -> str | None:
    """The holder at an instant within the life of the clock; at a hand-over it is already the new one."""
    if clock.holder == "person":
        return PERSON
    unit = clock.stretches[0].unit
    for stretch in clock.stretches:
        if stretch.begin <= at:
            unit = stretch.unit
    return unit
