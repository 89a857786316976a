"""Stand-ins for the activities: records in memory that keep the rules of the real projection."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from temporalio import activity
from temporalio.exceptions import ApplicationError

from pdflow.runtime.messages import (
    ACTIVITY_JOB,
    ACTIVITY_PROJECT,
    ACTIVITY_RESOLVE,
    Batch,
    Fact,
    JobCall,
    JobResult,
    OutgoingMessage,
    ResolveCall,
    Resolved,
    read_batch,
)


class Records:
    """What a database would hold; a repeated fact number undoes everything from it on."""

    def __init__(self) -> None:
        self.facts: dict[str, list[Fact]] = defaultdict(list)
        self.batches: list[Batch] = []
        self.calls: list[JobCall] = []
        self.definitions: dict[str, str] = {}
        self.job: Callable[[JobCall], JobResult] = lambda call: JobResult()
        self.hold: asyncio.Event | None = None
        self.away = False
        self.refused = 0
        self.changed = asyncio.Event()

    @property
    def activities(self) -> list[Callable[..., Any]]:
        return [self.project, self.resolve, self.run_job]

    @activity.defn(name=ACTIVITY_PROJECT)
    async def project(self, data: dict[str, Any]) -> None:
        batch = read_batch(data)
        if self.away:
            self.refused += 1
            raise ApplicationError("the database is away", type="database-away")
        kept = [fact for fact in self.facts[batch.instance] if fact.number < batch.first]
        assert len(kept) == batch.first - 1, "a gap in the facts"
        self.facts[batch.instance] = kept + batch.facts
        self.batches.append(batch)
        self.changed.set()

    @activity.defn(name=ACTIVITY_RESOLVE)
    async def resolve(self, call: ResolveCall) -> Resolved:
        return Resolved({name: self.definitions[name] for name in call.processes if name in self.definitions})

    @activity.defn(name=ACTIVITY_JOB)
    async def run_job(self, call: JobCall) -> JobResult:
        self.calls.append(call)
        if self.hold is not None:
            await self.hold.wait()
        return self.job(call)

    @property
    def posted(self) -> list[OutgoingMessage]:
        """The messages thrown, as the batches brought them."""
        return [message for batch in self.batches for message in batch.messages]

    def told(self, instance: str, *kinds: str) -> list[tuple[str, str | None]]:
        return [(fact.kind, fact.element) for fact in self.facts[instance] if not kinds or fact.kind in kinds]

    async def until(self, condition: Callable[[], bool], seconds: float = 20) -> None:
        """Wait until the records look as expected; every write looks again."""
        async with asyncio.timeout(seconds):
            while not condition():
                self.changed.clear()
                await self.changed.wait()
