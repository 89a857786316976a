"""What events throw (BPMN 2.0.2 section 10.5.1): worked out first, thrown at once."""

from __future__ import annotations

from dataclasses import dataclass

from pdflow.engine.catching import broadcast, catch, correlation_key, find_catcher, throw_escalation
from pdflow.engine.model import EventDefinition
from pdflow.engine.protocol import ThrowMessage, ThrowSignal
from pdflow.engine.state import State, Token, Trouble
from pdflow.engine.tokens import disarm, terminate_children
from pdflow.engine.variables import Values, plain, resolve_text


@dataclass(frozen=True, slots=True)
class Thrown:
    """An event about to be thrown: its kind, name or code, and the key of a message."""

    kind: str
    name: str | None
    key: str | None = None


def prepare(s: State, token: Token, definition: EventDefinition) -> Thrown:
    """Work out what is thrown; nothing has happened yet.

    Raises:
        Trouble: when an error would be caught by nobody, or a name or key cannot be worked out.
    """
    if definition.kind == "error":
        if find_catcher(token, "error", definition.code) is None:
            raise uncaught(definition.code)
        return Thrown("error", definition.code)
    if definition.kind in ("message", "signal"):
        name = resolve_text(s, token, definition.name)
        return Thrown(definition.kind, name, correlation_key(s, token, definition))
    return Thrown(definition.kind, definition.code)


def uncaught(code: str | None) -> Trouble:
    """The incident of an error that nobody catches."""
    return Trouble(
        "uncaught-error", f"The error '{code or ''}' is caught by nothing; expected an error event for it."
    )


def perform(s: State, token: Token, thrown: Thrown, given: Values) -> None:
    """Throw: whoever catches is served now; the token itself may be gone afterwards."""
    if thrown.kind == "message":
        s.commands.append(ThrowMessage(token.id, thrown.name or "", thrown.key, plain(given)))
    elif thrown.kind == "signal":
        s.commands.append(ThrowSignal(thrown.name or "", plain(given)))
        broadcast(s, thrown.name or "", given)
    elif thrown.kind == "error":
        found = find_catcher(token, "error", thrown.name)
        if found is not None:
            catch(s, *found, given)
    elif thrown.kind == "escalation":
        throw_escalation(s, token, thrown.name, given)
    elif thrown.kind == "terminate":
        disarm(s, token.scope)
        terminate_children(s, token.scope, spared=token)
