"""How the services reach process instances: a protocol with two implementations.

``services/temporal`` is the one of the product; :mod:`pdflow.services.inprocess` runs the same pure instances in this
process, for tests, tools and seeding.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol

from pdflow.runtime.messages import Answer, CommandMessage, StartInstance, Status

#: A person waits this long for a step to be written; then the answer is "accepted, still running".
PATIENCE = timedelta(seconds=2)


class InstanceGateway(Protocol):
    """Synchronous calls with a deadline. Every call may be repeated with the same id."""

    def start(self, start: StartInstance, deadline: timedelta = PATIENCE) -> Answer:
        """Start an instance, or find the one that this id already started.

        Raises:
            InstanceUnavailable: no answer within the deadline; the instance may have started all the same.
        """
        ...

    def command(
        self, process: str, instance: str, message: CommandMessage, deadline: timedelta = PATIENCE
    ) -> Answer:
        """Send a command (update id = ``message.id``).

        Returns:
            The workflow's answer; an instance that has ended, or was never started, answers ``refused`` with the
            code ``instance-ended`` or ``instance-unknown``.

        Raises:
            InstanceUnavailable: no answer within the deadline; the command may be done all the same.
        """
        ...

    def status(self, process: str, instance: str, deadline: timedelta = PATIENCE) -> Status | None:
        """What the instance says of itself; ``None``: there is no such instance.

        Raises:
            InstanceUnavailable: no answer within the deadline.
        """
        ...
