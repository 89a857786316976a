"""A clock: one duty of one subject, from its start to its stop, as a fold over its events.

Rules (domain 3.2): due = start + target in elapsed time, no pause, no move, no back-dating; stopped at exactly the due
instant is met; a breach is never cleared. The state is nothing but its events folded, so that it can be recomputed from
the record at any time and must agree (:func:`disagreements`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from pdflow.sla.errors import ClockError
from pdflow.sla.policy import BREACHED, Policy, Reached

Outcome = Literal["met", "met_late", "cancelled"]
Status = Literal["running", "at_risk", "breached_open", "met", "met_late", "cancelled"]


@dataclass(frozen=True, slots=True)
class Started:
    """The duty begins.

    Attributes:
        subject: the one recipient it is owed to; ``None``: the whole case.
        unit: accountable unit code; ``None`` where there is none.
    """

    at: datetime
    clock: str
    policy: str
    subject: str | None
    unit: str | None
    holder: Literal["office", "person"]
    due: datetime
    levels: tuple[Reached, ...]


@dataclass(frozen=True, slots=True)
class LevelReached:
    """A level was announced; ``at`` may be later than its instant, never earlier."""

    at: datetime
    level: str


@dataclass(frozen=True, slots=True)
class Reassigned:
    """Another unit is accountable from now on; the due instant does not move."""

    at: datetime
    unit: str | None


@dataclass(frozen=True, slots=True)
class Stopped:
    """The duty was done, or is gone (``cancelled``)."""

    at: datetime
    outcome: Outcome


ClockEvent = Started | LevelReached | Reassigned | Stopped


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time and the unit accountable in it; ``end`` is ``None`` while it lasts."""

    unit: str | None
    begin: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Clock:
    """The state of a clock after its events so far.

    Attributes:
        reached: how many of ``levels`` have been announced; they come in order.
        stopped: when it stopped; ``None`` while it is open.
    """

    id: str
    policy: str
    subject: str | None
    holder: Literal["office", "person"]
    started: datetime
    due: datetime
    levels: tuple[Reached, ...]
    stretches: tuple[Stretch, ...]
    reached: int = 0
    stopped: datetime | None = None
    outcome: Outcome | None = None

    @property
    def unit(self) -> str | None:
        """The unit accountable last."""
        return self.stretches[-1].unit

    @property
    def next_level(self) -> Reached | None:
        """The next level to announce; ``None`` when it is stopped or all are announced."""
        if self.stopped is not None or self.reached >= len(self.levels):
            return None
        return self.levels[self.reached]

    def outcome_at(self, at: datetime) -> Outcome:
        """What stopping at this instant amounts to: at exactly the due instant it is met."""
        return "met" if at <= self.due else "met_late"

    def status(self, at: datetime) -> Status:
        """The status as of an instant not before the last event."""
        if self.outcome is not None:
            return self.outcome
        announced = [level.name for level in self.levels[: self.reached]]
        if at > self.due or BREACHED in announced:
            return "breached_open"
        if self.levels and at >= self.levels[0].at and self.levels[0].name != BREACHED:
            return "at_risk"
        return "running"

    def after(self, event: LevelReached | Reassigned | Stopped) -> Clock:
        """The clock after one more event.

        Raises:
            ClockError: the event cannot follow: the clock is stopped, or the level is not the next one.
        """
        if self.stopped is not None:
            raise ClockError(f"expected no event after clock {self.id} has stopped, found {event}")
        if isinstance(event, LevelReached):
            expected = self.next_level
            if expected is None or expected.name != event.level:
                raise ClockError(f"expected clock {self.id} to reach {expected}, found {event.level!r}")
            return replace(self, reached=self.reached + 1)
        last = self.stretches[-1]
        if isinstance(event, Reassigned):
            closed = (*self.stretches[:-1], replace(last, end=event.at), Stretch(event.unit, event.at, None))
            return replace(self, stretches=closed)
        ended = (*self.stretches[:-1], replace(last, end=event.at))
        return replace(self, stopped=event.at, outcome=event.outcome, stretches=ended)


def start(
    policy: Policy, at: datetime, *, clock: str, subject: str | None = None, unit: str | None = None
) -> Started:
    """The event that starts a clock under a policy; the due instant and all levels follow from it alone."""
    return Started(at, clock, policy.id, subject, unit, policy.holder, policy.due(at), policy.instants(at))


def opened(event: Started) -> Clock:
    """The clock that a start event makes."""
    return Clock(
        event.clock,
        event.policy,
        event.subject,
        event.holder,
        event.at,
        event.due,
        event.levels,
        (Stretch(event.unit, event.at, None),),
    )


def fold(events: Iterable[ClockEvent]) -> Clock:
    """The state after these events, the first of which starts the clock.

    Raises:
        ClockError: they cannot be the history of one clock.
    """
    clock: Clock | None = None
    for event in events:
        if isinstance(event, Started):
            if clock is not None:
                raise ClockError("expected one start, found a second one")
            clock = opened(event)
        elif clock is None:
            raise ClockError(f"expected the start of a clock first, found {event}")
        else:
            clock = clock.after(event)
    if clock is None:
        raise ClockError("expected the start of a clock, found no event")
    return clock


def disagreements(policy: Policy, events: Iterable[ClockEvent]) -> list[str]:
    """Recompute a clock from its recorded events and its policy; say each thing that does not agree.

    Returns:
        Sentences, none when everything recorded is what the rules give.
    """
    recorded = list(events)
    try:
        clock = fold(recorded)
    except ClockError as error:
        return [str(error)]
    found: list[str] = []
    if clock.due != policy.due(clock.started):
        found.append(
            f"due is {clock.due.isoformat()}, the policy gives {policy.due(clock.started).isoformat()}"
        )
    if clock.levels != policy.instants(clock.started):
        found.append("the instants of the levels are not those that the policy gives")
    last = clock.started
    instants = dict(clock.levels)
    for event in recorded:
        if event.at < last:
            found.append(f"an event at {event.at.isoformat()} follows one at {last.isoformat()}")
        last = event.at
        if isinstance(event, LevelReached) and event.at < instants[event.level]:
            found.append(
                f"level {event.level} is recorded before its instant {instants[event.level].isoformat()}"
            )
    if clock.stopped is not None:
        right = clock.outcome_at(clock.stopped)
        if clock.outcome not in (right, "cancelled"):
            found.append(f"the outcome is {clock.outcome}, the instants give {right}")
        if clock.reached < len(clock.levels):
            missed = clock.levels[clock.reached]
            if missed.at < clock.stopped:
                found.append(f"level {missed.name} at {missed.at.isoformat()} was passed and is not recorded")
    return found
