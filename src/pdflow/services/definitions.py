"""Definitions: proposed by a designer, published by a second person, found by hash for ever."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from pdflow.engine.findings import Finding
from pdflow.engine.lint import LintContext, lint
from pdflow.records.tables import Definition
from pdflow.runtime import DefinitionMissing, manifest_hash, read_manifest
from pdflow.services import audit, form_rules, permissions, registry
from pdflow.services.actor import Actor
from pdflow.services.errors import Conflict, NotFound, Refused
from pdflow.services.platform import Platform

#: A manifest, its model and forms and decisions together, at most.
MAX_BYTES = 20 * 1024 * 1024
#: Author and publisher of the models that ship with a release.
RELEASE = "release"


#: Advice while one draws, errors at deployment: a running case would stop there.
_COMPLETE = frozenset({"sla-policy", "unknown-decision"})


class ModelHasErrors(Refused):
    """Deployment lint found errors.

    Attributes:
        findings: all of them, advice included.
    """

    code = "model-has-errors"

    def __init__(self, findings: list[Finding]) -> None:
        stops = [one for one in findings if stops_deployment(one)]
        super().__init__("\n".join(str(finding) for finding in stops))
        self.findings = findings


@dataclass(frozen=True)
class Version:
    """A deployed definition, without its bytes."""

    hash: str
    process: str
    version: int
    state: str
    author: str
    published_by: str | None


def propose(actor: Actor, platform: Platform, manifest: bytes) -> Version:
    """Check a manifest and store it as the next version of its process, to be published by somebody else.

    Raises:
        ModelHasErrors: see its findings.
        ManifestRefused, ModelRefused, PolicyRefused: it cannot be read.
    """
    permissions.require(actor, "definition.propose", None)
    return _store(platform, manifest, author=actor.user, published_by=None)


def check(session: Session, content: bytes, *, together: frozenset[str] = frozenset()) -> list[Finding]:
    """Lint the model of a manifest against its own parts and what is deployed, as deployment does.

    Args:
        session: for reading.
        content: the manifest.
        together: ids of processes that are deployed with it.
    """
    data = json.loads(_small(content))
    known = frozenset(session.exec(select(Definition.process).distinct()))
    context = LintContext(
        forms=frozenset(data["forms"]),
        decisions=frozenset(data["decisions"]),
        processes=known | together | {data["process"]},
        policies=frozenset(data["policies"]),
        task_types=registry.job_types(),
        roles=permissions.ROLES,
    )
    found = lint(data["bpmn"].encode(), name=f"{data['process']}.bpmn", context=context)
    return found + [
        one for name, form in sorted(data["forms"].items()) for one in form_rules.check(name, form)
    ]


def stops_deployment(finding: Finding) -> bool:
    """Whether a model with this finding is refused."""
    return finding.severity == "error" or finding.rule in _COMPLETE


def publish(actor: Actor, platform: Platform, hash: str) -> Version:
    """Make a proposed definition the one that new cases start with.

    Raises:
        NotAllowed: no role.
        Refused: ``same-person``: the author may not publish (separation of duties, NIST SP 800-53 AC-5).
    """
    permissions.require(actor, "definition.publish", None)
    with platform.writing() as session:
        row = session.get(Definition, hash, with_for_update=True)
        if row is None:
            raise NotFound("There is no definition of this hash.")
        if row.state != "proposed":
            raise Conflict(f"Expected a proposed definition; version {row.version} is {row.state}.")
        if row.author == actor.user:
            raise Refused(
                "Expected a second person: who wrote a model may not publish it.", code="same-person"
            )
        now = platform.now()
        row.state, row.published_by, row.published_at = "published", actor.user, now
        _audit(session, f"publish:{hash}", actor.user, "definition.publish", row, now)
        return _version(row)


def reject(actor: Actor, platform: Platform, hash: str) -> Version:
    """Turn a proposed definition down; it stays in the records."""
    permissions.require(actor, "definition.publish", None)
    with platform.writing() as session:
        row = session.get(Definition, hash, with_for_update=True)
        if row is None:
            raise NotFound("There is no definition of this hash.")
        if row.state != "proposed":
            raise Conflict(f"Expected a proposed definition; version {row.version} is {row.state}.")
        row.state = "rejected"
        _audit(session, f"reject:{hash}", actor.user, "definition.reject", row, platform.now())
        return _version(row)


def install(platform: Platform, manifests: Iterable[bytes]) -> list[Version]:
    """Publish the models that ship with a release; those that are there already stay as they are."""
    contents = list(manifests)
    together = frozenset(read_manifest(content).process for content in contents)
    return [
        _store(platform, content, author=RELEASE, published_by=RELEASE, together=together)
        for content in contents
    ]


def latest(session: Session, process: str) -> str:
    """Hash of the newest published definition of a process.

    Raises:
        NotFound: none is published.
    """
    found = resolve(session, [process]).get(process)
    if found is None:
        raise NotFound(f"Expected a published definition of process {process!r}; deploy and publish one.")
    return found


def resolve(session: Session, processes: Iterable[str]) -> dict[str, str]:
    """Process id -> hash of its newest published definition; what is not deployed is absent."""
    statement = (
        select(Definition.process, Definition.hash)
        .where(col(Definition.process).in_(list(processes)), Definition.state == "published")
        .order_by(col(Definition.version))
    )
    return dict(session.exec(statement).all())


def manifest(session: Session, hash: str) -> bytes:
    """Bytes of a definition.

    Raises:
        DefinitionMissing: there is none of this hash.
    """
    found = session.exec(select(Definition.manifest).where(Definition.hash == hash)).first()
    if found is None:
        raise DefinitionMissing(f"expected a deployed definition with hash {hash[:12]}")
    return bytes(found)


def form(session: Session, hash: str | None, name: str | None) -> dict[str, Any]:
    """Schema of a form as it was deployed with a definition; a task keeps its form. Empty: there is none."""
    if hash is None or name is None:
        return {}
    return dict(_parts(session, hash)["forms"].get(name) or {})


def part(session: Session, hash: str, kind: str) -> Any:
    """``bpmn``, ``letters``, ``policies``, ``decisions`` or ``forms`` of a definition."""
    return _parts(session, hash)[kind]


def versions(session: Session, process: str | None = None) -> list[Version]:
    """Every version, newest first, of one process or of all."""
    statement = select(Definition).order_by(col(Definition.process), col(Definition.version).desc())
    if process is not None:
        statement = statement.where(Definition.process == process)
    return [_version(row) for row in session.exec(statement)]


_known: dict[str, dict[str, Any]] = {}
_KNOWN_AT_MOST = 64


def _parts(session: Session, hash: str) -> dict[str, Any]:
    """JSON of a manifest, kept: the same hash is always the same bytes."""
    if hash not in _known:
        if len(_known) >= _KNOWN_AT_MOST:
            _known.clear()
        _known[hash] = json.loads(manifest(session, hash))
    return _known[hash]


def _store(
    platform: Platform,
    content: bytes,
    *,
    author: str,
    published_by: str | None,
    together: frozenset[str] = frozenset(),
) -> Version:
    found = read_manifest(_small(content))
    with platform.reading() as session:
        findings = check(session, content, together=together)
    if any(stops_deployment(finding) for finding in findings):
        raise ModelHasErrors(findings)
    missing = sorted(found.model.forms() - found.forms.keys())
    if missing:
        raise Refused(f"Expected these forms with the model: {', '.join(missing)}.", code="missing-form")
    now = platform.now()
    with platform.writing() as session:
        row = session.get(Definition, manifest_hash(content))
        if row is None:
            newest = session.exec(
                select(func.max(Definition.version)).where(Definition.process == found.process)
            ).one()
            row = Definition(
                hash=manifest_hash(content),
                process=found.process,
                version=(newest or 0) + 1,
                manifest=content,
                state="published" if published_by else "proposed",
                author=author,
                proposed_at=now,
                published_by=published_by,
                published_at=now if published_by else None,
            )
            session.add(row)
            _audit(session, f"propose:{row.hash}", author, "definition.propose", row, now)
        return _version(row)


def _small(content: bytes) -> bytes:
    if len(content) > MAX_BYTES:
        raise Refused("Expected a definition of at most 20 MB with all its parts.", code="too-large")
    return content


def _audit(session: Session, source: str, actor: str, action: str, row: Definition, now: datetime) -> None:
    detail = {"process": row.process, "version": row.version}
    audit.record(session, actor, action, f"definition:{row.hash}", at=now, detail=detail, source=source)


def _version(row: Definition) -> Version:
    return Version(row.hash, row.process, row.version, row.state, row.author, row.published_by)
