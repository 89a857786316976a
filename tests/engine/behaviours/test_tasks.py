"""Tasks of every type, their settings, incidents and clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from pdflow.engine import (
    CancelActivity,
    ClearIncident,
    CloseTask,
    Completed,
    EngineError,
    Finish,
    OpenTask,
    RaiseIncident,
    RunActivity,
    StartClock,
    StopClock,
)  # fmt: skip
from pdflow.feel import evaluate
from tests.engine.drive import Shelf
from tests.engine.models import (
    TOP,
    boundary,
    bpmn,
    end,
    error,
    ext,
    flow,
    flows,
    io,
    multi,
    node,
    prop,
    script,
    start,
    sub,
    timer,
    user,
)  # fmt: skip


def task(kind: str, *inside: str) -> bytes:
    return bpmn(start(), node(kind, "t", *inside), user("after"), flows("s -> t -> after"))


@pytest.mark.parametrize("kind", ["task", "manualTask"])
def test_abstract_and_manual_tasks_complete_at_once(drive, kind):
    assert drive(task(kind)).waiting() == ["after"]


FULL = ext(
    "<zeebe:userTask />",
    '<zeebe:assignmentDefinition assignee="=person" candidateGroups="=office + &quot;.officer&quot;" candidateUsers="ann, bob" />',
    '<zeebe:formDefinition formId="decide" />',
    '<zeebe:taskSchedule dueDate="=clock(&quot;decide&quot;).due" followUpDate="2026-03-04" />',
    '<zeebe:priorityDefinition priority="=30 + 7" />',
    '<zeebe:taskHeaders><zeebe:header key="hint" value="look twice" /></zeebe:taskHeaders>',
    prop(case__state="deciding", level="=level + 1", empty="", sla__policy="decide", sla__unit="=office"),
    io("in code = n * 2"),
)


def test_a_user_task_is_opened_with_all_its_settings_evaluated(drive):
    due = datetime(2026, 3, 20, 12, tzinfo=UTC)
    d = drive(
        bpmn(start(), user("t", FULL, name="Decide"), end(), flows("s -> t -> e")),
        {"person": "p1", "office": "ATL", "n": 4, "level": 1},
        functions={"clock": lambda policy, *_: {"due": due}},
    )
    assert d.asked(OpenTask) == [
        OpenTask(
            token=d.token("t"), element="t", name="Decide", form="decide", assignee="p1", candidate_groups=("ATL.officer",),
            candidate_users=("ann", "bob"), due=due, follow_up=datetime(2026, 3, 4, tzinfo=UTC), priority=37, variables={"code": 8},
            headers={"hint": "look twice"}, properties={"case:state": "deciding", "level": 2}, definition="d",
        )
    ]  # fmt: skip
    (enter,) = [fact for fact in d.facts if fact.element == "t"]
    assert enter.properties == {"case:state": "deciding", "level": 2}
    assert d.asked(StartClock) == [StartClock(d.token("t"), "t", "decide", None, "ATL", True)]
    d.complete("t")
    assert d.asked(StopClock) == [StopClock("decide", None, "3", False)]
    assert not d.asked(CloseTask)
    assert d.asked(Finish) == [Finish("completed", {"person": "p1", "office": "ATL", "n": 4, "level": 1})]


def test_a_terminated_task_is_closed_and_its_clock_cancelled(drive):
    d = drive(
        bpmn(
            start(),
            user("t", ext(prop(sla__policy="decide"))),
            boundary("b", "t", timer("duration", "PT1H")),
            end(),
            flows("s -> t", "b -> e"),
        )
    )
    token = d.token("t")
    d.advance(hours=1)
    assert d.asked(CloseTask) == [CloseTask(token)]
    assert d.asked(StopClock) == [StopClock("decide", None, token, True)]


def test_clocks_start_and_stop_where_an_element_completes(drive):
    d = drive(
        bpmn(
            start("s", ext(prop(sla__start="acknowledge"))), user("t", ext(prop(sla__stop="acknowledge", sla__subject="=who"))),
            end("e", ext(prop(sla__stop="decide"))), flows("s -> t -> e"),
        ),
        {"who": "r7"},
    )  # fmt: skip
    assert [(c.policy, c.scope) for c in d.asked(StartClock)] == [("acknowledge", False)]
    d.complete("t")
    assert [(c.policy, c.subject, c.token) for c in d.asked(StopClock)] == [
        ("acknowledge", "r7", None),
        ("decide", None, None),
    ]


def test_each_instance_of_a_multi_instance_has_its_own_clock(drive):
    host = user("t", ext(prop(sla__policy="notify", sla__subject="=r.id")), multi("recipients", element="r"))
    d = drive(bpmn(start(), host, end(), flows("s -> t -> e")), {"recipients": [{"id": "r1"}, {"id": "r2"}]})
    assert [c.subject for c in d.asked(StartClock)] == ["r1", "r2"]
    d.complete("t")
    assert [c.subject for c in d.asked(StopClock)] == ["r1"]


def test_a_subprocess_can_be_measured(drive):
    inner = sub("sub", ext(prop(sla__policy="inquire")), start("is"), user("a"), flows("is -> a"))
    d = drive(bpmn(start(), inner, end(), flows("s -> sub -> e")))
    assert [c.element for c in d.asked(StartClock)] == ["sub"]
    d.complete("a")
    assert [c.cancelled for c in d.asked(StopClock)] == [False]


SERVICE = ext(
    '<zeebe:taskDefinition type="=kind + &quot;.send&quot;" retries="5" />',
    '<zeebe:taskHeaders><zeebe:header key="k" value="v" /></zeebe:taskHeaders>',
)


@pytest.mark.parametrize("kind", ["serviceTask", "sendTask", "scriptTask", "businessRuleTask"])
def test_tasks_with_a_type_run_that_activity(drive, kind):
    d = drive(task(kind, SERVICE), {"kind": "mail", "n": 1})
    (activity,) = d.asked(RunActivity)
    assert (activity.type, activity.retries, activity.headers) == ("mail.send", 5, {"k": "v"})
    assert activity.variables == {"kind": "mail", "n": 1}, "without input mappings everything visible"
    d.complete("t", sent=True)
    assert d.variables["sent"] is True
    assert d.waiting() == ["after"]


@pytest.mark.parametrize("kind", ["serviceTask", "sendTask", "scriptTask", "businessRuleTask"])
def test_without_a_type_the_host_decides(drive, kind):
    """Hazard: a plain service task must wait for its completion."""
    d = drive(task(kind))
    (activity,) = d.asked(RunActivity)
    assert (activity.type, activity.retries) == ("", 3)


def test_an_activity_with_input_mappings_gets_those_only(drive):
    d = drive(task("serviceTask", ext(io("in to = who"))), {"who": "r1", "secret": 1})
    assert d.asked(RunActivity)[0].variables == {"to": "r1"}


def test_output_mappings_decide_what_leaves_the_task(drive):
    d = drive(
        task("serviceTask", ext(io("out a.b = result + 1", "out a.c = base"))), {"base": 7, "a": {"z": 0}}
    )
    d.complete("t", result=1, noise="x")
    assert d.variables == {"base": 7, "a": {"z": 0, "b": 2, "c": 7}}


def test_a_terminated_activity_is_cancelled_and_its_late_result_ignored(drive):
    d = drive(
        bpmn(
            start(),
            node("serviceTask", "t"),
            boundary("b", "t", timer("duration", "PT1H")),
            user("x"),
            flows("s -> t", "b -> x"),
        )
    )
    token = d.token("t")
    d.advance(hours=1)
    assert d.asked(CancelActivity) == [CancelActivity(token)]
    assert not d.send(Completed(token, {"late": 1}))
    assert d.variables == {}


def test_a_task_is_completed_once(drive):
    d = drive(bpmn(start(), user("t"), user("x"), flows("s -> t -> x")))
    token = d.token("t")
    assert d.send(Completed(token))
    assert not d.send(Completed(token))


def test_a_failed_activity_is_an_incident_until_it_is_retried_with_corrected_variables(drive):
    """Hazard: after an error nothing said why, and re-entering put the old data over the new."""
    d = drive(task("serviceTask"), {"address": "bad"})
    d.break_down("t")
    assert d.asked(RaiseIncident) == [RaiseIncident(d.token("t"), "t", "activity-failed", "no connection")]
    assert not d.complete("t"), "what has an incident is not completed by a late result"
    d.retry("t", address="good")
    assert len(d.asked(ClearIncident)) == 1
    assert [a.variables["address"] for a in d.asked(RunActivity)] == ["bad", "good"]
    d.complete("t")
    assert d.waiting() == ["after"]


def test_an_incident_goes_with_its_element(drive):
    d = drive(
        bpmn(
            start(),
            node("serviceTask", "t"),
            boundary("b", "t", timer("duration", "PT1H")),
            user("x"),
            flows("s -> t", "b -> x"),
        )
    )
    d.break_down("t")
    d.advance(hours=1)
    assert len(d.asked(ClearIncident)) == 1
    assert not d.asked(CancelActivity), "an activity that has failed runs no more"


def test_a_bpmn_error_of_an_activity_is_caught_with_its_variables(drive):
    d = drive(
        bpmn(
            start(),
            node("serviceTask", "t"),
            boundary("b", "t", error("err")),
            user("x"),
            flows("s -> t", "b -> x"),
            top=TOP,
        )
    )
    d.fail("t", "E1", reason="full")
    assert d.waiting() == ["x"]
    assert d.variables == {"reason": "full"}
    assert d.trace("terminate") == ["terminate t"]


def test_a_script_task_is_evaluated_inline_as_feel_and_nothing_else(drive):
    """Hazard: scripts were Python with all its built-ins."""
    assert drive(task("scriptTask", script("n + 1", "n")), {"n": 1}).variables == {"n": 2}
    d = drive(task("scriptTask", script('__import__("os").getcwd()', "n")), {"n": 1})
    assert d.variables == {"n": None}


def test_a_business_rule_task_evaluates_its_decision(drive):
    shelf = Shelf(
        task("businessRuleTask", ext('<zeebe:calledDecision decisionId="route" resultVariable="office" />')),
        decisions={("d", "route"): lambda inputs, now: evaluate('if zip < 5 then "ATL" else "BOS"', inputs)},
    )
    d = drive(shelf, {"zip": 3})
    assert d.variables["office"] == "ATL"
    assert d.waiting() == ["after"]


def test_a_decision_that_is_not_there_is_an_incident(drive):
    d = drive(
        task("businessRuleTask", ext('<zeebe:calledDecision decisionId="route" resultVariable="office" />'))
    )
    assert d.incidents() == ["decision-missing"]


def test_values_keep_their_kind_through_a_snapshot(drive):
    """Hazards: dates and decimals failed to serialize; a user key named like a type tag broke the instance."""
    given = {
        "date": date(2026, 1, 2), "at": datetime(2026, 1, 2, 3, 4, tzinfo=UTC), "amount": Decimal("0.10"), "big": 10**20,
        "typename": {"$feel": "date", "value": "x"}, "nothing": None, "list": [1, "a", {"k": [True]}],
    }  # fmt: skip
    d = drive(bpmn(start(), user("t"), user("x"), flows("s -> t -> x")), given)
    d.complete("t")
    assert d.variables == given


def test_a_value_that_cannot_be_stored_is_refused_before_anything_changes(drive):
    d = drive(bpmn(start(), user("t"), user("x"), flows("s -> t -> x")))
    with pytest.raises(EngineError, match="JSON-like") as refused:
        d.complete("t", raw=b"bytes")
    assert refused.value.code == "variable-type"
    assert d.waiting() == ["t"]


def test_a_completion_that_would_exceed_the_size_limit_is_refused_before_anything_changes(drive):
    d = drive(bpmn(start(), user("t"), user("x"), flows("s -> t -> x")), {"a": "x" * 40_000})
    with pytest.raises(EngineError, match="64 KB") as refused:
        d.complete("t", b="y" * 30_000)
    assert refused.value.code == "variables-too-large"
    assert d.waiting() == ["t"]
    assert d.complete("t", a="y" * 50_000), "what replaces counts once"


def test_a_script_that_would_exceed_the_size_limit_is_an_incident(drive):
    d = drive(task("scriptTask", script("a + a", "b")), {"a": "x" * 40_000})
    assert d.incidents() == ["variables-too-large"]


def test_an_expression_beyond_its_budget_is_an_incident(drive):
    d = drive(task("scriptTask", script("count(for i in 1..1000000 return for j in 1..100 return i)", "b")))
    assert d.incidents() == ["expression"]


@pytest.mark.parametrize(
    "expression",
    ["function(x) x", "[1, [count]]", "{a: date}"],
    ids=["a function", "in a list", "in a context"],
)
def test_a_function_is_no_variable(drive, expression):
    d = drive(task("scriptTask", script(expression, "f")))
    assert d.incidents() == ["variable-type"]


def test_setting_variables_from_outside_reaches_the_scope_that_has_them(drive):
    inner = sub("sub", ext(io("in local = 1")), start("is"), user("a"), flows("is -> a"))
    d = drive(bpmn(start(), inner, flows("s -> sub")), {"n": 1})
    d.execution.set_variables(d.token("a"), {"local": 5, "n": 2, "new": 3})
    assert d.variables == {"n": 2, "new": 3}
    with pytest.raises(EngineError):
        d.execution.set_variables("999", {"n": 1})


def test_a_default_flow_out_of_a_task_that_is_the_only_flow_is_taken(drive):
    d = drive(bpmn(start(), user("t", default="t_x"), user("x"), flows("s -> t"), flow("t -> x")))
    d.complete("t")
    assert d.waiting() == ["x"]


@pytest.mark.parametrize("name", ["date", "count", "number", "log", "duration"])
def test_a_variable_may_have_the_name_of_a_built_in_function(drive, name):
    d = drive(task("scriptTask", script(f"{name} + count([1, 2])", "sum of both")), {name: 5})
    assert d.variables["sum of both"] == 7
