"""The facts of an instance on their way to the records: numbered once, kept until they are written."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from pdflow.runtime import instants
from pdflow.runtime.messages import Fact, OutgoingMessage

#: Facts of one projection at most.
BATCH = 500


class FactLog:
    """Numbers facts 1, 2, 3 ... and holds those that are not written yet.

    Attributes:
        last: number of the last fact.
        written: number of the last fact that the records hold.
        actor, command: who and what causes the facts of the present step.
    """

    def __init__(self) -> None:
        self.last = 0
        self.written = 0
        self._now: datetime
        self._now_text = ""
        self.actor: str | None = None
        self.command: str | None = None
        self._facts: list[Fact] = []
        self._messages: list[tuple[int, OutgoingMessage]] = []

    @property
    def now(self) -> datetime:
        """Instant that new facts carry."""
        return self._now

    @now.setter
    def now(self, instant: datetime) -> None:
        self._now, self._now_text = instant, instants.write(instant)

    @property
    def unwritten(self) -> int:
        """How many facts the records do not hold yet."""
        return len(self._facts)

    def add(
        self,
        kind: str,
        data: dict[str, Any],
        *,
        element: str | None = None,
        token: str | None = None,
        scope: str | None = None,
        item: int | None = None,
        definition: str | None = None,
    ) -> None:
        """Note a fact of the present step."""
        self.last += 1
        at, actor, command = self._now_text, self.actor, self.command
        fact = Fact(self.last, kind, at, element, token, scope, item, definition, actor, command, data)
        self._facts.append(fact)

    def throw(self, message: OutgoingMessage) -> None:
        """Send a message along with the last fact."""
        self._messages.append((self.last, message))

    def withdraw(self, number: int) -> None:
        """Take back everything after a fact that nobody has seen: the step turned out to have no effect."""
        while self._facts and self._facts[-1].number > number:
            self._facts.pop()
        self._messages = [entry for entry in self._messages if entry[0] <= number]
        self.last = number

    def next_batch(self) -> tuple[list[Fact], list[OutgoingMessage]]:
        """The oldest unwritten facts, at most :data:`BATCH`, and the messages that belong to them."""
        facts = self._facts[:BATCH]
        last = facts[-1].number if facts else 0
        return facts, [message for number, message in self._messages if number <= last]

    def mark_written(self, number: int) -> None:
        """The records hold everything up to this fact."""
        self.written = max(self.written, number)
        self._facts = [fact for fact in self._facts if fact.number > number]
        self._messages = [entry for entry in self._messages if entry[0] > number]

    def snapshot(self) -> dict[str, Any]:
        """JSON data of the log; small when everything is written."""
        data: dict[str, Any] = {"last": self.last, "written": self.written}
        if self._facts:
            data["facts"] = [_lean(asdict(fact)) for fact in self._facts]
        if self._messages:
            data["messages"] = [[number, asdict(message)] for number, message in self._messages]
        return data

    def restore(self, data: dict[str, Any]) -> None:
        """Take over what :meth:`snapshot` gave."""
        self.last, self.written = data["last"], data["written"]
        self._facts = [Fact(**fact) for fact in data.get("facts", ())]
        self._messages = [
            (number, OutgoingMessage(**message)) for number, message in data.get("messages", ())
        ]


def _lean(fact: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fact.items() if value is not None and value != {}}
