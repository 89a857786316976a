"""What the services refuse, and why; every refusal has a stable code and a sentence that says what to do."""

from __future__ import annotations

from datetime import datetime
from typing import Any


class ServiceError(Exception):
    """Root of the layer.

    Attributes:
        code: stable code, in kebab case.
        places: JSON pointer of a form field -> sentence, where the refusal belongs to fields.
    """

    code = "service"

    def __init__(
        self, sentence: str, *, code: str | None = None, places: dict[str, str] | None = None
    ) -> None:
        super().__init__(sentence)
        if code is not None:
            self.code = code
        self.places = places or {}


class Refused(ServiceError):
    """What was asked breaks a rule; nothing was written. Subclass or give a code for each rule."""

    code = "refused"


class NotAllowed(ServiceError):
    """The actor has no role for this here."""

    code = "not-allowed"


class NotFound(ServiceError):
    """There is no such thing, or the actor may not know of it."""

    code = "not-found"


class Conflict(ServiceError):
    """Somebody else was first: the row has changed since it was read.

    Attributes:
        who: user id of who was first, where there is one.
        since: instant at which they were.
    """

    code = "conflict"

    def __init__(
        self, sentence: str, *, code: str | None = None, who: str | None = None, since: datetime | None = None
    ) -> None:
        super().__init__(sentence, code=code)
        self.who = who
        self.since = since


class InvalidForm(ServiceError):
    """The input does not fit the form; ``places`` says where."""

    code = "invalid-form"


class InstanceUnavailable(ServiceError):
    """The workflow did not answer in time. The request is kept and goes on; it is not lost."""

    code = "instance-unavailable"


class ProjectionGap(ServiceError):
    """Facts are missing between what is written and what arrives; never filled by guessing."""

    code = "projection-gap"


class JobError(Exception):
    """A job ends with a BPMN error (BPMN 2.0.2 section 10.5.6) that the model may catch.

    Attributes:
        code: error code, as the model's ``bpmn:error`` has it.
        variables: codes for whoever catches it.
    """

    def __init__(self, code: str, message: str = "", variables: dict[str, Any] | None = None) -> None:
        super().__init__(message or code)
        self.code = code
        self.variables = variables or {}
