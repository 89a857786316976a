from datetime import timedelta
from typing import Any

import pytest

from pdflow.runtime import COMMANDS
from tests.runtime.bench import BEGIN, Bench, bpmn, flows, user_task

TWO_TASKS = bpmn(
    '<startEvent id="s"/>'
    + user_task("a")
    + user_task("b")
    + '<endEvent id="e"/>'
    + flows("s", "a", "b", "e")
)
MESSAGE = bpmn(
    '<startEvent id="s"/><intermediateCatchEvent id="m"><messageEventDefinition messageRef="msg"/></intermediateCatchEvent>'
    '<endEvent id="e"/>' + flows("s", "m", "e"),
    before='<message id="msg" name="pd.appeal"><extensionElements><zeebe:subscription correlationKey="=case"/>'
    "</extensionElements></message>",
)


def test_a_start_is_told_with_who_asked_for_it(bench: Bench) -> None:
    bench.start(TWO_TASKS, {"case": "C-1"})
    started = bench.facts[0]
    assert (started.kind, started.actor, started.command, started.at) == (
        "started",
        "u0",
        "c0",
        "2026-11-25T21:30:00Z",
    )
    assert started.data == {"process": "p", "case": "C-1", "unit": "NYC", "variables": {"case": "C-1"}}
    assert bench.told()[1:] == [
        ("command_done", None),
        ("entered", "s"),
        ("completed", "s"),
        ("entered", "a"),
        ("task_opened", "a"),
    ]


def test_a_completion_tells_the_command_first_and_names_the_person_throughout(bench: Bench) -> None:
    bench.start(TWO_TASKS)
    before = len(bench.facts)
    answer = bench.complete("a", {"grant": True}, id="k1", effect="determination.sign")
    assert bench.told(since=before) == [
        ("command_done", None),
        ("task_closed", "a"),
        ("completed", "a"),
        ("entered", "b"),
        ("task_opened", "b"),
    ]
    assert {(fact.actor, fact.command) for fact in bench.facts[before:]} == {("u1", "k1")}
    assert bench.facts[before].data == {"name": "complete", "effect": "determination.sign"}
    assert (answer.status, answer.last_fact, answer.due) == ("done", len(bench.facts), None)
    assert bench.instance.variables["grant"] is True


def test_the_end_is_told_with_its_variables(bench: Bench) -> None:
    bench.start(TWO_TASKS)
    bench.complete("a", {"outcome": "granted"})
    bench.complete("b")
    assert bench.instance.ended
    assert bench.facts[-1].kind == "ended"
    assert bench.facts[-1].data == {"state": "completed", "variables": {"outcome": "granted"}}
    assert [batch.simulated for batch in bench.batches] == [True] * 3


def test_a_repeat_of_a_command_is_recognised_and_does_nothing(bench: Bench) -> None:
    bench.start(TWO_TASKS)
    task = bench.task("a")
    first = bench.send("complete", task=task, id="k1")
    facts = len(bench.facts)
    again = bench.send("complete", task=task, id="k1")
    assert (again.status, again.last_fact) == ("repeat", first.last_fact)
    assert len(bench.facts) == facts


def test_the_id_of_the_start_is_remembered_too(bench: Bench) -> None:
    bench.start(TWO_TASKS)
    assert bench.send("complete", id="c0", task="I1:none").status == "repeat"


@pytest.mark.parametrize(
    ("command", "code"),
    [
        pytest.param({"name": "complete", "task": "I1:999"}, "task-not-open", id="unknown-task"),
        pytest.param(
            {"name": "complete", "task": "I2:{token}"}, "task-not-open", id="task-of-another-instance"
        ),
        pytest.param({"name": "complete"}, "task-not-open", id="no-task"),
        pytest.param({"name": "promote"}, "unknown-command", id="unknown-command"),
        pytest.param({"name": "retry", "task": "I1:{token}"}, "no-incident", id="nothing-to-retry"),
        pytest.param(
            {"name": "message", "message": "pd.appeal", "key": "C-1"}, "not-taken", id="unawaited-message"
        ),
        pytest.param(
            {"name": "complete", "task": "I1:{token}", "variables": {"x": {"$feel": "junk"}}},
            "bad-variables",
            id="encoding",
        ),
        pytest.param(
            {"name": "complete", "task": "I1:{token}", "variables": {"x": "y" * 65_536}},
            "variables-too-large",
            id="large",
        ),
        pytest.param(
            {"name": "transfer", "variables": {"unit": 7}}, "bad-variables", id="transfer-to-nowhere"
        ),
        pytest.param({"name": "advance"}, "bad-instant", id="advance-by-nothing"),
        pytest.param({"name": "advance", "variables": {"by": "P1M"}}, "bad-instant", id="advance-inexactly"),
        pytest.param({"name": "advance", "at": "2026-11-25"}, "bad-instant", id="no-offset"),
        pytest.param({"name": "advance", "at": "2026-11-25T21:29:59Z"}, "in-the-past", id="backwards"),
    ],
)
def test_a_refusal_has_a_code_and_a_sentence_and_no_effect(
    bench: Bench, command: dict[str, Any], code: str
) -> None:
    bench.start(TWO_TASKS)
    token = bench.task("a").partition(":")[2]
    if "task" in command:
        command = {**command, "task": command["task"].format(token=token)}
    before = bench.instance.snapshot()
    answer = bench.send(**command)
    assert (answer.status, answer.code) == ("refused", code)
    assert (answer.sentence or "").endswith(".")
    after = bench.instance.snapshot()
    for snapshot in (before, after):
        del snapshot["engine"]["moves"]  # the engine's own budget counter
    assert after == before


def test_a_refused_command_may_come_again_when_it_has_become_possible(bench: Bench) -> None:
    bench.start(MESSAGE, {"case": "C-1"})
    assert bench.send("message", message="pd.appeal", key="C-2", id="k").code == "not-taken"
    assert bench.send("message", message="pd.appeal", key="C-1", id="k").status == "done"


def test_a_message_is_told_when_it_is_awaited_and_when_it_is_taken(bench: Bench) -> None:
    bench.start(MESSAGE, {"case": "C-1"})
    assert bench.data("subscribed") == [{"message": "pd.appeal", "key": "C-1"}]
    bench.send("message", message="pd.appeal", key="C-1", variables={"late": False})
    assert bench.data("message_taken") == [{"message": "pd.appeal", "key": "C-1"}]
    assert len(bench.data("unsubscribed")) == 1
    assert bench.facts[-1].data["variables"] == {"case": "C-1", "late": False}


def test_nothing_can_be_done_after_the_end(bench: Bench) -> None:
    bench.start(TWO_TASKS)
    bench.send("cancel", key="withdrawn")
    assert bench.instance.ended
    assert bench.facts[-1].data["state"] == "terminated"
    assert bench.data("task_closed") == [{"outcome": "cancelled"}]
    assert bench.send("signal", message="x").code == "instance-ended"


def test_variables_are_changed_by_a_command_of_their_own(bench: Bench) -> None:
    bench.start(TWO_TASKS)
    bench.send("set_variables", variables={"language": "es"})
    assert bench.instance.variables["language"] == "es"


def test_only_the_newest_two_hundred_commands_are_remembered(bench: Bench) -> None:
    bench.start(TWO_TASKS)
    for number in range(201):
        bench.send("signal", message="x", id=f"k{number}")
    assert bench.send("signal", message="x", id="k1").status == "repeat"
    assert bench.send("signal", message="x", id="k0").status == "done"
    assert len(bench.instance.snapshot()["inbox"]["handled"]) == 200


def test_a_real_instance_refuses_to_be_given_the_time(bench: Bench) -> None:
    bench.start(TWO_TASKS, at=None, simulated=False)
    assert bench.send("advance", variables={"by": "PT1H"}).code == "not-simulated"
    assert bench.complete("a", after=timedelta(0)).code == "not-simulated"
    assert bench.complete("a", now=BEGIN + timedelta(seconds=3)).status == "done"
    assert bench.at("task_closed") == [timedelta(seconds=3)]


def test_time_never_runs_backwards_in_the_facts(bench: Bench) -> None:
    bench.start(TWO_TASKS, at=None, simulated=False)
    bench.complete("a", now=BEGIN + timedelta(seconds=3))
    bench.complete("b", now=BEGIN + timedelta(seconds=2))
    assert bench.at("task_closed") == [timedelta(seconds=3), timedelta(seconds=3)]


def test_the_public_commands_are_these() -> None:
    assert list(COMMANDS) == [
        "complete",
        "throw_error",
        "message",
        "signal",
        "cancel",
        "retry",
        "set_variables",
        "transfer",
        "advance",
    ]
