"""Starts process instances through the command protocol."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from pdflow.records.ids import ulid
from pdflow.records.tables import Command
from pdflow.runtime.messages import StartInstance
from pdflow.services import commands, definitions, permissions
from pdflow.services.actor import Actor
from pdflow.services.commands import Receipt
from pdflow.services.errors import Refused
from pdflow.services.gateway import PATIENCE
from pdflow.services.platform import Platform
from pdflow.services.registry import find_command
from pdflow.services.wire import instant_text, to_wire


def start(
    actor: Actor,
    platform: Platform,
    process: str,
    *,
    variables: Mapping[str, Any] | None = None,
    case: str | None = None,
    unit: str | None = None,
    effect: str | None = None,
    payload: Any = None,
    at: datetime | None = None,
    simulated: bool = False,
    anchor: datetime | None = None,
    command: str | None = None,
    deadline: timedelta = PATIENCE,
) -> Receipt:
    """Start an instance of the latest published definition of a process.

    Args:
        actor: needs the role for ``effect``, or for ``instance.start`` without one.
        platform: of this process.
        process: process id.
        variables: Python values, codes only; those of the effect's check are added.
        case: case id, chosen by the caller beforehand.
        unit: accountable unit.
        effect: registered command whose ``apply`` runs with the first facts (it makes the case).
        payload: what the person sent; personal data stays in the command row.
        at: instant at which a simulated instance starts.
        simulated: its clock is stepped; refused unless the settings allow it.
        anchor: instant at which a simulated instance becomes an ordinary one.
        command: id of an earlier try of the same request, so that it starts once; new when absent.
        deadline: how long to wait for the first step to be written.

    Raises:
        NotAllowed, NotFound, Refused: nothing was started.
    """
    if (simulated or at or anchor) and not platform.settings.simulation:
        raise Refused(
            "Expected a real instance: this installation does not allow simulated ones (PDFLOW_SIMULATION).",
            code="simulation-off",
        )
    with platform.writing() as session:
        earlier = session.get(Command, command) if command else None
        if earlier is None:
            permissions.require(actor, effect or "instance.start", unit)
            handler = find_command(effect)
            sent = dict(variables or {})
            if handler is not None:
                sent |= handler.validate(session, actor, None, payload)
            wire = StartInstance(
                instance=ulid(at or platform.now()),
                process=process,
                definition=definitions.latest(session, process),
                variables=to_wire(sent),
                case=case,
                unit=unit,
                command=command or ulid(platform.now()),
                actor=actor.user,
                at=instant_text(at) if at else None,
                simulated=simulated,
                anchor=instant_text(anchor) if anchor else None,
            )
            commands.record(
                session,
                wire,
                process=process,
                instance=wire.instance,
                case=case,
                payload=payload,
                at=platform.now(),
                effect=effect,
            )
            command = wire.command
    assert command is not None
    return commands.send(platform, command, deadline=deadline)
