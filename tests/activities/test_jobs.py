from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import Session
from temporalio.exceptions import ApplicationError

from activities.jobs import Jobs
from pdflow.runtime.messages import JobCall, JobResult
from pdflow.services import registry
from pdflow.services.errors import JobError, ServiceError
from pdflow.services.platform import Platform
from pdflow.services.registry import JobContext

CALL = JobCall("I:1", "I", "1", "tell", "t.job", None, {}, {}, {}, "2026-11-24T09:00:00Z", 3, False)


@pytest.fixture
def outcome(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the job ``t.job`` answers, or raises."""
    held: list[Any] = []

    def job(session: Session, context: JobContext) -> dict[str, Any]:
        if isinstance(held[0], Exception):
            raise held[0]
        return {"told": held[0]}

    monkeypatch.setattr(registry, "_jobs", {"t.job": job})
    return held


def test_the_variables_of_a_job_come_back(platform: Platform, outcome: list[Any]) -> None:
    outcome.append(True)

    assert Jobs(platform).run_job(CALL) == JobResult({"told": True})


def test_a_bpmn_error_is_an_answer(platform: Platform, outcome: list[Any]) -> None:
    outcome.append(JobError("NO_ADDRESS"))

    assert Jobs(platform).run_job(CALL).error == "NO_ADDRESS"


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        pytest.param(
            ServiceError("Maria Ejemplo has no address.", code="no-address"), "no-address", id="ours"
        ),
        pytest.param(
            ConnectionError("mail to maria@example.org failed"), "ConnectionError", id="of a library"
        ),
    ],
)
def test_a_failed_job_is_tried_again_and_says_its_code_alone(
    platform: Platform, outcome: list[Any], fault: Exception, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome.append(fault)

    with pytest.raises(ApplicationError) as failed:
        Jobs(platform).run_job(CALL)

    assert (failed.value.type, failed.value.non_retryable) == (code, False)
    printed = capsys.readouterr()
    seen = f"{failed.value!r} {failed.value.__cause__!r} {printed.out} {printed.err}"
    assert "Ejemplo" not in seen and "maria@" not in seen


def test_a_job_that_no_release_has_is_not_tried_again(platform: Platform, outcome: list[Any]) -> None:
    with pytest.raises(ApplicationError) as failed:
        Jobs(platform).run_job(replace(CALL, type="t.other"))

    assert (failed.value.type, failed.value.non_retryable) == ("job-unknown", True)
