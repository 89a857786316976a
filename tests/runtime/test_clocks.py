from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pdflow.runtime.messages import Fact
from pdflow.sla import (
    ClockEvent,
    LevelReached,
    Policy,
    Reached,
    Reassigned,
    Started,
    Stopped,
    disagreements,
    fold,
)
from tests.runtime.bench import BEGIN, Bench, bpmn, flows, properties, user_task

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)

#: A measured task with a director's task that a breach opens beside it.
NOTIFY = bpmn(
    '<startEvent id="s"/>'
    + user_task("serve", groups='=office + ".officer"', extra=properties(sla_policy="notify"))
    + '<endEvent id="e"/>'
    + flows("s", "serve", "e")
    + '<boundaryEvent id="late" attachedToRef="serve" cancelActivity="false"><signalEventDefinition signalRef="sig"/>'
    "</boundaryEvent>"
    + user_task("explain", groups='=office + ".director"')
    + '<endEvent id="e2"/>'
    + flows("late", "explain", "e2"),
    before='<signal id="sig" name="sla.notify.breached"/>',
)
ESCALATION = bpmn(
    '<startEvent id="s"/>'
    + user_task("serve", extra=properties(sla_policy="notify"))
    + '<endEvent id="e"/>'
    + flows("s", "serve", "e")
    + '<subProcess id="escalate" triggeredByEvent="true"><startEvent id="es" isInterrupting="false">'
    '<signalEventDefinition signalRef="sig"/></startEvent>'
    + user_task("look", groups='=escalation.unit + "." + escalation.step')
    + '<endEvent id="ee"/>'
    + flows("es", "look", "ee")
    + "</subProcess>",
    before='<signal id="sig" name="sla.escalation"/>',
)
BY_EVENT = bpmn(
    "<startEvent id='s'/>"
    "<intermediateThrowEvent id='begin'><extensionElements>"
    + properties(sla_start="decide", sla_unit="BOS")
    + "</extensionElements></intermediateThrowEvent>"
    + user_task("a")
    + "<intermediateThrowEvent id='again'><extensionElements>"
    + properties(sla_start="decide")
    + "</extensionElements></intermediateThrowEvent>"
    + user_task("b")
    + "<intermediateThrowEvent id='stop'><extensionElements>"
    + properties(sla_stop="decide")
    + "</extensionElements></intermediateThrowEvent>"
    + user_task("c")
    + "<endEvent id='e'/>"
    + flows("s", "begin", "a", "again", "b", "stop", "c", "e")
)
TIMED = bpmn(
    '<startEvent id="s"/>'
    + user_task(
        "answer",
        extra=properties(sla_policy="evidence") + "<zeebe:taskSchedule dueDate='=clock(\"evidence\").due'/>",
    )
    + '<endEvent id="e"/>'
    + flows("s", "answer", "e")
    + '<boundaryEvent id="over" attachedToRef="answer"><timerEventDefinition>'
    '<timeDate>=clock("evidence").due</timeDate></timerEventDefinition></boundaryEvent>'
    + '<endEvent id="e2"/>'
    + flows("over", "e2")
)
OFFICE = {"office": "NYC"}


def history(facts: list[Fact], clock: str) -> list[ClockEvent]:
    """The events of a clock, read back from the facts as an auditor would."""
    events: list[ClockEvent] = []
    for fact in facts:
        at, data = datetime.fromisoformat(fact.at), fact.data
        if data.get("clock") != clock:
            continue
        if fact.kind == "clock_started":
            levels = tuple(Reached(name, datetime.fromisoformat(instant)) for name, instant in data["levels"])
            due = datetime.fromisoformat(data["due"])
            events.append(
                Started(at, clock, data["policy"], data["subject"], data["unit"], data["holder"], due, levels)
            )
        elif fact.kind == "clock_level":
            events.append(LevelReached(at, data["level"]))
        elif fact.kind == "clock_changed":
            events.append(Reassigned(at, data["unit"]))
        elif fact.kind == "clock_stopped":
            events.append(Stopped(at, data["outcome"]))
    return events


def test_a_measured_task_starts_its_clock_before_it_opens_and_shows_its_due_date(bench: Bench) -> None:
    bench.start(NOTIFY, OFFICE)
    assert bench.told("clock_started", "task_opened") == [
        ("clock_started", "serve"),
        ("task_opened", "serve"),
    ]
    started, opened = bench.data("clock_started")[0], bench.data("task_opened")[0]
    assert started["due"] == opened["due"] == "2026-11-27T21:30:00Z"
    assert started["clock"] == opened["clock"] == "I1:c1"
    assert (started["policy"], started["subject"], started["unit"], started["holder"]) == (
        "notify",
        None,
        "NYC",
        "office",
    )
    assert started["levels"][2] == ["breached", "2026-11-27T21:30:00Z"]
    assert bench.instance.status().open_clocks == ["I1:c1"]


@pytest.mark.parametrize(
    ("after", "outcome", "levels"),
    [
        pytest.param(HOUR, "met", [], id="early"),
        pytest.param(24 * HOUR, "met", [], id="at-the-first-warning"),
        pytest.param(48 * HOUR, "met", ["half", "warning"], id="at-exactly-the-due-instant"),
        pytest.param(48 * HOUR + SECOND, "met_late", ["half", "warning", "breached"], id="a-second-late"),
        pytest.param(
            73 * HOUR, "met_late", ["half", "warning", "breached", "overdue"], id="after-headquarters"
        ),
    ],
)
def test_a_stop_comes_before_what_is_due_at_the_same_instant(
    bench: Bench, after: timedelta, outcome: str, levels: list[str]
) -> None:
    bench.start(NOTIFY, OFFICE)
    assert bench.complete("serve", after=after).status == "done"
    assert bench.data("clock_stopped") == [
        {"clock": "I1:c1", "policy": "notify", "subject": None, "outcome": outcome}
    ]
    assert [data["level"] for data in bench.data("clock_level")] == levels
    assert bench.at("clock_stopped") == [after]


def test_levels_and_escalations_come_at_their_second_in_one_advance(bench: Bench) -> None:
    bench.start(NOTIFY, OFFICE)
    answer = bench.send("advance", variables={"by": "PT72H"})
    assert bench.at("clock_level") == [24 * HOUR, 36 * HOUR, 48 * HOUR, 72 * HOUR]
    steps = [(data["step"], data["level"]) for data in bench.data("escalated")]
    assert steps == [("liaison", 1), ("director", 2), ("headquarters", 3)]
    assert bench.at("escalated") == [36 * HOUR, 48 * HOUR, 72 * HOUR]
    assert answer.status == "done"
    assert (bench.facts[-1].kind, bench.facts[-1].actor) == ("command_done", "u1")


def test_a_breach_is_a_signal_to_the_model(bench: Bench) -> None:
    bench.start(NOTIFY, OFFICE)
    bench.send("advance", variables={"by": "PT47H59M59S"})
    assert ("task_opened", "explain") not in bench.told()
    bench.send("advance", variables={"by": "PT1S"})
    opened = bench.data("task_opened")[-1]
    assert (bench.told("task_opened")[-1], opened["groups"]) == (("task_opened", "explain"), ["NYC.director"])
    assert bench.at("task_opened")[-1] == 48 * HOUR


def test_each_escalation_reaches_the_model_with_its_step_and_unit(bench: Bench) -> None:
    bench.start(ESCALATION, OFFICE)
    bench.send("advance", variables={"by": "PT100H"})
    groups = [data["groups"] for data in bench.data("task_opened")]
    assert groups == [[], ["NYC.liaison"], ["NYC.director"], ["NYC.headquarters"]]


def test_an_event_starts_and_stops_a_clock_and_cannot_set_it_back(bench: Bench) -> None:
    bench.start(BY_EVENT, OFFICE)
    assert [(data["unit"], data["due"]) for data in bench.data("clock_started")] == [
        ("BOS", "2026-12-10T21:30:00Z")
    ]
    bench.complete("a", after=14 * 24 * HOUR)
    assert len(bench.data("clock_started")) == 1
    bench.complete("b", after=16 * 24 * HOUR)
    assert [data["outcome"] for data in bench.data("clock_stopped")] == ["met_late"]


def test_a_clock_still_open_at_the_end_is_cancelled(bench: Bench) -> None:
    bench.start(BY_EVENT, OFFICE)
    bench.send("cancel")
    assert [data["outcome"] for data in bench.data("clock_stopped")] == ["cancelled"]
    assert bench.facts[-1].kind == "ended"


def test_a_terminated_element_cancels_its_clock(bench: Bench) -> None:
    bench.start(TIMED, OFFICE)
    bench.send("advance", variables={"by": "P14D"})
    assert [data["outcome"] for data in bench.data("clock_stopped")] == ["cancelled"]
    assert bench.instance.ended
    assert bench.at("ended") == [14 * 24 * HOUR]


def test_a_timer_and_a_due_date_of_the_measured_element_itself_follow_its_clock(bench: Bench) -> None:
    bench.start(TIMED, OFFICE)
    assert bench.data("task_opened")[0]["due"] == "2026-12-09T21:30:00Z"
    assert bench.instance.earliest_due == BEGIN + 7 * 24 * HOUR
    bench.send("advance", variables={"by": "P13DT23H59M59S"})
    assert not bench.instance.ended


def test_a_transfer_moves_groups_and_accountability_and_no_due_instant(bench: Bench) -> None:
    bench.start(NOTIFY, OFFICE)
    bench.send("transfer", variables={"unit": "BOS"}, after=10 * HOUR)
    assert bench.data("task_changed") == [{"groups": ["BOS.officer"]}]
    assert bench.data("clock_changed") == [{"clock": "I1:c1", "unit": "BOS", "due": "2026-11-27T21:30:00Z"}]
    assert (bench.instance.unit, bench.batches[-1].unit) == ("BOS", "BOS")
    bench.send("advance", variables={"by": "PT38H"})
    assert bench.data("task_opened")[-1]["groups"] == ["BOS.director"]


def test_a_called_process_follows_the_pack_of_its_own_definition(bench: Bench) -> None:
    pack, bench.policies = bench.policies, {**bench.policies, "evidence": bench.policies["notify"]}
    bench.policies["evidence"] = bench.policies["notify"].model_copy(update={"id": "evidence"})
    bench.deploy(TIMED.replace('process id="p"', 'process id="q"'), "q")
    bench.policies = pack
    bench.start(
        bpmn(
            '<startEvent id="s"/><callActivity id="c"><extensionElements><zeebe:calledElement processId="q"/>'
            '</extensionElements></callActivity><endEvent id="e"/>' + flows("s", "c", "e")
        ),
        OFFICE,
    )
    assert [data["due"] for data in bench.data("task_opened")] == ["2026-11-27T21:30:00Z"]
    bench.send("advance", variables={"by": "PT48H"})
    assert [data["step"] for data in bench.data("escalated")] == ["liaison"]
    assert bench.at("ended") == [48 * HOUR]


def test_a_policy_that_is_not_in_the_pack_is_an_incident(bench: Bench) -> None:
    bench.policies = {}
    bench.start(NOTIFY, OFFICE)
    assert [data["code"] for data in bench.data("incident_raised")] == ["unknown-policy"]
    assert bench.told("task_opened") == [("task_opened", "serve")]
    bench.complete("serve")
    assert bench.instance.status().incidents == []
    assert bench.told("incident_cleared") == [("incident_cleared", "serve")]


def test_clocks_per_recipient_run_apart(bench: Bench) -> None:
    serve = user_task("serve", extra=properties(sla_policy="notify", sla_subject="=r.id")).replace(
        "</userTask>",
        "<multiInstanceLoopCharacteristics><extensionElements>"
        '<zeebe:loopCharacteristics inputCollection="=recipients" inputElement="r"/>'
        "</extensionElements></multiInstanceLoopCharacteristics></userTask>",
    )
    people: list[dict[str, Any]] = [{"id": "r1"}, {"id": "r2"}]
    body = '<startEvent id="s"/>' + serve + '<endEvent id="e"/>' + flows("s", "serve", "e")
    bench.start(bpmn(body), {**OFFICE, "recipients": people})
    assert [data["subject"] for data in bench.data("clock_started")] == ["r1", "r2"]
    bench.complete("serve", after=47 * HOUR)
    bench.complete("serve", after=49 * HOUR)
    outcomes = [(data["subject"], data["outcome"]) for data in bench.data("clock_stopped")]
    assert outcomes == [("r1", "met"), ("r2", "met_late")]
    assert bench.instance.ended


@settings(
    derandomize=True,
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["advance", "transfer", "signal"]), st.integers(0, 30 * 3600)), max_size=6
    ),
    end=st.integers(0, 30 * 3600),
)
def test_every_clock_can_be_recomputed_from_the_facts(
    policies: dict[str, Policy], steps: list[tuple[str, int]], end: int
) -> None:
    bench = Bench(policies, restores=True)
    bench.start(NOTIFY, OFFICE)
    now = timedelta(0)
    for number, (name, seconds) in enumerate(steps):
        now += seconds * SECOND
        more = {"variables": {"unit": f"U{number}"}} if name == "transfer" else {"message": "x"}
        bench.send(name, after=now, **(more if name != "advance" else {}))
    now += end * SECOND
    bench.complete("serve", after=now)
    events = history(bench.facts, "I1:c1")
    assert disagreements(policies["notify"], events) == []
    assert fold(events).outcome == ("met" if now <= 48 * HOUR else "met_late")
