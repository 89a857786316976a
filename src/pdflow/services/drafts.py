"""Drafts: a designer's working copies of models, kept at every edit, checked like a deployment, then proposed.

A draft is a model alone. The forms, decisions, letters and policies that go with it are those of the live definition it
was copied from; a form or decision that it newly names is taken from the other live definitions.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlmodel import Session, col, select

from pdflow.engine import load
from pdflow.engine.findings import Finding, ModelRefused
from pdflow.records.ids import ulid
from pdflow.records.tables import Definition, Draft
from pdflow.runtime.definitions import canonical
from pdflow.services import definitions, permissions
from pdflow.services.actor import Actor
from pdflow.services.definitions import Version
from pdflow.services.errors import Conflict, NotAllowed, NotFound, Refused
from pdflow.services.platform import Platform

#: A model, like every upload of one.
MAX_BYTES = 5 * 1024 * 1024


def create(actor: Actor, platform: Platform, process: str) -> Draft:
    """Copy the live definition of a process.

    Raises:
        NotAllowed: no designer.
        NotFound: the process has no live definition.
    """
    permissions.require(actor, "draft.edit", None)
    now = platform.now()
    with platform.writing() as session:
        base = session.get_one(Definition, definitions.latest(session, process))
        draft = Draft(
            id=ulid(now),
            process=process,
            author=actor.user,
            title=f"Copy of version {base.version}",
            xml=definitions.part(session, base.hash, "bpmn"),
            base=base.hash,
            created_at=now,
            changed_at=now,
        )
        session.add(draft)
        return draft


def save(actor: Actor, platform: Platform, draft: str, xml: str, version: int) -> int:
    """Keep an edit; nothing is checked yet.

    Args:
        actor: its author.
        platform: where.
        draft: id.
        xml: the whole model.
        version: row version that the edit was made on.

    Returns:
        The row version after it.

    Raises:
        Conflict: ``draft-changed``: somebody saved since, for example in another window; ``draft-closed``.
        Refused: ``too-large``.
    """
    if len(xml.encode()) > MAX_BYTES:
        raise Refused("Expected a model of at most 5 MB.", code="too-large")
    with platform.writing() as session:
        row = _mine(actor, session, draft)
        if row.version != version:
            raise Conflict(
                "This draft was changed in another window since you opened it. Reload the page to go on from there.",
                code="draft-changed",
            )
        row.xml, row.version, row.changed_at = xml, row.version + 1, platform.now()
        return row.version


def get(session: Session, draft: str) -> Draft:
    """A draft by its id.

    Raises:
        NotFound: there is none.
    """
    row = session.get(Draft, draft)
    if row is None:
        raise NotFound("There is no such draft.", code="draft-not-found")
    return row


def editing(session: Session) -> list[Draft]:
    """Every draft that somebody works on, the last changed first."""
    return list(
        session.exec(select(Draft).where(Draft.state == "editing").order_by(col(Draft.changed_at).desc()))
    )


def discard(actor: Actor, platform: Platform, draft: str) -> None:
    """Put a draft away; it stays in the records."""
    with platform.writing() as session:
        _mine(actor, session, draft).state = "dropped"


def manifest(session: Session, draft: Draft) -> bytes:
    """What would be deployed: the draft's model with the parts of its base, and with what it newly names.

    Raises:
        ModelRefused: the model cannot be read.
    """
    if draft.base is None:
        raise Refused("Expected a draft that was copied from a live definition.", code="no-base")
    data = json.loads(definitions.manifest(session, draft.base))
    model = load(draft.xml.encode(), name=f"{draft.process}.bpmn")
    live = _live(session)
    data["bpmn"] = draft.xml
    data["forms"] |= _newly(model.forms(), data["forms"], (each["forms"] for each in live))
    data["decisions"] |= _newly(model.decisions(), data["decisions"], (each["decisions"] for each in live))
    return canonical(data)


def check(session: Session, draft: Draft) -> list[Finding]:
    """What deployment would say of the draft; a model that cannot be read gives its reasons."""
    try:
        content = manifest(session, draft)
        return [*definitions.check(session, content), *_missing_forms(content, draft)]
    except ModelRefused as refused:
        return list(refused.findings)


def propose(actor: Actor, platform: Platform, draft: str) -> Version:
    """Ask for publication by a second person.

    Raises:
        ModelHasErrors, ModelRefused: see the findings; the draft goes on.
        Refused: ``unchanged``: the model is the live one.
    """
    with platform.reading() as session:
        row = _mine(actor, session, draft)
        content = manifest(session, row)
        if content == definitions.manifest(session, definitions.latest(session, row.process)):
            raise Refused("Expected a change: this is the live model.", code="unchanged")
    proposed = definitions.propose(actor, platform, content)
    with platform.writing() as session:
        _mine(actor, session, draft).state = "proposed"
    return proposed


def _mine(actor: Actor, session: Session, draft: str) -> Draft:
    permissions.require(actor, "draft.edit", None)
    row = get(session, draft)
    if row.author != actor.user:
        raise NotAllowed("Only its author may change a draft; make a copy of your own.")
    if row.state != "editing":
        raise Conflict("This draft is closed: it was proposed or put away.", code="draft-closed")
    return row


def _missing_forms(content: bytes, draft: Draft) -> list[Finding]:
    """Forms that no live definition has: drawing may go on without them, deployment may not."""
    forms = json.loads(content)["forms"]
    name = f"{draft.process}.bpmn"
    return [
        Finding(
            file=name,
            line=node.line,
            element=node.id,
            rule="missing-form",
            severity="error",
            message=f"There is no form '{node.extensions.form}'.",
            expected="The id of a form of this process or of another live one.",
        )
        for node in load(draft.xml.encode(), name=name).walk()
        if isinstance(node.extensions.form, str) and node.extensions.form not in forms
    ]


def _live(session: Session) -> list[dict[str, Any]]:
    processes = session.exec(select(Definition.process).distinct().order_by(Definition.process)).all()
    return [
        json.loads(definitions.manifest(session, hash))
        for hash in definitions.resolve(session, processes).values()
    ]


def _newly(named: Iterable[str], own: dict[str, Any], elsewhere: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Parts that a model names and its base does not have; what nobody has stays missing, for lint to say so."""
    missing = sorted(set(named) - set(own))
    known: dict[str, Any] = {}
    for parts in elsewhere:
        known |= parts
    return {name: known[name] for name in missing if name in known}
