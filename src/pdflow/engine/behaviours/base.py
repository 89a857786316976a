"""The life cycle that every element shares.

A move is a method: ``enter`` (a token arrives), ``work`` (again after an incident), ``finish`` (the work is done),
``caught`` (what was waited for has come), ``drained`` (the last thing inside is over). A move either completes or
raises :class:`~pdflow.engine.state.Trouble`; then the token keeps an incident and the same move is made again when a
person retries it. So each move works out first and changes afterwards.
"""

from __future__ import annotations

from typing import Any

from pdflow.engine.protocol import StartClock, StopClock
from pdflow.engine.state import State, Token
from pdflow.engine.tokens import record
from pdflow.engine.variables import Values, resolve, resolve_text
from pdflow.feel import to_python


class Behaviour:
    """What an element does; the default of each move is that it does not happen to this element."""

    def enter(self, s: State, token: Token) -> None:
        """A token arrives."""
        raise AssertionError(f"{token.node.type} is not entered")

    def work(self, s: State, token: Token) -> None:
        """Do what the element is for."""
        raise AssertionError(f"{token.node.type} has no work")

    def finish(self, s: State, token: Token) -> None:
        """The work is done."""
        raise AssertionError(f"{token.node.type} has no work")

    def caught(self, s: State, token: Token) -> None:
        """What was waited for has come."""
        raise AssertionError(f"{token.node.type} waits for nothing")

    def drained(self, s: State, token: Token) -> None:
        """The last thing inside is over."""


def properties(s: State, token: Token, local: Values | None) -> tuple[dict[str, Any], list[StartClock]]:
    """An element's properties for the record, and the clocks that start as it is entered; nothing is changed yet."""
    ext = token.node.extensions
    if not ext.properties:
        return {}, []
    passed = {name: to_python(resolve(s, token, value, local)) for name, value in ext.passed_on.items()}
    policy = resolve_text(s, token, ext.sla("policy"), local)
    if not policy:
        return passed, []
    return passed, [_clock(s, token, policy, True, local)]


def _clock(s: State, token: Token, policy: str, scope: bool, local: Values | None = None) -> StartClock:
    ext = token.node.extensions
    subject = resolve_text(s, token, ext.sla("subject"), local)
    unit = resolve_text(s, token, ext.sla("unit"), local)
    return StartClock(token.id, token.node.id, policy, subject, unit, scope)


def entered(s: State, token: Token, passed: dict[str, Any], clocks: list[StartClock]) -> None:
    """Record that an element is entered, and start its clock."""
    record(s, "enter", token, passed)
    for clock in clocks:
        token.memory["clock"] = [clock.policy, clock.subject]
        s.commands.append(clock)
    s.starting = []


def clocks_at_completion(s: State, token: Token) -> list[StartClock | StopClock]:
    """The clocks that start and stop as an element completes; nothing is changed yet."""
    found: list[StartClock | StopClock] = []
    if token.data and "clock" in token.data:
        policy, subject = token.data["clock"]
        found.append(StopClock(policy, subject, token.id, False))
    ext = token.node.extensions
    if ext.properties:
        stop = resolve_text(s, token, ext.sla("stop"))
        if stop:
            found.append(StopClock(stop, resolve_text(s, token, ext.sla("subject")), None, False))
        start = resolve_text(s, token, ext.sla("start"))
        if start:
            found.append(_clock(s, token, start, False))
    return found


def completed(s: State, token: Token, clocks: list[StartClock | StopClock]) -> None:
    """Record that an element is complete, and turn its clocks."""
    s.commands.extend(clocks)
    record(s, "complete", token)
    token.state = "done"
