"""What the facts of one instance say: its life so far, and what is open now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from pdflow.runtime import instants
from pdflow.runtime.messages import Fact
from pdflow.sla import BREACHED


class Books:
    """A fold over facts, in their order.

    Attributes:
        facts: all of them.
        tasks: open user tasks, token to element, oldest first.
        awaited: message subscriptions, token to name and key.
        incidents: open ones, token to element and sentence; the instance as a whole has the token ``""``.
        thrown: names of the messages thrown, in order.
        clocks: (policy, subject) to the status of its last SLA clock.
        ended: variables of the process at its end (canonical encoding); ``None`` while it lives.
    """

    def __init__(self, process: str) -> None:
        self._process = process
        self.facts: list[Fact] = []
        self.tasks: dict[str, str] = {}
        self.awaited: dict[str, tuple[str, str | None]] = {}
        self.incidents: dict[str, tuple[str, str]] = {}
        self.thrown: list[str] = []
        self.clocks: dict[tuple[str, str | None], str] = {}
        self.ended: Mapping[str, Any] | None = None

    def enter(self, facts: Iterable[Fact]) -> None:
        """Take in new facts."""
        for fact in facts:
            self.facts.append(fact)
            self._take(fact)

    def _take(self, fact: Fact) -> None:
        token, element, data = fact.token or "", fact.element or "", fact.data
        match fact.kind:
            case "task_opened":
                self.tasks[token] = element
            case "task_closed":
                self.tasks.pop(token, None)
            case "subscribed":
                self.awaited[token] = data["message"], data.get("key")
            case "unsubscribed":
                self.awaited.pop(token, None)
            case "incident_raised":
                self.incidents[token] = element or self._process, data["message"]
            case "incident_cleared":
                self.incidents.pop(token, None)
            case "message_thrown":
                self.thrown.append(data["message"])
            case "clock_started" | "clock_level" | "clock_stopped":
                self._clock(fact)
            case "ended":
                self.ended = data["variables"]

    def _clock(self, fact: Fact) -> None:
        duty = fact.data["policy"], fact.data.get("subject")
        if fact.kind == "clock_started":
            self.clocks[duty] = "running"
        elif fact.kind == "clock_stopped":
            self.clocks[duty] = fact.data["outcome"]
        elif fact.data["level"] == BREACHED:
            self.clocks[duty] = "breached_open"
        elif self.clocks[duty] == "running":
            self.clocks[duty] = "at_risk"

    def entered(self) -> list[str]:
        """Elements entered, in order."""
        return [fact.element or "" for fact in self.facts if fact.kind == "entered"]

    def waiting(self) -> list[str]:
        """What is open, in words: incidents, user tasks, messages."""
        found = [f"incident at {element}: {why.rstrip('.')}" for element, why in self.incidents.values()]
        found += [f"user task {element}" for element in self.tasks.values()]
        found += [f"message {name}" + (f" [{key}]" if key else "") for name, key in self.awaited.values()]
        return found

    def never_waits(self, now: datetime) -> None:
        """Note that the model goes on and on; nobody else would."""
        message = "The model goes on and on without ever waiting."
        number = self.facts[-1].number + 1 if self.facts else 1
        data = {"code": "never-waits", "message": message}
        if "" not in self.incidents:
            self.enter(
                [Fact(number, "incident_raised", instants.write(now), element=self._process, data=data)]
            )
