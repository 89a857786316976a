"""What an instance waits for others to do: people's tasks, jobs, and answers about definitions."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from pdflow.runtime.messages import JobCall


@dataclass
class Task:
    """An open user task.

    Attributes:
        groups: candidate groups ``<unit>.<role>``; they follow the case when its unit changes.
    """

    element: str
    definition: str
    groups: list[str]


@dataclass
class Job:
    """A job that has been asked for and has not answered.

    Attributes:
        number: of this attempt at the work of a token; an answer to an earlier one is stale.
        after: number of the last fact of its step; the job must not begin before the records hold it.
    """

    number: int
    call: JobCall
    after: int


@dataclass
class Incident:
    """Something that a person must look at, at a token (or at the instance: key ``""``)."""

    code: str
    element: str | None
    definition: str | None


class Work:
    """The open work of an instance, keyed by token.

    Attributes:
        tasks: by key: the token, or ``<token>.<n>`` when it is opened for the n-th time (tried again after an incident),
            so that every row of a task is opened and closed once.
        openings: how often the task of a live token has been opened, where that is not once.
    """

    def __init__(self) -> None:
        self.tasks: dict[str, Task] = {}
        self.jobs: dict[str, Job] = {}
        self.resolving: dict[str, str] = {}
        self.incidents: dict[str, Incident] = {}
        self.openings: dict[str, int] = {}
        self.asked = 0

    def task_key(self, token: str) -> str:
        """The key under which the task of a token is open, or will be when it is opened."""
        number = self.openings.get(token, 1)
        return token if number == 1 else f"{token}.{number}"

    def closed(self, token: str) -> None:
        """The task of a token is closed and the token lives: the next opening is another task."""
        self.openings[token] = self.openings.get(token, 1) + 1

    def ask(self, call: JobCall) -> Job:
        """Note a new job; it replaces an earlier one of the same token."""
        self.asked += 1
        job = Job(self.asked, call, 0)
        self.jobs[call.token] = job
        return job

    def job(self, number: int) -> Job | None:
        """The open job of this number; ``None`` when it is no longer wanted."""
        return next((job for job in self.jobs.values() if job.number == number), None)

    @property
    def busy(self) -> bool:
        """Is something under way that takes no time of the case: a job or a look-up?"""
        return bool(self.jobs or self.resolving)

    def snapshot(self) -> dict[str, Any]:
        """JSON data of the open work."""
        return {
            "asked": self.asked,
            "tasks": {
                token: [task.element, task.definition, task.groups] for token, task in self.tasks.items()
            },
            "jobs": [[job.number, asdict(job.call), job.after] for job in self.jobs.values()],
            "resolving": dict(self.resolving),
            "openings": dict(self.openings),
            "incidents": {token: [i.code, i.element, i.definition] for token, i in self.incidents.items()},
        }

    def restore(self, data: dict[str, Any]) -> None:
        """Take over what :meth:`snapshot` gave."""
        self.asked = data["asked"]
        self.tasks = {
            token: Task(element, hash, list(groups))
            for token, (element, hash, groups) in data["tasks"].items()
        }
        for number, call, after in data["jobs"]:
            self.jobs[call["token"]] = Job(number, JobCall(**call), after)
        self.resolving = dict(data["resolving"])
        self.openings = dict(data["openings"])
        self.incidents = {token: Incident(*fields) for token, fields in data["incidents"].items()}
