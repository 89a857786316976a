"""The calls to one process instance, asynchronous: start it, command it, ask it. Deadlines are the gateway's."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowHandle,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
    WorkflowUpdateStage,
)
from temporalio.common import (
    SearchAttributeKey,
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from pdflow.runtime.messages import (
    QUERY_STATUS,
    UPDATE_COMMAND,
    WORKFLOW,
    Answer,
    CommandMessage,
    StartInstance,
    Status,
)

_PROCESS = SearchAttributeKey.for_keyword("process")
_OFFICE = SearchAttributeKey.for_keyword("office")
#: Pause between two looks at a start that is being written.
_PAUSE_SECONDS = 0.05

_Result = TypeVar("_Result")


def workflow_id(process: str, instance: str) -> str:
    """The workflow id of an instance."""
    return f"{process}/{instance}"


async def begin(client: Client, task_queue: str, start: StartInstance) -> WorkflowHandle:
    """Start an instance, or find the one that already has this id, running or ended."""
    attributes = [SearchAttributePair(_PROCESS, start.process)]
    if start.unit is not None:
        attributes.append(SearchAttributePair(_OFFICE, start.unit))
    id = workflow_id(start.process, start.instance)
    try:
        return await client.start_workflow(
            WORKFLOW,
            start,
            id=id,
            task_queue=task_queue,
            search_attributes=TypedSearchAttributes(attributes),
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
        )
    except WorkflowAlreadyStartedError:
        return client.get_workflow_handle(id)


async def written(handle: WorkflowHandle) -> Answer:
    """Wait until everything that a started instance has done so far is in the records."""
    while True:
        try:
            status: Status = await handle.query(QUERY_STATUS, result_type=Status)
        except WorkflowQueryFailedError:
            if (await handle.describe()).status is not WorkflowExecutionStatus.FAILED:
                raise
            return Answer(
                "refused", "start-refused", "The process could not be started; nothing was written."
            )
        if not status.unwritten:
            return Answer("done", last_fact=status.last_fact, due=status.due)
        await asyncio.sleep(_PAUSE_SECONDS)


async def command(client: Client, id: str, message: CommandMessage, accepted: Callable[[], None]) -> Answer:
    """Send a command and wait for its answer.

    Args:
        client: connected.
        id: workflow id of the instance.
        message: its id is the update id.
        accepted: called when the command is in the history of the instance and will be carried out.
    """
    handle = client.get_workflow_handle(id)
    try:
        update = await handle.start_update(
            UPDATE_COMMAND,
            message,
            id=message.id,
            wait_for_stage=WorkflowUpdateStage.ACCEPTED,
            result_type=Answer,
        )
        accepted()
        answer: Answer = await update.result()
        return answer
    except WorkflowUpdateFailedError as failed:
        if not isinstance(failed.cause, ApplicationError):
            raise
        if failed.cause.type == "AcceptedUpdateCompletedWorkflow":
            return _ended()
        return Answer("refused", failed.cause.type, failed.cause.message)
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        if await _found(handle.describe):
            return _ended()
        return Answer(
            "refused", "instance-unknown", "There is no such process instance; it was never started."
        )


def _ended() -> Answer:
    return Answer("refused", "instance-ended", "This process has ended; nothing more can be done in it.")


async def status(client: Client, id: str) -> Status | None:
    """What an instance says of itself, running or ended; ``None``: there is none."""
    handle = client.get_workflow_handle(id)
    return await _found(lambda: handle.query(QUERY_STATUS, result_type=Status))


async def _found(call: Callable[[], Awaitable[_Result]]) -> _Result | None:
    try:
        return await call()
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return None
        raise
