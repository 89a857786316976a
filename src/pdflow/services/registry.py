"""What process models may name: commands that complete tasks, jobs of service tasks, and listeners to facts.

``casework`` registers its own with the decorators below; the platform looks them up by name. A test pins that every
name used by a shipped model is registered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlmodel import Session

from pdflow.records.tables import Command, Instance, Task
from pdflow.runtime.messages import KINDS, Fact
from pdflow.services.actor import Actor


class CommandHandler:
    """What a registered command checks and does. Subclass and decorate with :func:`command`."""

    def validate(self, session: Session, actor: Actor, task: Task | None, payload: Any) -> dict[str, Any]:
        """Refuse what breaks a rule, before anything is written.

        Args:
            session: the transaction that will hold the command row.
            actor: who asks.
            task: the task to be completed; ``None`` for a command that starts an instance or has no task.
            payload: what the person sent; it already fits the form.

        Returns:
            Variables for the process: codes, numbers, dates, booleans; never personal data.

        Raises:
            Refused: with a stable code and a sentence.
        """
        return {}

    def apply(self, session: Session, row: Command, at: datetime) -> None:
        """Change the domain records; called once per command id, in the transaction of the projection.

        Args:
            session: the projection's transaction.
            row: the command with its decrypted payload.
            at: instant of the workflow step; nothing else decides when it happened.
        """


@dataclass(frozen=True)
class JobContext:
    """One call of a job.

    Attributes:
        key: ``<instance>:<token>``; what the job does is done once for it.
        at: instant of the step, simulated or real.
        simulated: nothing leaves the house: mail goes to a sink.
    """

    key: str
    instance: str
    case: str | None
    token: str
    element: str
    type: str
    at: datetime
    headers: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, Any] = field(default_factory=dict)
    properties: Mapping[str, Any] = field(default_factory=dict)
    simulated: bool = False


Job = Callable[[Session, JobContext], dict[str, Any]]
Listener = Callable[[Session, Instance, Fact], None]

_Handler = TypeVar("_Handler", bound=type[CommandHandler])
_Job = TypeVar("_Job", bound=Job)
_Listener = TypeVar("_Listener", bound=Listener)

_commands: dict[str, CommandHandler] = {}
_jobs: dict[str, Job] = {}
_listeners: dict[str, list[Listener]] = {}


def command(name: str) -> Callable[[_Handler], _Handler]:
    """Register a :class:`CommandHandler` under the name that ``x-command`` of a form uses."""

    def register(handler: _Handler) -> _Handler:
        _once(_commands, name, "command")
        _commands[name] = handler()
        return handler

    return register


def job(name: str) -> Callable[[_Job], _Job]:
    """Register the function that runs for ``zeebe:taskDefinition type="<name>"``.

    It gets a writing session that is committed when it returns, is idempotent by ``JobContext.key``, answers with
    variables (codes), and raises :class:`pdflow.services.errors.JobError` for a BPMN error.
    """

    def register(function: _Job) -> _Job:
        _once(_jobs, name, "job")
        _jobs[name] = function
        return function

    return register


def on_fact(kind: str) -> Callable[[_Listener], _Listener]:
    """Call the function for every fact of a kind, in the projection's transaction, after its rows are written.

    A fact that repeats calls it again: what it writes must come out the same.
    """
    if kind not in KINDS:
        raise ValueError(f"Expected a kind of fact ({', '.join(sorted(KINDS))}), got {kind!r}.")

    def register(function: _Listener) -> _Listener:
        _listeners.setdefault(kind, []).append(function)
        return function

    return register


def find_command(name: str | None) -> CommandHandler | None:
    """The handler of a registered command."""
    return _commands.get(name) if name else None


def find_job(type: str) -> Job | None:
    """The function of a registered job."""
    return _jobs.get(type)


def listeners(kind: str) -> tuple[Listener, ...]:
    """Listeners of a kind of fact, in the order of their registration."""
    return tuple(_listeners.get(kind, ()))


def command_names() -> frozenset[str]:
    """Every registered command."""
    return frozenset(_commands)


def job_types() -> frozenset[str]:
    """Every registered job; deployment checks task types against it."""
    return frozenset(_jobs)


def _once(registered: Mapping[str, Any], name: str, what: str) -> None:
    if name in registered:
        raise ValueError(f"The {what} {name!r} is already registered; names are unique.")
