"""Whatever people do in whatever order: what must hold of every instance."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pdflow.runtime import JobAttemptFailed
from pdflow.runtime.messages import JobCall, JobResult
from pdflow.sla import Policy, disagreements
from tests.runtime.bench import BEGIN, Bench
from tests.runtime.test_clocks import history
from tests.workflows.families import FAMILIES, Family, job

Deed = tuple[str, int]

DEEDS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "complete",
                "throw_error",
                "advance",
                "signal",
                "message",
                "transfer",
                "retry",
                "again",
                "cancel",
            ]
        ),
        st.integers(0, 1000),
    ),
    max_size=12,
)


def broken(call: JobCall) -> JobResult:
    try:
        return job(call)
    except RuntimeError as error:
        raise JobAttemptFailed(str(error)) from error


def play(policies: dict[str, Policy], family: Family, deeds: list[Deed], *, restores: bool) -> Bench:
    bench = Bench(policies, restores)
    bench.job = broken
    for process, xml in family.called.items():
        bench.deploy(xml, process)
    bench.start(family.xml, {"office": "NYC", **family.variables})
    for number, deed in enumerate(deeds):
        bench.send(**command(bench, number, deed))
    return bench


def command(bench: Bench, number: int, deed: Deed) -> dict[str, Any]:
    """What a deed is in the present state; it may well be one that is refused."""
    name, pick = deed
    status = bench.instance.status()
    tasks = status.open_tasks or ["I1:0"]
    given: dict[str, Any] = {"name": name, "id": f"k{number}"}
    if name in ("complete", "throw_error"):
        given |= {"task": tasks[pick % len(tasks)], "key": "bounced"}
        given["after"] = bench.instance.now - BEGIN + timedelta(minutes=pick)
    elif name == "advance":
        given |= {"variables": {"by": f"PT{pick}M"}}
    elif name in ("signal", "message"):
        given |= {"message": ("look", "pd.appeal")[pick % 2], "key": "C-1" if name == "message" else None}
    elif name == "transfer":
        given |= {"variables": {"unit": f"U{pick % 3}"}}
    elif name == "retry":
        given |= {"task": f"I1:{(status.incidents or ['0'])[0]}", "variables": {"mended": pick % 2 == 0}}
    elif name == "again":
        given |= {"name": "signal", "id": f"k{max(number - 1, 0)}", "message": "look"}
    return given


@pytest.mark.parametrize("name", FAMILIES)
@settings(
    derandomize=True,
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(deeds=DEEDS)
def test_whatever_people_do_the_records_hold_together(
    policies: dict[str, Policy], name: str, deeds: list[Deed]
) -> None:
    family = FAMILIES[name]
    straight = play(policies, family, deeds, restores=False)
    restored = play(policies, family, deeds, restores=True)
    facts, status = straight.facts, straight.instance.status()
    assert restored.facts == facts
    assert json.loads(json.dumps(straight.instance.snapshot())) == restored.instance.snapshot()
    assert [fact.number for fact in facts] == list(range(1, len(facts) + 1))
    assert [fact.at for fact in facts] == sorted((fact.at for fact in facts), key=lambda at: at.rstrip("Z"))
    opened = [fact.token for fact in facts if fact.kind == "task_opened"]
    closed = [fact.token for fact in facts if fact.kind == "task_closed"]
    assert len(set(opened)) == len(opened)
    still = sorted(f"I1:{token}" for token in opened if token not in closed)
    assert sorted(status.open_tasks) == still
    started = [fact.data["clock"] for fact in facts if fact.kind == "clock_started"]
    stopped = [fact.data["clock"] for fact in facts if fact.kind == "clock_stopped"]
    assert status.open_clocks == [clock for clock in started if clock not in stopped]
    for clock in started:
        policy = policies[
            next(
                f.data["policy"] for f in facts if f.data.get("clock") == clock and f.kind == "clock_started"
            )
        ]
        assert disagreements(policy, history(facts, clock)) == []
    if status.ended:
        assert (status.open_tasks, status.open_clocks, straight.instance.jobs) == ([], [], {})
        assert [fact.kind for fact in facts].count("ended") == 1
