"""What an instance is told beside commands: how its jobs ended, and which definitions are the latest."""

from __future__ import annotations

from dataclasses import dataclass

from pdflow.runtime.messages import JobResult


@dataclass
class JobDone:
    """A job answered, well or with a BPMN error.

    Attributes:
        job: number from :attr:`pdflow.runtime.Instance.jobs`.
    """

    job: int
    result: JobResult


@dataclass
class JobFailed:
    """A job failed and its retries are used up.

    Attributes:
        message: a sentence without personal data, for the incident.
    """

    job: int
    message: str


@dataclass
class DefinitionsResolved:
    """Answer about the latest definitions.

    Attributes:
        processes: the process ids that were asked about.
        definitions: process id to hash; a process that is not deployed is absent.
    """

    processes: list[str]
    definitions: dict[str, str]
