"""What comes out of one call of an instance, and what goes in beside commands."""

from __future__ import annotations

from dataclasses import dataclass, field

from pdflow.runtime.messages import Answer, Fact, JobCall, JobResult, OutgoingMessage


@dataclass
class JobDone:
    """A job answered, well or with a BPMN error.

    Attributes:
        job: number from :attr:`Outcome.jobs`.
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


@dataclass
class Outcome:
    """What a call has brought about. The same can be read off the instance at any time, which a restart needs.

    Attributes:
        answers: command id to answer, for the commands that were handled or refused in this call.
        facts: the new facts; they stay unwritten until :meth:`Instance.written`.
        messages: the messages thrown; they are also part of the batches.
        jobs: number to call of the jobs asked for; begin each when the records hold everything before it.
        cancelled: numbers of the jobs that are no longer wanted.
        resolve: process ids whose latest definition is asked for.
        more: the model is not at rest, only the budget of this call is used up: write, then call ``wake``.
        ended: the instance has reached its end.
    """

    answers: dict[str, Answer] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)
    messages: list[OutgoingMessage] = field(default_factory=list)
    jobs: dict[int, JobCall] = field(default_factory=dict)
    cancelled: list[int] = field(default_factory=list)
    resolve: list[str] = field(default_factory=list)
    more: bool = False
    ended: bool = False
