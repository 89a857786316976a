from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pdflow.sla import Pack, PolicyRefused, read_pack, read_policy

NOTIFY: dict[str, Any] = {
    "id": "notify",
    "title": "Serve the copy",
    "target": "PT48H",
    "calendar": "elapsed",
    "holder": "office",
    "pausable": False,
    "levels": [{"name": "half", "percent": 50}, {"name": "overdue", "after_breach": "PT24H"}],
    "escalation": [{"level": "breached", "step": "director"}],
}


def test_a_policy_reads_and_writes_the_same_data() -> None:
    assert read_policy(NOTIFY).data() == {
        **NOTIFY,
        "target": "P2D",
        "levels": [NOTIFY["levels"][0], {"name": "overdue", "after_breach": "P1D"}],
    }
    assert read_policy(read_policy(NOTIFY).data()) == read_policy(NOTIFY)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"pausable": True}, "policy.pausable: input should be False"),
        ({"grace": "PT1H"}, "policy.grace: expected no such key"),
        ({"target": None}, "policy.target: expected an ISO 8601 duration such as PT48H"),
        ({"target": "P1M"}, "policy.target: expected an ISO 8601 duration of weeks"),
        ({"target": "PT0S"}, "expected a target longer than nothing"),
        ({"calendar": "business"}, "policy.calendar"),
        ({"holder": "judge"}, "policy.holder"),
        ({"id": "Notify!"}, "policy.id"),
        ({"levels": [{"name": "half"}]}, "expected exactly one of percent and after_breach"),
        ({"levels": [{"name": "half", "percent": 50, "after_breach": "PT1H"}]}, "expected exactly one of"),
        ({"levels": [{"name": "half", "percent": 100}]}, "policy.levels.0.percent"),
        ({"levels": [{"name": "half", "percent": True}]}, "policy.levels.0.percent"),
        ({"levels": [{"name": "breached", "percent": 50}]}, "the due instant itself is the level 'breached'"),
        ({"levels": [{"name": "half", "percent": 50}, {"name": "half", "percent": 75}]}, "a name of its own"),
        ({"escalation": [{"level": "warning", "step": "director"}]}, "to name a level of this policy"),
        ({"escalation": [{"level": "half", "step": "press"}]}, "policy.escalation.0.step"),
    ],
)
def test_a_policy_outside_the_schema_is_refused_with_the_place(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(PolicyRefused) as refused:
        read_policy({**NOTIFY, **change})
    assert reason in str(refused.value)


def test_every_reason_is_given_at_once() -> None:
    with pytest.raises(PolicyRefused) as refused:
        read_policy({"id": "x", "pausable": True})
    assert len(refused.value.reasons) == 5


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "expected JSON"),
        ("[]", "expected an object with format 1"),
        ('{"format": 2, "pack": "a", "version": 1, "policies": []}', "format 1"),
        ('{"format": 1, "pack": "a", "version": "1", "policies": []}', "whole number"),
        ('{"format": 1, "pack": "a", "version": 1, "policies": [{"id": "b"}]}', "policies[0].title"),
    ],
)
def test_a_pack_that_is_not_one_is_refused(text: str, reason: str) -> None:
    with pytest.raises(PolicyRefused) as refused:
        read_pack(text)
    assert reason in str(refused.value)


def test_the_first_pack_holds_the_published_numbers(pack: Pack) -> None:
    hours = {policy.id: policy.target / timedelta(hours=1) for policy in pack.policies.values()}
    assert hours == {
        "acknowledge": 48,
        "evidence-advice": 5 * 24,
        "inquire": 10 * 24,
        "evidence": 14 * 24,
        "decide": 15 * 24,
        "notify": 48,
        "appeal-window": 30 * 24,
        "appeal-review": 10 * 24,
        "hq-review": 10 * 24,
        "liaison-reply": 48,
    }
    assert {policy.id for policy in pack.policies.values() if policy.holder == "person"} == {
        "evidence",
        "appeal-window",
    }


def test_the_notice_clock_warns_and_escalates_at_fixed_instants(pack: Pack) -> None:
    policy = pack.policies["notify"]
    levels = policy.instants(datetime(2026, 11, 25, 21, 30, tzinfo=UTC))
    assert [(level.name, level.at.isoformat(), policy.steps(level.name)) for level in levels] == [
        ("half", "2026-11-26T21:30:00+00:00", ()),
        ("warning", "2026-11-27T09:30:00+00:00", ("liaison",)),
        ("breached", "2026-11-27T21:30:00+00:00", ("director",)),
        ("overdue", "2026-11-28T21:30:00+00:00", ("headquarters",)),
    ]


def test_nobody_escalates_over_the_time_that_belongs_to_the_person(pack: Pack) -> None:
    assert [
        policy.id for policy in pack.policies.values() if policy.holder == "person" and policy.escalation
    ] == []
