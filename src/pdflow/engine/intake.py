"""What each event from outside does, before tokens move: one function an event, false when nothing waits for it.

Variables are refused before anything changes; an event for something already gone is a no-op.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pdflow.engine import protocol
from pdflow.engine.behaviours.scopes import end
from pdflow.engine.behaviours.throwing import uncaught
from pdflow.engine.catching import broadcast, catch, deliver, find_catcher
from pdflow.engine.protocol import ClearIncident, CloseTask
from pdflow.engine.state import State, Token
from pdflow.engine.tokens import incident, terminate_children
from pdflow.engine.variables import assign, check_size, received


def _waiting(s: State, token_id: str, *states: str) -> Token | None:
    token = s.tokens.get(token_id)
    return token if token is not None and token.state in states else None


def _completed(s: State, event: protocol.Completed) -> bool:
    token = _waiting(s, event.token, "task", "activity")
    if token is None:
        return False
    if event.variables:
        given = received(event.variables)
        check_size(s, token, given)
        token.given = given
    token.state = "inside"
    s.urgent.append((token, "finish"))
    return True


def _error(s: State, event: protocol.ErrorThrown) -> bool:
    token = _waiting(s, event.token, "task", "activity")
    if token is None:
        return False
    given = received(event.variables)
    check_size(s, token, given)
    found = find_catcher(token, "error", event.code)
    if found is not None:
        catch(s, *found, given)
    else:
        trouble = uncaught(event.code)
        _ended_badly(s, token)
        incident(s, token, trouble.code, f"{trouble} {event.message}".strip())
    return True


def _ended_badly(s: State, token: Token) -> None:
    """An activity that failed runs no more, and a person's task is closed: a retry begins the work anew."""
    if token.state == "task":
        s.commands.append(CloseTask(token.id))
    token.state = "inside"


def _failed(s: State, event: protocol.WorkFailed) -> bool:
    token = _waiting(s, event.token, "task", "activity")
    if token is None:
        return False
    _ended_badly(s, token)
    incident(s, token, "activity-failed", event.message)
    return True


def _retried(s: State, event: protocol.Retried) -> bool:
    token = _waiting(s, event.token, "incident")
    if token is None:
        return False
    values = received(event.variables)
    check_size(s, token, values)
    for name, value in values.items():
        assign(s, token, name, value)
    s.commands.append(ClearIncident(token.id))
    token.state = token.memory.pop("incident")[2]
    s.urgent.append((token, token.verb))
    return True


def _message(s: State, event: protocol.MessageReceived) -> bool:
    assert s.root is not None
    given = received(event.variables)
    check_size(s, s.root, given)
    return deliver(s, event.name, event.key, given)


def _signal(s: State, event: protocol.SignalReceived) -> bool:
    assert s.root is not None
    given = received(event.variables)
    check_size(s, s.root, given)
    return broadcast(s, event.name, given)


def _resolved(s: State, event: protocol.DefinitionResolved) -> bool:
    token = _waiting(s, event.token, "resolve")
    if token is None:
        return False
    token.state = "inside"
    token.memory["definition"] = event.definition
    s.urgent.append((token, "called"))
    return True


def _cancel(s: State, event: protocol.Cancel) -> bool:
    assert s.root is not None
    terminate_children(s, s.root)
    end(s, s.root, "terminated")
    return True


def _go_on(s: State, event: protocol.GoOn) -> bool:
    return True


HANDLERS: dict[type, Callable[[State, Any], bool]] = {
    protocol.Completed: _completed,
    protocol.ErrorThrown: _error,
    protocol.WorkFailed: _failed,
    protocol.Retried: _retried,
    protocol.MessageReceived: _message,
    protocol.SignalReceived: _signal,
    protocol.DefinitionResolved: _resolved,
    protocol.Cancel: _cancel,
    protocol.GoOn: _go_on,
}
