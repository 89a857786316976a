"""Drives an execution in tests: events by element id, the trace, and save and restore after every step."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from pdflow.engine import (
    Cancel,
    Command,
    Completed,
    Continue,
    DefinitionResolved,
    ErrorThrown,
    Execution,
    Finish,
    GoOn,
    MessageReceived,
    Moved,
    OpenTask,
    RaiseIncident,
    ResolveDefinition,
    Retried,
    RunActivity,
    SignalReceived,
    Step,
    TimersDue,
    WorkFailed,
    load,
)
from pdflow.engine.protocol import Decision, Event

T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Shelf:
    """A library of models: the file under test is definition ``d``."""

    def __init__(self, xml: bytes, others: Mapping[str, bytes] | None = None, decisions: Any = None) -> None:
        self.models = {"d": load(xml)} | {key: load(text) for key, text in (others or {}).items()}
        self.decisions = decisions or {}

    def model(self, definition: str) -> Any:
        return self.models[definition]

    def decision(self, definition: str, decision: str) -> Decision | None:
        found: Decision | None = self.decisions.get((definition, decision))
        return found


class Drive:
    """One instance under test."""

    def __init__(
        self,
        xml: bytes | Shelf,
        variables: Mapping[str, Any] | None = None,
        *,
        restoring: bool = False,
        start: str | None = None,
        process: str = "p",
        others: Mapping[str, bytes] | None = None,
        functions: Mapping[str, Callable[..., Any]] | None = None,
    ) -> None:
        self.shelf = xml if isinstance(xml, Shelf) else Shelf(xml, others)
        self.restoring = restoring
        self.functions = functions or {}
        self.now = T0
        self.facts: list[Moved] = []
        self.commands: list[Command] = []
        self.steps = 0
        self.execution, step = Execution.start(
            self.shelf, "d", process, variables or {}, now=T0, start_event=start, functions=self.functions
        )
        self._take(step)

    def _take(self, step: Step) -> bool:
        taken = step.taken
        while True:
            self.steps += 1
            self.facts += step.facts
            self.commands += step.commands
            self.last = step.commands
            if self.restoring:
                text = json.dumps(self.execution.snapshot())
                self.execution = Execution.restore(self.shelf, json.loads(text), functions=self.functions)
                assert json.dumps(self.execution.snapshot()) == text
            if not any(isinstance(command, Continue) for command in step.commands):
                return taken
            step = self.execution.handle(GoOn(), self.now)

    def send(self, event: Event) -> bool:
        return self._take(self.execution.handle(event, self.now))

    def token(self, element: str, state: str = "") -> str:
        """Oldest live token at an element that waits for somebody."""
        for token in self.execution.open_tokens():
            if token.node.id == element and token.state in (
                (state,) if state else ("task", "activity", "incident")
            ):
                return token.id
        raise AssertionError(f"nothing waits at {element}; live: {self.live()}")

    def complete(self, element: str, **variables: Any) -> bool:
        return self.send(Completed(self.token(element), variables))

    def fail(self, element: str, code: str, **variables: Any) -> bool:
        return self.send(ErrorThrown(self.token(element), code, "", variables))

    def break_down(self, element: str) -> bool:
        return self.send(WorkFailed(self.token(element), "no connection"))

    def retry(self, element: str, **variables: Any) -> bool:
        return self.send(Retried(self.token(element, "incident"), variables))

    def message(self, name: str, key: str | None = None, **variables: Any) -> bool:
        return self.send(MessageReceived(name, key, variables))

    def signal(self, name: str, **variables: Any) -> bool:
        return self.send(SignalReceived(name, variables))

    def resolve(self, element: str, definition: str | None) -> bool:
        return self.send(DefinitionResolved(self.token(element, "resolve"), definition))

    def cancel(self) -> bool:
        return self.send(Cancel("test"))

    def advance(self, **by: float) -> bool:
        """Move the clock, stopping at each due time on the way."""
        goal = self.now + timedelta(**by)
        taken = False
        while (due := self.execution.earliest_due) is not None and due <= goal:
            self.now = max(self.now, due)
            taken = self.send(TimersDue()) or taken
        self.now = goal
        return taken

    def jump(self, **by: float) -> bool:
        """Move the clock at once, as after an outage."""
        self.now += timedelta(**by)
        return self.send(TimersDue())

    def trace(self, *events: str) -> list[str]:
        """``event element`` lines, with ``[item]``; by default enter, complete, terminate and incident."""
        wanted = events or ("enter", "complete", "terminate", "incident")
        return [
            f"{fact.event} {fact.element}" + (f"[{fact.item}]" if fact.item is not None else "")
            for fact in self.facts
            if fact.event in wanted
        ]

    def completed(self) -> list[str]:
        return [line.removeprefix("complete ") for line in self.trace("complete")]

    def live(self) -> list[str]:
        return [token.node.id for token in self.execution.open_tokens()]

    def waiting(self) -> list[str]:
        """Elements that wait for a person, an activity or an event."""
        tokens = self.execution.open_tokens()
        return [token.node.id for token in tokens if token.state in ("task", "activity", "event", "resolve")]

    def asked(self, kind: type[Command]) -> list[Any]:
        return [command for command in self.commands if isinstance(command, kind)]

    def incidents(self) -> list[str]:
        return [command.code for command in self.asked(RaiseIncident)]

    @property
    def ended(self) -> str:
        finished = self.asked(Finish)
        return finished[0].state if finished else ""

    @property
    def variables(self) -> dict[str, Any]:
        return self.execution.variables

    def work_off(self, limit: int = 200) -> None:
        """Complete whatever waits for work, oldest first, until nothing does."""
        for _ in range(limit):
            tokens = [t for t in self.execution.open_tokens() if t.state in ("task", "activity")]
            if not tokens:
                return
            self.send(Completed(tokens[0].id))
        raise AssertionError("still working")


__all__ = ["T0", "Drive", "OpenTask", "ResolveDefinition", "RunActivity", "Shelf"]
