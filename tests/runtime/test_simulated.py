from datetime import timedelta

from tests.runtime.bench import BEGIN, Bench, bpmn, flows, properties, user_task

HOUR = timedelta(hours=1)


def timer(name: str, length: str) -> str:
    return (
        f'<intermediateCatchEvent id="{name}"><timerEventDefinition><timeDuration>{length}</timeDuration>'
        "</timerEventDefinition></intermediateCatchEvent>"
    )


WAITS = bpmn(
    '<startEvent id="s"/>'
    + timer("t1", "PT10H")
    + timer("t2", "PT10H")
    + user_task("a", extra=properties(sla_policy="acknowledge"))
    + '<endEvent id="e"/>'
    + flows("s", "t1", "t2", "a", "e")
)


def test_the_clock_of_a_simulated_instance_moves_only_when_it_is_told_to(bench: Bench) -> None:
    bench.start(WAITS)
    bench.driver.wake(bench.instance, BEGIN + 1000 * HOUR)
    assert bench.instance.due is None
    assert bench.instance.earliest_due == BEGIN + 10 * HOUR
    assert bench.told("completed") == [("completed", "s")]


def test_an_advance_goes_through_due_times_in_order_each_at_its_own_instant(bench: Bench) -> None:
    bench.start(WAITS)
    bench.send("advance", variables={"by": "P5D"})
    assert bench.at("completed") == [timedelta(0), 10 * HOUR, 20 * HOUR]
    assert bench.at("clock_level") == [44 * HOUR, 56 * HOUR, 68 * HOUR, 92 * HOUR]
    assert bench.instance.now == BEGIN + 120 * HOUR


def test_one_advance_tells_the_same_as_many(bench: Bench) -> None:
    bench.start(WAITS)
    for hour in range(1, 121):
        bench.send("advance", after=hour * HOUR)
    stepped = [fact for fact in bench.facts if fact.kind != "command_done"]
    once = Bench(bench.policies, restores=False)
    once.start(WAITS)
    once.send("advance", after=120 * HOUR)
    at_once = [fact for fact in once.facts if fact.kind != "command_done"]
    assert [(f.kind, f.at, f.element, f.data) for f in stepped] == [
        (f.kind, f.at, f.element, f.data) for f in at_once
    ]


def test_an_action_that_carries_an_instant_first_moves_the_clock_to_it(bench: Bench) -> None:
    bench.start(WAITS)
    bench.send("advance", after=20 * HOUR)
    bench.complete("a", after=50 * HOUR)
    assert bench.at("ended") == [50 * HOUR]
    assert bench.at("clock_level") == [44 * HOUR]
    actors = {fact.actor for fact in bench.facts if fact.kind == "clock_level"}
    assert actors == {None}


def test_what_is_due_at_the_very_instant_of_an_action_comes_after_it(bench: Bench) -> None:
    bench.start(WAITS)
    bench.send("signal", message="x", after=10 * HOUR, id="k")
    kinds = [(fact.kind, fact.command) for fact in bench.facts if fact.at == "2026-11-26T07:30:00Z"]
    assert kinds[0] == ("command_done", "k")
    assert ("completed", None) in kinds


def test_an_anchored_instance_becomes_an_ordinary_one_when_it_gets_there(bench: Bench) -> None:
    anchor = BEGIN + 30 * HOUR
    bench.start(WAITS, anchor=anchor.isoformat())
    assert bench.send("advance", after=31 * HOUR).code == "beyond-anchor"
    assert bench.send("advance", after=30 * HOUR).status == "done"
    assert bench.at("anchored") == [30 * HOUR]
    assert [batch.simulated for batch in bench.batches] == [True, False]
    assert bench.instance.due == BEGIN + 44 * HOUR
    assert bench.send("advance", after=40 * HOUR).code == "not-simulated"
    bench.driver.wake(bench.instance, BEGIN + 60 * HOUR)
    assert [data["level"] for data in bench.data("clock_level")] == ["half", "warning"]
    assert bench.at("clock_level") == [60 * HOUR, 60 * HOUR]


def test_commands_wait_their_turn_behind_one_that_waits(bench: Bench) -> None:
    bench.start(WAITS)
    bench.send("advance", after=20 * HOUR)
    answer = bench.complete("a", after=30 * HOUR, id="k1")
    assert answer.last_fact == len(bench.facts)
    assert [fact.command for fact in bench.facts if fact.kind == "command_done"] == ["c0", "c1", "k1"]


def test_flows_are_told_only_when_asked_for(bench: Bench) -> None:
    bench.start(WAITS, trace=True)
    assert bench.told("taken") == [("taken", "s_t1")]
