"""What each command does to an instance, and when it is refused: without any effect, with a code and a sentence."""

from __future__ import annotations

from collections.abc import Callable

from pdflow.engine import EngineError
from pdflow.engine.protocol import (
    Cancel,
    Completed,
    ErrorThrown,
    MessageReceived,
    Retried,
    SignalReceived,
)
from pdflow.feel.encoding import EncodingError, decode
from pdflow.runtime.messages import CommandMessage
from pdflow.runtime.stepper import Stepper

Refusal = tuple[str, str]

_NOT_OPEN: Refusal = (
    "task-not-open",
    "This task is not open: somebody has completed it, the case has moved on, or an incident holds it.",
)


def refusal(
    stepper: Stepper, message: CommandMessage, *, later: bool = False, moved: bool = False
) -> Refusal | None:
    """Why a command cannot be carried out as the instance is now; ``None``: it can be tried.

    Whether a message is awaited and variables fit only the engine knows: see :func:`apply`.

    Args:
        stepper: of the instance.
        message: the command.
        moved: the clock has moved for it, and the end may have come on the way.
        later: the clock moves on before the command is carried out, so what is open now does not count.
    """
    if message.name not in COMMANDS:
        return "unknown-command", f"Expected one of the commands {', '.join(COMMANDS)}; nothing was done."
    if stepper.ended and not moved:
        return "instance-ended", "This process has ended; nothing more can be done in it."
    try:
        decode(message.variables)
    except EncodingError:
        return "bad-variables", "Expected variables in their canonical encoding; nothing was done."
    check = None if later else _CHECKS.get(message.name)
    return check(stepper, message) if check else None


def apply(stepper: Stepper, message: CommandMessage) -> Refusal | None:
    """Carry out a command that is not refused.

    Returns:
        A refusal when it turned out to meet nothing; then it had no effect.
    """
    before, tasks = stepper.log.last, dict(stepper.work.tasks)
    stepper.log.add("command_done", {"name": message.name, "effect": message.effect})
    try:
        refused = COMMANDS[message.name](stepper, message)
    except EngineError as error:
        refused = error.code, str(error)
    if refused is not None:
        stepper.log.withdraw(before)
        stepper.work.tasks = tasks
    return refused


def _key(message: CommandMessage) -> str:
    """The key of the task within the instance; see :class:`~pdflow.runtime.work.Work`."""
    return (message.task or "").partition(":")[2]


def _token(message: CommandMessage) -> str:
    return _key(message).partition(".")[0]


def _task_open(stepper: Stepper, message: CommandMessage) -> Refusal | None:
    key = _key(message)
    if message.task == f"{stepper.identity.instance}:{key}" and key in stepper.work.tasks:
        return None
    return _NOT_OPEN


def _incident_open(stepper: Stepper, message: CommandMessage) -> Refusal | None:
    if _token(message) in stepper.work.incidents:
        return None
    return "no-incident", "There is no incident here that could be tried again."


def _complete(stepper: Stepper, message: CommandMessage) -> Refusal | None:
    stepper.recorder.close_task(_key(message), "completed")
    return None if stepper.step(Completed(_token(message), decode(message.variables))) else _NOT_OPEN


def _throw_error(stepper: Stepper, message: CommandMessage) -> Refusal | None:
    thrown = ErrorThrown(_token(message), message.key or "", variables=decode(message.variables))
    return None if stepper.step(thrown) else _NOT_OPEN


def _message(stepper: Stepper, message: CommandMessage) -> Refusal | None:
    name = message.message or ""
    stepper.log.add("message_taken", {"message": name, "key": message.key})
    if stepper.step(MessageReceived(name, message.key, decode(message.variables))):
        return None
    return "not-taken", "Nothing in this process awaits this message now."


def _signal(stepper: Stepper, message: CommandMessage) -> Refusal | None:
    stepper.step(SignalReceived(message.message or "", decode(message.variables)))
    return None


def _cancel(stepper: Stepper, message: CommandMessage) -> Refusal | None:
    stepper.step(Cancel(message.key or "cancelled"))
    return None


def _retry(stepper: Stepper, message: CommandMessage) -> Refusal | None:
    token = _token(message)
    if token:
        stepper.step(Retried(token, decode(message.variables)))
    stepper.recorder.clear_incident(token)
    return None


def _set_variables(stepper: Stepper, message: CommandMessage) -> Refusal | None:
    stepper.set_variables(_token(message) or None, decode(message.variables))
    return None


def _transfer(stepper: Stepper, message: CommandMessage) -> Refusal | None:
    unit = message.variables.get("unit")
    if not isinstance(unit, str) or not unit:
        return "bad-variables", "Expected the variable unit with the code of the unit that takes the case."
    stepper.set_variables(None, {"office": unit})
    return None


def _advance(stepper: Stepper, message: CommandMessage) -> Refusal | None:
    return None  # the clock has moved already; see pdflow.runtime.simulated


#: Every command by name.
COMMANDS: dict[str, Callable[[Stepper, CommandMessage], Refusal | None]] = {
    "complete": _complete,
    "throw_error": _throw_error,
    "message": _message,
    "signal": _signal,
    "cancel": _cancel,
    "retry": _retry,
    "set_variables": _set_variables,
    "transfer": _transfer,
    "advance": _advance,
}

_CHECKS: dict[str, Callable[[Stepper, CommandMessage], Refusal | None]] = {
    "complete": _task_open,
    "throw_error": _task_open,
    "retry": _incident_open,
}
