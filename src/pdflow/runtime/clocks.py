"""The SLA clocks of one instance: those that run, and how the last one of each duty ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pdflow.feel.boundary import from_python
from pdflow.runtime import instants
from pdflow.sla import Clock, LevelReached, Policy, Reached, Reassigned, Stopped, Stretch, opened, start

#: Ended clocks that an expression can still ask for; the oldest is forgotten first.
REMEMBERED = 32


@dataclass
class Running:
    """A clock with what stops it.

    Attributes:
        token: the measured element's token; ``None`` for a clock that an event started.
        element: where it was started.
        definition: hash of the definition whose policy it follows; ``None``: that of the instance.
    """

    clock: Clock
    token: str | None
    element: str
    definition: str | None = None


class Clocks:
    """All clocks of an instance, by id in the order of their start (``c1``, ``c2`` ...)."""

    def __init__(self) -> None:
        self._running: dict[str, Running] = {}
        self._ended: dict[tuple[str, str | None], Clock] = {}
        self._started = 0

    def __getitem__(self, clock: str) -> Running:
        return self._running[clock]

    def __iter__(self) -> Iterator[Running]:
        return iter(self._running.values())

    @property
    def ids(self) -> list[str]:
        """Ids of the clocks that run."""
        return list(self._running)

    def start(
        self,
        policy: Policy,
        at: datetime,
        *,
        subject: str | None,
        unit: str | None,
        token: str | None,
        element: str,
        definition: str | None = None,
    ) -> Running | None:
        """Start a clock.

        Returns:
            ``None`` when an event starts a duty that runs already: a clock in motion is never set back.
        """
        if token is None and self.find(policy.id, subject) is not None:
            return None
        self._started += 1
        clock = f"c{self._started}"
        begun = opened(start(policy, at, clock=clock, subject=subject, unit=unit))
        running = Running(begun, token, element, definition)
        self._running[clock] = running
        return running

    def find(self, policy: str, subject: str | None, token: str | None = None) -> Running | None:
        """The running clock that measures the element of a token; else the oldest of that duty."""
        measured = self.measured_by(token) if token is not None else None
        if measured is not None and measured.clock.policy == policy:
            return measured
        for running in self._running.values():
            if running.clock.policy == policy and running.clock.subject == subject:
                return running
        return None

    def measured_by(self, token: str) -> Running | None:
        """The clock that measures the element of a token."""
        return next((running for running in self._running.values() if running.token == token), None)

    def stop(self, clock: str, at: datetime, *, cancelled: bool) -> Clock:
        """Stop a running clock; the instant alone decides whether it was met."""
        running = self._running.pop(clock)
        ended = running.clock.after(Stopped(at, "cancelled" if cancelled else running.clock.outcome_at(at)))
        self._ended.pop((ended.policy, ended.subject), None)
        self._ended[ended.policy, ended.subject] = ended
        while len(self._ended) > REMEMBERED:
            del self._ended[next(iter(self._ended))]
        return ended

    def next(self) -> tuple[datetime, str] | None:
        """Instant and clock id of the earliest level to come; ties in the order of start."""
        levels = ((running.clock.next_level, clock) for clock, running in self._running.items())
        return min(
            ((level.at, clock) for level, clock in levels if level is not None),
            key=lambda entry: (entry[0], int(entry[1][1:])),
            default=None,
        )

    def reach(self, clock: str, at: datetime) -> tuple[Running, Reached]:
        """Announce the next level of a clock."""
        running = self._running[clock]
        level = running.clock.next_level
        assert level is not None
        running.clock = running.clock.after(LevelReached(at, level.name))
        return running, level

    def reassign(self, clock: str, at: datetime, unit: str) -> Running:
        """Make another unit accountable; the due instant stays."""
        running = self._running[clock]
        running.clock = running.clock.after(Reassigned(at, unit))
        return running

    def describe(self, policy: str, subject: str | None, now: datetime) -> Mapping[str, Any] | None:
        """What the FEEL function ``clock`` gives: the running clock of a duty, else the last one that ended."""
        running = self.find(policy, subject)
        clock = running.clock if running else self._ended.get((policy, subject))
        if clock is None:
            return None
        return _shown(clock, now)

    def foresee(
        self, policy: Policy, subject: str | None, unit: str | None, now: datetime
    ) -> Mapping[str, Any]:
        """What ``clock`` gives for a clock that starts with this very step."""
        return _shown(opened(start(policy, now, clock="", subject=subject, unit=unit)), now)

    def snapshot(self) -> dict[str, Any]:
        """JSON data; the stretches of accountability are in the facts, only the last one is kept here."""
        return {
            "started": self._started,
            "running": [[*_write(e.clock), e.token, e.element, e.definition] for e in self._running.values()],
            "ended": [
                [*_write(clock), _instant(clock.stopped), clock.outcome] for clock in self._ended.values()
            ],
        }

    def restore(self, data: dict[str, Any]) -> None:
        """Take over what :meth:`snapshot` gave."""
        self._started = data["started"]
        for *fields, token, element, definition in data["running"]:
            clock = _read(fields)
            self._running[clock.id] = Running(clock, token, element, definition)
        for *fields, stopped, outcome in data["ended"]:
            clock = _read(fields, instants.read_maybe(stopped), outcome)
            self._ended[clock.policy, clock.subject] = clock


def _shown(clock: Clock, now: datetime) -> Mapping[str, Any]:
    shown: Mapping[str, Any] = from_python(
        {
            "policy": clock.policy,
            "subject": clock.subject,
            "unit": clock.unit,
            "started": clock.started,
            "due": clock.due,
            "status": clock.status(now),
        }
    )
    return shown


def _instant(value: datetime | None) -> str | None:
    return None if value is None else instants.write(value)


def _write(clock: Clock) -> list[Any]:
    levels = [[level.name, instants.write(level.at)] for level in clock.levels[clock.reached :]]
    passed = [level.name for level in clock.levels[: clock.reached]]
    if clock.stopped is not None:
        levels, passed = [], []
    start, due = instants.write(clock.started), instants.write(clock.due)
    return [clock.id, clock.policy, clock.subject, clock.holder, start, due, levels, passed, clock.unit]


def _read(fields: list[Any], stopped: datetime | None = None, outcome: Any = None) -> Clock:
    clock, policy, subject, holder, begin, due, ahead, passed, unit = fields
    started = instants.read(begin)
    # The instants of announced levels are in the facts; nothing asks for them again, their names count.
    levels = [Reached(name, started) for name in passed] + [
        Reached(name, instants.read(at)) for name, at in ahead
    ]
    stretch = (Stretch(unit, started, None),)
    return Clock(
        clock,
        policy,
        subject,
        holder,
        started,
        instants.read(due),
        tuple(levels),
        stretch,
        len(passed),
        stopped,
        outcome,
    )
