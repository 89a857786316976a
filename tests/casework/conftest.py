"""The shipped models on a platform in this process, and people who work a case through its tasks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert
from sqlmodel import select

from pdflow.casework import deployment, effects, items, packs, requests
from pdflow.records.documents import FolderDocuments
from pdflow.records.tables import Case, Clock, Definition, Instance, Task
from pdflow.runtime.definitions import DefinitionSource, manifest_hash
from pdflow.services import commands, inprocess, tasks
from pdflow.services.actor import SYSTEM, Actor, Grant
from pdflow.services.platform import Platform
from pdflow.services.settings import Settings

assert effects

START = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)


def actor(user: str, role: str, unit: str) -> Actor:
    return Actor(user, frozenset({Grant(role, unit)}))


OFFICER = actor("officer", "officer", "ATL")
SUPERVISOR = actor("supervisor", "supervisor", "ATL")
LIAISON = actor("liaison", "liaison", "ATL")
DIRECTOR = actor("director", "director", "ATL")
REVIEWER = actor("reviewer", "reviewer", "REV-EAST")
HQ_REVIEWER = actor("hq-reviewer", "hq_reviewer", "HQ")
HQ_LIAISON = actor("hq-liaison", "hq_liaison", "HQ")
STAFF = (OFFICER, SUPERVISOR, LIAISON, DIRECTOR, REVIEWER, HQ_REVIEWER, HQ_LIAISON)

REQUEST: dict[str, Any] = {
    "channel": "applicant",
    "intake": "phone",
    "filed_at": "ATL",
    "consent": "I want this request, and I have been told of the risk.",
    "given": "Maria",
    "family": "Ejemplo",
    "born": "1985-04-01",
    "language": "es",
    "mode": "text",
    "email": "maria@example.org",
    "state": "Georgia",
    "asked": ["release"],
    "groups": ["caregiver"],
}

ANALYSIS = "The whole person was considered, both what speaks for her and what speaks against."
REBUTTAL = "The certified court record of last month shows conduct that outweighs the care she gives."


@dataclass
class Casework:
    """One case, worked by whoever the model offers its tasks to."""

    platform: Platform
    case: str = ""
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    now: datetime = START

    def take_in(self, **changes: Any) -> requests.Receipt:
        payload = {key: value for key, value in {**REQUEST, **changes}.items() if value is not None}
        receipt = requests.take_in(OFFICER, self.platform, payload, at=self.now, simulated=True)
        self.case = receipt.case
        return receipt

    def rows(self, model: Any, **where: Any) -> list[Any]:
        with self.platform.reading() as session:
            statement = select(model).filter_by(case=self.case, **where)
            found = list(session.exec(statement))
            session.expunge_all()
            return found

    def record(self) -> Case:
        with self.platform.reading() as session:
            return session.get_one(Case, self.case)

    def instance(self) -> Instance:
        return self.rows(Instance, process="pd-request")[0]

    def open(self) -> list[Task]:
        return [task for task in self.rows(Task) if task.state in ("open", "claimed")]

    def elements(self) -> list[str]:
        return sorted(task.element for task in self.open())

    def clocks(self, policy: str) -> list[Clock]:
        return self.rows(Clock, policy=policy)

    def later(self, **delta: float) -> None:
        """Move the case's clock on, through its due times."""
        self.now += timedelta(**delta)
        commands.submit(SYSTEM, self.platform, instance=self.instance().id, name="advance", at=self.now)

    def do(self, element: str, payload: Mapping[str, Any] | None = None, *, by: Actor | None = None) -> None:
        """Complete the open task of an element by whoever it is offered to."""
        (task,) = [one for one in self.open() if one.element == element]
        who = by or next(one for one in STAFF if not one.groups.isdisjoint(task.groups))
        tasks.claim(who, self.platform, task.id)
        value = dict(payload) if payload is not None else self.answer(task)
        tasks.complete(who, self.platform, task.id, value, at=self.now)

    def let_go(self, element: str) -> None:
        """Whoever has claimed the task of an element gives it back."""
        (task,) = [one for one in self.open() if one.element == element]
        if task.assignee is not None:
            tasks.release(Actor(task.assignee), self.platform, task.id)

    def answer(self, task: Task) -> dict[str, Any]:
        """What somebody would write who wants the case to go on; ``answers`` changes parts of it."""
        with self.platform.reading() as session:
            listed = items.for_task(session, task)
        rows = {kind: [item.id for item in found] for kind, found in listed.items()}
        made = FORMS[task.form](rows) if task.form in FORMS else {}
        return {**made, **self.answers.get(task.form or "", {})}

    def until(self, *elements: str) -> None:
        """Complete task after task until one of these is open."""
        for _ in range(40):
            opened = self.open()
            if not opened or any(task.element in elements for task in opened):
                return
            self.do(sorted(opened, key=lambda task: task.opened_at)[0].element)
        raise AssertionError(f"{elements} never opened; open are {self.elements()}")


def _rows(ids: list[str], **value: Any) -> list[dict[str, Any]]:
    return [{"item": id, **value} for id in ids]


FORMS: dict[str, Any] = {
    "acknowledgement": lambda rows: {"language": "es", "mode": "text", "held": False, "interpreter": True},
    "evidence-advice": lambda rows: {"kinds": ["medical_letter", "tax_record"]},
    "inquiry": lambda rows: {
        "domains": _rows(
            list(packs.entries("domains")), state="answered", answer="Yes.", interpreted="present"
        ),
        "positive": ["length_residence"],
        "adverse": ["offence_gravity"],
    },
    "evidence-dispositions": lambda rows: {"evidence": _rows(rows["evidence"], disposition="accepted")},
    "determination": lambda rows: {
        "proposed": "denied",
        "factors": _rows(
            rows["factors"], finding="accepted", weight="strong", reason="On record.", meets="A wound."
        ),
        "groups": _rows(rows["groups"], rebuttal=REBUTTAL),
        "grounds": ["safety_serious_conduct"],
        "treatment_considered": "A course is open to her.",
        "analysis": ANALYSIS,
        "analysis_translated": "Se consideró a toda la persona, lo que habla a su favor y en su contra.",
        "translation_checked_by": "Example Reviewer",
    },
    "approval": lambda rows: {"decision": "approve"},
    "approval-hq": lambda rows: {"decision": "approve"},
    "signature": lambda rows: {"guidance_read": True, "confirm": True},
    "translation": lambda rows: {
        "text": "Words of the letter in that language.",
        "checked_by": "Example Reviewer",
        "qualified": True,
    },
    "notice-translation": lambda rows: {
        "text": "Words of the notice in that language.",
        "checked_by": "Example Reviewer",
        "qualified": True,
    },
    "service-by-hand": lambda rows: {"how": "handed_over"},
    "appeal-review": lambda rows: {
        "review_result": "affirmed",
        "evidence": _rows(rows["evidence"], opened=True, disposition="accepted"),
        "reasons": "Each ground of the appeal was looked at, and the record supports the determination.",
        "grounds_answered": True,
        "reasons_translated": "Se examinó cada motivo y el expediente apoya la decisión.",
        "translation_checked_by": "Example Reviewer",
    },
    "escalation": lambda rows: {"cause": "workload", "action": "helped"},
    "removal-date-action": lambda rows: {"action": "hold_asked"},
    "counsel-appearance": lambda rows: {"appearance": "on_file"},
    "third-party-wish": lambda rows: {"person_agrees": "wants", "how": "phone"},
    "own-motion": lambda rows: {"reasons": "The docket review found long residence and care for a child."},
    "liaison-question": lambda rows: {"answer": "It is with the officer."},
}
FORMS["hq-review"] = lambda rows: {
    **FORMS["appeal-review"](rows),
    "review_result": "reversed",
    "given": ["release"],
}


@pytest.fixture(scope="session")
def shipped() -> list[dict[str, Any]]:
    """Rows of the shipped definitions; ``test_deployment`` proves that deploying makes the same."""
    return [
        {
            "hash": manifest_hash(content),
            "process": json.loads(content)["process"],
            "version": 1,
            "manifest": content,
            "state": "published",
            "author": "release",
            "proposed_at": START,
            "published_by": "release",
            "published_at": START,
        }
        for content in deployment.manifests()
    ]


@pytest.fixture(scope="session")
def source(shipped) -> DefinitionSource:
    """The shipped definitions, parsed once for all tests."""
    made = DefinitionSource()
    for row in shipped:
        made.add(row["manifest"])
    return made


@pytest.fixture
def platform(records, key_ring, tmp_path: Path, shipped, source, monkeypatch) -> Platform:
    monkeypatch.setattr(inprocess, "DefinitionSource", lambda read: source)
    made = inprocess.in_process(
        records,
        FolderDocuments(tmp_path / "documents", key_ring),
        Settings(state=tmp_path, simulation=True),
        lambda: START,
    )
    with made.writing() as session:
        session.execute(insert(Definition), shipped)
    return made


@pytest.fixture
def casework(platform) -> Casework:
    return Casework(platform)
