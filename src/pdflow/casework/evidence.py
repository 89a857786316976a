"""Evidence: everything submitted gets a receipt, is kept, and before a signature has a disposition (S10, S15, S19)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from pdflow.casework import _case, _rows, packs
from pdflow.casework._rows import Row
from pdflow.casework.requests import Receipt, add_note, tell
from pdflow.records.ids import ulid
from pdflow.records.tables import Command, Document, EvidenceItem, EvidenceView, Task
from pdflow.services import commands, forms, permissions
from pdflow.services.actor import Actor
from pdflow.services.errors import NotFound, Refused
from pdflow.services.platform import Platform
from pdflow.services.registry import CommandHandler, command

#: Bytes of one file, and of all files of a case.
FILE_LIMIT = 50 * 1024 * 1024
CASE_LIMIT = 500 * 1024 * 1024

#: First bytes of what the office can open.
_KINDS = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)


@dataclass(frozen=True)
class File:
    """A file as it was sent."""

    name: str
    content: bytes


def media_type(content: bytes) -> tuple[str, bool]:
    """Kind of a file by its bytes, never by its name, and whether the office can open it."""
    for start, kind in _KINDS:
        if content.startswith(start):
            return kind, True
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "application/octet-stream", False
    return "text/plain", b"\x00" not in content


def add(
    actor: Actor, platform: Platform, case: str, described: Mapping[str, Any], file: File | None = None
) -> Receipt:
    """Take in one item. A file that the office cannot open is kept and receipted, never refused silently.

    Args:
        actor: who takes it in.
        platform: where.
        case: case number.
        described: the form ``evidence``.
        file: up to 50 MB; ``None``: a paper or a statement made by voice.

    Raises:
        NotFound: there is no such case.
        Refused: ``file-too-large``, ``case-full``, ``file-empty`` or ``unknown-code``; nothing was kept.
    """
    if file is not None and len(file.content) > FILE_LIMIT:
        raise Refused(
            f"This file has {len(file.content) // 1024 // 1024} MB; at most 50 MB are taken. Send it in parts or smaller.",
            code="file-too-large",
        )
    if file is not None and not file.content:
        raise Refused("This file is empty; choose it again.", code="file-empty")
    forms.check(packs.form("evidence"), dict(described))
    digest = platform.documents.put(file.content) if file is not None else None
    now = platform.now()
    with platform.writing() as session:
        found = _case.load(session, case)
        permissions.require(actor, "evidence.submit", found.office)
        document = None
        if file is not None and digest is not None:
            used = session.exec(select(func.sum(Document.size)).where(Document.case == case)).one() or 0
            if used + len(file.content) > CASE_LIMIT:
                raise Refused(
                    "This case already holds 500 MB of files; ask an administrator before adding more.",
                    code="case-full",
                )
            kind, readable = media_type(file.content)
            document = ulid(now)
            _rows.insert(
                session,
                Document,
                {
                    "id": document,
                    "case": case,
                    "hash": digest,
                    "size": len(file.content),
                    "name": file.name[:200],
                    "media_type": kind,
                    "readable": readable,
                    "protected": bool(described.get("protected")),
                    "stored_at": now,
                    "stored_by": actor.user,
                },
            )
        item = item_row(ulid(now), case, described, now, document, digest)
        _rows.insert(session, EvidenceItem, item)
        found.last_evidence_at = now
        _case.audit(session, actor, "evidence.submit", case, now, receipt=item["receipt"])
        return Receipt(case, item["receipt"], item["receipt_hash"], now)


def item_row(
    id: str,
    case: str,
    described: Mapping[str, Any],
    at: datetime,
    document: str | None = None,
    digest: str | None = None,
) -> Row:
    """The row of an item; excluded kinds are kept out of the decider's view from the start (S10).

    Args:
        id: of the item.
        case: case number.
        described: the form ``evidence``.
        at: instant of receipt.
        document: id of its file.
        digest: SHA-256 of its file.
    """
    kind, title = packs.entry("evidence", described["kind"]), described.get("title")
    receipt = f"E-{id[-10:]}"
    return {
        "id": id,
        "case": case,
        "document": document,
        "kind": described["kind"],
        "title": title,
        "submitter_role": described.get("submitter_role", "applicant"),
        "received_at": at,
        "receipt": receipt,
        "receipt_hash": _case.digest({"receipt": receipt, "title": title, "file": digest}),
        "excluded": "S10" if kind.get("excluded") else None,
        "prohibited_source": bool(described.get("prohibited_source")),
        "protected": bool(described.get("protected")) or bool(kind.get("protected")),
    }


def open_item(actor: Actor, platform: Platform, item: str, *, level: str = "office") -> bytes:
    """Bytes of an item's file; that it was opened, by whom and at which level is written down (S31).

    Raises:
        NotFound: no such item, or it has no file.
        Refused: it is excluded from the decider's view (``evidence-excluded``).
    """
    now = platform.now()
    with platform.writing() as session:
        row = session.get(EvidenceItem, item)
        document = session.get(Document, row.document) if row and row.document else None
        if row is None or document is None:
            raise NotFound("There is no such file on this case.")
        if row.excluded is not None:
            raise Refused(
                "This item is kept out of the decision (pending charges, police reports, gang databases, Red Notices).",
                code="evidence-excluded",
            )
        session.add(EvidenceView(id=ulid(now), evidence=item, user=actor.user, level=level, at=now))
        if level == "office" and row.opened_at is None:
            row.opened_at = now
        return platform.documents.get(document.hash)


def to_weigh(session: Session, case: str) -> list[EvidenceItem]:
    """Items that a decider sees: all but the excluded ones, oldest first."""
    return list(
        session.exec(
            select(EvidenceItem)
            .where(EvidenceItem.case == case, col(EvidenceItem.excluded).is_(None))
            .order_by(col(EvidenceItem.received_at), EvidenceItem.id)
        )
    )


def undisposed(session: Session, case: str) -> list[EvidenceItem]:
    """Items without a disposition: what came in since the evidence was weighed."""
    return [item for item in to_weigh(session, case) if item.disposition is None]


def dispose(session: Session, row: Command, at: datetime) -> None:
    """Write the dispositions of a command's payload; everything shown with them counts as opened."""
    given = [
        {
            "id": entry["item"],
            "disposition": entry["disposition"],
            "reason": entry.get("reason"),
            "disposed_by": row.actor,
            "disposed_at": at,
            "opened_at": at,
        }
        for entry in row.payload.get("evidence", ())
    ]
    if given:
        session.execute(update(EvidenceItem), given)


def require_every_item(items: Sequence[EvidenceItem], rows: Sequence[Mapping[str, Any]]) -> None:
    """Refuse when an item of the case has no row (S19, S31).

    Raises:
        Refused: ``evidence-undisposed``.
    """
    given = {row["item"] for row in rows}
    missing = [item.receipt for item in items if item.id not in given]
    if missing:
        raise Refused(
            f"{len(missing)} of {len(items)} items have no disposition yet: {', '.join(missing[:5])}. "
            "Say of each whether it is accepted.",
            code="evidence-undisposed",
            places={"/evidence": "Every item needs a disposition."},
        )


@command("evidence.complete")
class Complete(CommandHandler):
    """Goes to the case as the message ``pd.evidence-complete``."""


def complete(actor: Actor, platform: Platform, case: str) -> commands.Receipt:
    """The person says that all is sent; the office need not wait for the deadline.

    Raises:
        NotFound, NotAllowed, Refused: the case does not wait for evidence (``not-taken``).
    """
    return tell(actor, platform, case, "pd.evidence-complete", "evidence.complete", {})


@command("evidence.advise")
class Advise(CommandHandler):
    """Which evidence helps most for this person's facts (S16)."""

    def validate(self, session: Session, actor: Actor, task: Task | None, payload: Any) -> dict[str, Any]:
        """Kinds come from the list."""
        for kind in payload["kinds"]:
            packs.entry("evidence", kind)
        return {}

    def apply(self, session: Session, row: Command, at: datetime) -> None:
        """Keep the advice; the letter is made of it."""
        case = _case.load(session, row.case)
        case.extra = {**case.extra, "advised_kinds": row.payload["kinds"]}
        if row.payload.get("note"):
            add_note(session, row, "advice", row.payload["note"], at)


@command("evidence.dispose")
class Dispose(CommandHandler):
    """Each item is accepted, accepted in part, or not, with the reason (S19)."""

    def validate(self, session: Session, actor: Actor, task: Task | None, payload: Any) -> dict[str, Any]:
        """Every item of the case has its row."""
        require_every_item(to_weigh(session, task.case if task and task.case else ""), payload["evidence"])
        return {}

    def apply(self, session: Session, row: Command, at: datetime) -> None:
        """Write the dispositions."""
        dispose(session, row, at)
