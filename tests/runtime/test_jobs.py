from datetime import timedelta

import pytest

from pdflow.runtime import Instance, JobDone, JobFailed
from pdflow.runtime.messages import CommandMessage, JobCall, JobResult, StartInstance
from tests.runtime.bench import BEGIN, Bench, bpmn, failing, flows, properties, service_task, user_task

HEADERS = '<zeebe:taskHeaders><zeebe:header key="template" value="grant"/></zeebe:taskHeaders>'
WORK = bpmn(
    '<startEvent id="s"/>'
    + service_task("w", "pd.notify", extra=HEADERS + properties(channel="=via"))
    + '<endEvent id="e"/>'
    + flows("s", "w", "e")
    + '<boundaryEvent id="bounce" attachedToRef="w"><errorEventDefinition errorRef="err"/></boundaryEvent>'
    + user_task("fix")
    + '<endEvent id="e2"/>'
    + flows("bounce", "fix", "e2"),
    before='<error id="err" errorCode="bounced"/>',
)
GUARDED = bpmn(
    '<startEvent id="s"/>'
    + service_task("w")
    + '<endEvent id="e"/>'
    + flows("s", "w", "e")
    + '<boundaryEvent id="over" attachedToRef="w"><messageEventDefinition messageRef="m"/></boundaryEvent>'
    + '<endEvent id="e2"/>'
    + flows("over", "e2"),
    before='<message id="m" name="stop"/>',
)
CALLER = bpmn(
    '<startEvent id="s"/><callActivity id="c"><extensionElements><zeebe:calledElement processId="q"/></extensionElements>'
    '</callActivity><endEvent id="e"/>' + flows("s", "c", "e")
)
CALLED = bpmn(
    '<startEvent id="qs"/>' + user_task("t") + '<endEvent id="qe"/>' + flows("qs", "t", "qe"), process="q"
)
THROWER = bpmn(
    '<startEvent id="s"/><intermediateThrowEvent id="m"><messageEventDefinition messageRef="msg"/></intermediateThrowEvent>'
    '<endEvent id="e"/>' + flows("s", "m", "e"),
    before='<message id="msg" name="pd.answer"><extensionElements><zeebe:subscription correlationKey="=inquiry"/>'
    "</extensionElements></message>",
)


def test_a_job_gets_everything_it_needs_and_only_codes(bench: Bench) -> None:
    bench.job = lambda call: JobResult({"served": True})
    bench.start(WORK, {"via": "email"})
    (call,) = bench.calls
    assert (call.key, call.instance, call.case) == (f"I1:{call.token}", "I1", "C-1")
    assert (call.element, call.type, call.retries) == ("w", "pd.notify", 3)
    assert (call.headers, call.properties) == ({"template": "grant"}, {"channel": "email"})
    assert (call.variables, call.at, call.simulated, call.quick) == (
        {"via": "email"},
        "2026-11-25T21:30:00Z",
        True,
        True,
    )
    assert bench.data("job_done") == [{"type": "pd.notify"}]
    assert bench.facts[-1].data["variables"] == {"via": "email", "served": True}


def test_a_job_begins_only_when_what_caused_it_is_written(bench: Bench) -> None:
    written: list[int] = []

    def job(call: JobCall) -> JobResult:
        written.append(len(bench.facts))
        return JobResult()

    bench.job = job
    bench.start(WORK, {"via": "email"})
    assert written == [next(fact.number for fact in bench.facts if fact.element == "w")]


def test_a_bpmn_error_of_a_job_takes_the_boundary(bench: Bench) -> None:
    bench.job = lambda call: JobResult(error="bounced")
    bench.start(WORK, {"via": "email"})
    assert bench.told("task_opened", "incident_raised", "job_done") == [("task_opened", "fix")]


def test_a_failure_is_retried_as_often_as_the_model_says(bench: Bench) -> None:
    bench.job = failing(2)
    bench.start(WORK, {"via": "email"})
    assert len(bench.calls) == 3
    assert bench.instance.ended


def test_used_up_retries_are_an_incident_that_a_person_can_retry(bench: Bench) -> None:
    bench.job = failing(3)
    bench.start(WORK, {"via": "email"})
    (incident,) = [fact for fact in bench.facts if fact.kind == "incident_raised"]
    assert (incident.element, incident.data["message"]) == ("w", "unreachable")
    assert bench.instance.status().incidents == [incident.token]
    answer = bench.send("retry", task=f"I1:{incident.token}", variables={"via": "mail"})
    assert answer.status == "done"
    assert bench.told("incident_cleared") == [("incident_cleared", "w")]
    assert bench.calls[-1].variables == {"via": "mail"}
    assert bench.instance.ended


def test_a_job_that_is_no_longer_wanted_is_cancelled_and_its_answer_ignored(bench: Bench) -> None:
    bench.job = lambda call: None
    instance = bench.start(GUARDED)
    (number,) = instance.jobs
    bench.send("message", message="stop")
    assert not bench.instance.wants(number)
    facts = len(bench.facts)
    assert bench.driver.tell(bench.instance, JobDone(number, JobResult()), BEGIN) == {}
    assert bench.driver.tell(bench.instance, JobFailed(number, "late"), BEGIN) == {}
    assert len(bench.facts) == facts


def test_a_result_that_is_too_large_is_an_incident(bench: Bench) -> None:
    bench.job = lambda call: JobResult({"x": "y" * 70_000})
    bench.start(WORK, {"via": "email"})
    assert bench.told("incident_raised") == [("incident_raised", "w")]


def test_time_stands_still_while_a_job_runs_and_moves_on_afterwards(bench: Bench) -> None:
    timer = "<intermediateCatchEvent id='{0}'><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></intermediateCatchEvent>"
    body = (
        '<startEvent id="s"/>'
        + timer.format("t1")
        + service_task("w")
        + timer.format("t2")
        + '<endEvent id="e"/>'
    )
    bench.job = lambda call: None
    bench.start(bpmn(body + flows("s", "t1", "w", "t2", "e")))
    answer = bench.send("advance", variables={"by": "PT5H"}, id="k")
    assert (answer.status, bench.instance.now) == ("running", BEGIN + timedelta(hours=1))
    (number,) = bench.instance.jobs
    answers = bench.driver.tell(bench.instance, JobDone(number, JobResult()), BEGIN)
    assert answers["k"].status == "done"
    assert bench.at("ended") == [timedelta(hours=2)]
    assert bench.instance.now == BEGIN + timedelta(hours=5)


def test_a_call_activity_asks_for_the_latest_definition_and_runs_inside(bench: Bench) -> None:
    called = bench.deploy(CALLED, "q")
    bench.start(CALLER)
    opened = next(fact for fact in bench.facts if fact.kind == "task_opened")
    assert (opened.element, opened.definition) == ("t", called)
    bench.complete("t")
    assert bench.instance.ended


def test_a_call_of_a_process_that_is_not_deployed_is_an_incident_and_asks_again(bench: Bench) -> None:
    bench.start(CALLER)
    (incident,) = [fact for fact in bench.facts if fact.kind == "incident_raised"]
    bench.deploy(CALLED, "q")
    bench.send("retry", task=f"I1:{incident.token}")
    assert bench.told("task_opened") == [("task_opened", "t")]


def test_a_thrown_message_is_posted_once_with_an_id_of_its_own(bench: Bench) -> None:
    bench.start(THROWER, {"inquiry": "Q-7"})
    (message,) = bench.posted
    assert (message.id, message.name, message.key, message.signal) == ("I1:m1", "pd.answer", "Q-7", False)
    assert bench.data("message_thrown") == [{"message": "pd.answer", "key": "Q-7", "id": "I1:m1"}]
    assert bench.batches[0].messages == [message]


@pytest.mark.parametrize(("header", "quick"), [("true", True), ("false", False)])
def test_a_model_says_which_job_is_not_quick(bench: Bench, header: str, quick: bool) -> None:
    headers = f'<zeebe:taskHeaders><zeebe:header key="quick" value="{header}"/></zeebe:taskHeaders>'
    body = (
        '<startEvent id="s"/>'
        + service_task("w", extra=headers)
        + '<endEvent id="e"/>'
        + flows("s", "w", "e")
    )
    bench.start(bpmn(body))
    assert bench.calls[0].quick is quick


def test_an_error_that_nobody_catches_closes_the_task_and_a_retry_opens_another(bench: Bench) -> None:
    bench.start(bpmn('<startEvent id="s"/>' + user_task("a") + '<endEvent id="e"/>' + flows("s", "a", "e")))
    task = bench.task("a")
    for number in (2, 3):
        bench.send("throw_error", task=bench.task("a"), key="bounced")
        assert bench.instance.status().open_tasks == []
        assert bench.send("complete", task=task).code == "task-not-open"
        assert bench.send("retry", task=task).status == "done"
        assert bench.instance.status().open_tasks == [f"{task}.{number}"]
    assert bench.complete("a").status == "done"
    outcomes = [
        (f"I1:{fact.token}", fact.data["outcome"]) for fact in bench.facts if fact.kind == "task_closed"
    ]
    assert outcomes == [(task, "cancelled"), (f"{task}.2", "cancelled"), (f"{task}.3", "completed")]
    assert bench.instance.ended


def test_an_error_that_is_caught_takes_the_task_away(bench: Bench) -> None:
    body = (
        '<startEvent id="s"/>'
        + user_task("a")
        + '<endEvent id="e"/>'
        + flows("s", "a", "e")
        + '<boundaryEvent id="caught" attachedToRef="a"><errorEventDefinition errorRef="err"/></boundaryEvent>'
        + '<endEvent id="e2"/>'
        + flows("caught", "e2")
    )
    bench.start(bpmn(body, before='<error id="err" errorCode="bounced"/>'))
    bench.send("throw_error", task=bench.task("a"), key="bounced")
    assert bench.data("task_closed") == [{"outcome": "cancelled"}]
    assert bench.instance.ended


def test_a_cancelled_task_with_an_incident_is_closed_once(bench: Bench) -> None:
    bench.start(bpmn('<startEvent id="s"/>' + user_task("a") + '<endEvent id="e"/>' + flows("s", "a", "e")))
    bench.send("throw_error", task=bench.task("a"), key="bounced")
    bench.send("cancel")
    assert bench.told("task_closed", "incident_cleared") == [("task_closed", "a"), ("incident_cleared", "a")]
    assert bench.instance.status().incidents == []


def test_what_was_due_before_comes_before_an_answer_that_arrives_late(bench: Bench) -> None:
    body = (
        '<startEvent id="s"/>'
        + service_task("w")
        + '<endEvent id="e"/>'
        + flows("s", "w", "e")
        + '<boundaryEvent id="over" attachedToRef="w"><timerEventDefinition><timeDuration>PT1H</timeDuration>'
        '</timerEventDefinition></boundaryEvent><endEvent id="e2"/>' + flows("over", "e2")
    )
    bench.job = lambda call: None
    instance = bench.start(bpmn(body), at=None, simulated=False)
    (number,) = instance.jobs
    bench.driver.tell(instance, JobDone(number, JobResult()), BEGIN + timedelta(hours=2))
    assert bench.told("completed", "terminated")[-3:] == [
        ("terminated", "w"),
        ("completed", "over"),
        ("completed", "e2"),
    ]


def test_an_answer_at_the_very_instant_comes_before_what_is_due(bench: Bench) -> None:
    body = (
        '<startEvent id="s"/>'
        + service_task("w", extra=properties(sla_policy="notify"))
        + '<endEvent id="e"/>'
        + flows("s", "w", "e")
    )
    bench.job = lambda call: None
    instance = bench.start(bpmn(body), at=None, simulated=False)
    (number,) = instance.jobs
    bench.driver.tell(instance, JobDone(number, JobResult()), BEGIN + timedelta(hours=48))
    assert [data["outcome"] for data in bench.data("clock_stopped")] == ["met"]
    assert [data["level"] for data in bench.data("clock_level")] == ["half", "warning"]


def test_a_message_that_ends_the_wait_for_a_definition_takes_it_back(bench: Bench) -> None:
    call = CALLER.replace("</process>", "").replace("</definitions>", "")
    xml = call.replace('<process id="p"', '<message id="m" name="stop"/><process id="p"') + (
        '<boundaryEvent id="over" attachedToRef="c"><messageEventDefinition messageRef="m"/></boundaryEvent>'
        '<endEvent id="e2"/>' + flows("over", "e2") + "</process></definitions>"
    )
    begin = StartInstance("I1", "p", bench.deploy(xml), {})
    instance = Instance.start(begin, bench.source, BEGIN)
    assert instance.resolving == ["q"]
    instance.handle(CommandMessage("k", "message", "u1", message="stop"), BEGIN)
    assert (instance.resolving, instance.ended) == ([], True)
