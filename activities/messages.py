"""The activity ``post_messages``: thrown messages find whoever awaits them."""

from __future__ import annotations

from temporalio import activity

from activities.standing import StandingDuty
from pdflow.runtime.messages import ACTIVITY_MESSAGES, OutgoingMessage


class Messages:
    """Hurries the standing duty that delivers.

    The messages themselves were written with the facts of their step, and what is not delivered is tried again. That
    duty has its own thread: an activity that waited for another instance could wait for one that waits for it.
    """

    def __init__(self, delivery: StandingDuty) -> None:
        self._delivery = delivery

    @activity.defn(name=ACTIVITY_MESSAGES)
    async def post_messages(self, messages: list[OutgoingMessage]) -> None:
        """Deliver what an instance has thrown."""
        self._delivery.hurry()
