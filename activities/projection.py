"""The activity ``project``: what an instance did becomes rows."""

from __future__ import annotations

import asyncio
from typing import Any

from temporalio import activity

from activities.failures import coded
from activities.standing import StandingDuty
from activities.writer import GroupWriter
from pdflow.runtime.messages import ACTIVITY_PROJECT, read_batch


class Projection:
    """Wraps :func:`pdflow.services.projection.project`, which is idempotent by (instance, fact number)."""

    def __init__(self, writer: GroupWriter, delivery: StandingDuty) -> None:
        self._writer = writer
        self._delivery = delivery

    @activity.defn(name=ACTIVITY_PROJECT)
    async def project(self, data: dict[str, Any]) -> int:
        """Write a batch, given as the JSON data of :class:`~pdflow.runtime.messages.Batch`.

        Returns:
            Number of the last fact that the records hold.
        """
        try:
            projected = await asyncio.wrap_future(self._writer.submit(read_batch(data)))
        except Exception as error:
            raise coded(ACTIVITY_PROJECT, error) from None
        if projected.messages:
            self._delivery.hurry()
        return projected.last_fact
