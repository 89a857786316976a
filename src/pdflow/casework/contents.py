"""What stands in a letter: values for its template, read from the case's records."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from pdflow.casework import packs
from pdflow.casework.letters import Catalogue, bullets
from pdflow.records.tables import (
    Appeal,
    Case,
    Clock,
    Determination,
    Factor,
    Liaison,
    Recipient,
    Translation,
    Unit,
)

_DAY = {"en": "%-d %B %Y", "es": "%d/%m/%Y"}


def spoken_day(at: datetime, language: str) -> str:
    """A day as letters say it; ISO 8601 for languages without a form of their own here."""
    return at.strftime(_DAY.get(language, "%Y-%m-%d"))


def common(session: Session, case: Case, recipient: Recipient, language: str) -> dict[str, str]:
    """Values that every letter may use: numbers, names, the office and its liaison (S25)."""
    unit = session.get_one(Unit, case.office)
    liaison = _liaison(session, case.office)
    return {
        "case": case.id,
        "receipt": case.receipt or "",
        "name": recipient.name or "",
        "office": unit.name,
        "received": spoken_day(case.received_at, language),
        "liaison_name": liaison.name if liaison else unit.name,
        "liaison_phone": liaison.phone if liaison else "",
        "liaison_email": liaison.email if liaison else "",
    }


def _liaison(session: Session, unit: str) -> Liaison | None:
    """The contact of a unit; looked up once a session, for a seeding writes thousands of letters in one."""
    known: dict[str, Liaison | None] = session.info.setdefault("casework.liaisons", {})
    if unit not in known:
        known[unit] = session.exec(
            select(Liaison).where(Liaison.unit == unit, col(Liaison.valid_to).is_(None)).limit(1)
        ).first()
    return known[unit]


def advice(case: Case, language: str) -> str:
    """Kinds of evidence that help most, as a list."""
    kinds = case.extra.get("advised_kinds", [])
    return bullets([packs.title("evidence", kind, language) for kind in kinds], "-")


def of_letter(
    session: Session, case: Case, letter: str, recipient: Recipient, language: str, at: datetime
) -> dict[str, str]:
    """Values of a letter that is not a notice."""
    values = common(session, case, recipient, language)
    if letter in ("evidence-advice", "evidence-request"):
        values["evidence"] = advice(case, language)
    if letter == "evidence-request":
        due = session.exec(
            select(Clock.due)
            .where(Clock.case == case.id, Clock.policy == "evidence")
            .order_by(col(Clock.started_at).desc())
            .limit(1)
        ).first()
        values["evidence_due"] = spoken_day(due or at + timedelta(days=packs.days("evidence")), language)
    return values


def words(session: Session, determination: Determination, kind: str, language: str) -> str | None:
    """Checked words about a determination in a language (S21); ``None``: there are none.

    Args:
        session: for reading.
        determination: which.
        kind: ``reasons`` (for a template that is there in that language) or ``notice`` (all of it).
        language: BCP 47 tag; English reasons are as they were written.
    """
    if language == "en" and kind == "reasons":
        return determination.analysis or ""
    found = session.exec(
        select(Translation)
        .where(
            Translation.kind == kind,
            Translation.subject == determination.id,
            Translation.language == language,
        )
        .order_by(col(Translation.made_at).desc())
        .limit(1)
    ).first()
    return found.text if found else None


def template_of(determination: Determination) -> str:
    """The template of the notice of a determination."""
    if determination.level == "review":
        return "appeal-result"
    if determination.level == "hq":
        return "hq-result"
    return {"granted": "notice-granted", "granted_in_part": "notice-partial"}.get(
        determination.outcome, "notice-denied"
    )


def of_notice(
    session: Session,
    catalogue: Catalogue,
    case: Case,
    determination: Determination,
    recipient: Recipient,
    language: str,
    text: str,
    weighed: Sequence[Factor],
) -> dict[str, str]:
    """Values of a notice: the full documentation, not a summary (S20), with advice of the right to appeal (S23)."""
    none = catalogue.word("none", language)
    values = common(session, case, recipient, language)
    review = session.get(Unit, case.review_unit) if case.review_unit else None
    values |= {
        "signed": spoken_day(determination.signed_at or determination.proposed_at, language),
        "outcome": catalogue.word(determination.outcome, language),
        "given": ", ".join(packs.title("discretion", code, language) for code in determination.given)
        or catalogue.word("nothing", language),
        "reasons": text,
        "appeal_days": str(packs.days("appeal-window")),
        "review_unit": review.name if review else "",
    }
    if determination.level != "office":
        values["result"] = catalogue.word(determination.review_result or "", language)
        adverse = determination.outcome != "granted"
        values["further_appeal"] = (
            catalogue.render("further-appeal", language, values)
            if adverse and determination.level == "review"
            else ""
        )
        return values
    values |= {
        "grounds": ", ".join(packs.title("grounds", code, language) for code in determination.grounds)
        or none,
        "positive": bullets([_factor(f, language) for f in weighed if f.side == "positive"], none),
        "adverse": bullets([_factor(f, language) for f in weighed if f.side == "adverse"], none),
    }
    if determination.outcome != "granted":
        values["appeal_rights"] = catalogue.render("appeal-rights", language, values)
    return values


def _factor(factor: Factor, language: str) -> str:
    return packs.title("factors", factor.code, language)


def appeal_open(session: Session, case: str) -> Appeal | None:
    """The appeal that is not decided yet."""
    return session.exec(
        select(Appeal)
        .where(Appeal.case == case, col(Appeal.result).is_(None))
        .order_by(col(Appeal.filed_at).desc())
        .limit(1)
    ).first()
