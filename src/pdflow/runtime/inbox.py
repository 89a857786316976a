"""Commands in the order of their arrival, and the ids of those that were handled, so that a repeat is recognised."""

from __future__ import annotations

from collections import deque
from dataclasses import asdict, replace
from typing import Any

from pdflow.runtime.messages import CommandMessage

#: Handled commands that are remembered; a resend comes within minutes, long before so many others.
REMEMBERED = 200


class Inbox:
    """What waits to be handled; see :class:`~pdflow.runtime.instance.Instance`."""

    def __init__(self) -> None:
        self._waiting: deque[CommandMessage] = deque()
        self._handled: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, message: CommandMessage) -> None:
        """Add a command, once: one that waits already or was handled is not added again."""
        if not self.waits(message.id) and message.id not in self._handled:
            self._waiting.append(message)

    def head(self) -> CommandMessage | None:
        """The command that is next."""
        return self._waiting[0] if self._waiting else None

    def take(self) -> CommandMessage:
        """Remove the command that is next."""
        return self._waiting.popleft()

    def pin(self, at: str) -> None:
        """Fix the instant of the command that is next, so that a duration counts once however often it is tried."""
        self._waiting[0] = replace(self._waiting[0], at=at)

    def waits(self, command: str) -> bool:
        """Is a command of this id still to be handled?"""
        return any(message.id == command for message in self._waiting)

    def find(self, name: str) -> CommandMessage | None:
        """Remove and give the first waiting command of a name."""
        found = next((message for message in self._waiting if message.name == name), None)
        if found is not None:
            self._waiting.remove(found)
        return found

    def handled(self, command: str) -> int | None:
        """Number of the last fact of a command that was handled; ``None``: never seen, or long ago."""
        return self._handled.get(command)

    def remember(self, command: str, last_fact: int) -> None:
        """Note that a command was handled."""
        self._handled[command] = last_fact
        while len(self._handled) > REMEMBERED:
            del self._handled[next(iter(self._handled))]

    def snapshot(self) -> dict[str, Any]:
        """JSON data."""
        data: dict[str, Any] = {"handled": [[command, last] for command, last in self._handled.items()]}
        if self._waiting:
            data["waiting"] = [asdict(message) for message in self._waiting]
        return data

    def restore(self, data: dict[str, Any]) -> None:
        """Take over what :meth:`snapshot` gave."""
        self._handled = dict(data["handled"])
        self._waiting = deque(CommandMessage(**message) for message in data.get("waiting", ()))
