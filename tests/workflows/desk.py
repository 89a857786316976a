"""A client of process instances on Temporal, as the gateway is one: commands as updates, refusals as answers."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from temporalio.client import (
    Client,
    WorkflowHandle,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
    WorkflowUpdateStage,
)
from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes
from temporalio.exceptions import ApplicationError
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from pdflow.runtime import DefinitionSource, write_manifest
from pdflow.runtime.messages import (
    QUERY_SNAPSHOT,
    QUERY_STATUS,
    UPDATE_COMMAND,
    WORKFLOW,
    Answer,
    CommandMessage,
    StartInstance,
    Status,
)
from pdflow.sla import Policy
from tests.runtime.bench import BEGIN
from tests.workflows.records import Records
from workflows.process_instance import ProcessInstance

OFFICE = SearchAttributeKey.for_keyword("office")


class Desk:
    """One worker's queue, its records, and the instances started on it."""

    def __init__(self, client: Client, source: DefinitionSource, policies: dict[str, Policy]) -> None:
        self.client = client
        self.source = source
        self.policies = policies
        self.records = Records()
        self.queue = f"q-{uuid.uuid4()}"
        self._sent = 0

    @asynccontextmanager
    async def worker(self, cached: int = 1000) -> AsyncIterator[None]:
        worker = Worker(
            self.client,
            task_queue=self.queue,
            workflows=[ProcessInstance],
            activities=self.records.activities,
            workflow_runner=UnsandboxedWorkflowRunner(),
            max_cached_workflows=cached,
            sticky_queue_schedule_to_start_timeout=timedelta(seconds=1),
        )
        async with worker:
            yield

    def deploy(self, xml: str, process: str = "p") -> str:
        definition = self.source.add(write_manifest(process, xml, policies=self.policies)).hash
        self.records.definitions[process] = definition
        return definition

    async def start(
        self, xml: str, variables: dict[str, Any] | None = None, *, office: str | None = None, **more: Any
    ) -> "Case":
        """Start an instance; in simulated time unless told otherwise."""
        instance = f"I{uuid.uuid4().hex[:12]}"
        times = {"at": BEGIN.isoformat(), "simulated": True}
        start = StartInstance(
            instance,
            "p",
            self.deploy(xml),
            variables or {},
            **{**times, "case": "C-1", "unit": "NYC", "command": "c0", "actor": "u0", **more},
        )
        shown = [SearchAttributePair(OFFICE, office)] if office else []
        handle = await self.client.start_workflow(
            WORKFLOW,
            start,
            id=f"p/{instance}",
            task_queue=self.queue,
            search_attributes=TypedSearchAttributes(shown),
        )
        return Case(self, instance, handle)


class Case:
    """One instance."""

    def __init__(self, desk: Desk, id: str, handle: WorkflowHandle[Any, Any]) -> None:
        self.desk = desk
        self.id = id
        self.handle = handle

    async def send(
        self, name: str, *, id: str = "", after: timedelta | None = None, patience: float = 20, **more: Any
    ) -> Answer:
        """Send a command; without an answer in so many seconds it is "running", as the gateway has it."""
        self.desk._sent += 1
        if after is not None:
            more["at"] = (BEGIN + after).isoformat()
        message = CommandMessage(id or f"c{self.desk._sent}", name, "u1", **more)
        try:
            update = await self.handle.start_update(
                UPDATE_COMMAND,
                message,
                id=message.id,
                wait_for_stage=WorkflowUpdateStage.ACCEPTED,
                result_type=Answer,
                rpc_timeout=timedelta(seconds=30),
            )
            async with asyncio.timeout(patience):
                answer: Answer = await update.result()
        except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError):
            return Answer("running")
        except WorkflowUpdateFailedError as failed:
            cause = failed.cause
            assert isinstance(cause, ApplicationError)
            return Answer("refused", cause.type, cause.message)
        return answer

    async def complete(self, element: str, variables: dict[str, Any] | None = None, **more: Any) -> Answer:
        return await self.send("complete", task=await self.task(element), variables=variables or {}, **more)

    async def task(self, element: str) -> str:
        """Id of the oldest open task of an element, once its row is there."""

        def rows() -> list[str]:
            closed = {f.token for f in self.facts if f.kind == "task_closed"}
            opened = (f for f in self.facts if f.kind == "task_opened" and f.element == element)
            return [f"{self.id}:{f.token}" for f in opened if f.token not in closed]

        await self.desk.records.until(lambda: bool(rows()))
        return rows()[0]

    @property
    def facts(self) -> list[Any]:
        return self.desk.records.facts[self.id]

    async def told(self, kind: str, element: str | None = None) -> None:
        """Wait until a fact is written."""
        await self.desk.records.until(
            lambda: any(f.kind == kind and element in (None, f.element) for f in self.facts)
        )

    async def status(self) -> Status:
        found: Status = await self.handle.query(QUERY_STATUS, result_type=Status)
        return found

    async def snapshot(self) -> dict[str, Any]:
        found: dict[str, Any] = await self.handle.query(QUERY_SNAPSHOT)
        return found

    async def end(self) -> None:
        async with asyncio.timeout(30):
            await self.handle.result()

    async def events(self) -> list[str]:
        """Names of the events of the present run."""
        history = await self.handle.fetch_history()
        return [event.WhichOneof("attributes").removesuffix("_event_attributes") for event in history.events]
