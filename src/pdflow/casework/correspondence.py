"""Letters that are not notices: acknowledgement, advice, request for evidence, end of a case."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from pdflow.casework import _case, _rows, contents, letters, mail
from pdflow.casework._rows import Row
from pdflow.casework.determinations import add_translation
from pdflow.records.tables import Case, Command, Letter, Notice, Recipient, Task, Translation
from pdflow.services.registry import CommandHandler, JobContext, command, job

#: Column of the case that says when a letter of this kind went out.
_STAMP = {"acknowledgement": "acknowledged_at", "evidence-advice": "advised_at"}


@job("pd.letter")
def send(session: Session, context: JobContext) -> dict[str, Any]:
    """Send a letter to everybody who gets copies, each in their language.

    Returns:
        ``letter_sent``: false while somebody's language has no checked words; nothing goes out before all have them.
    """
    letter = str(context.variables["letter"])
    case = _case.load(session, context.case)
    people = _case.recipients(session, case.id)
    catalogue = letters.catalogue(session, context.instance)
    made: list[tuple[Recipient, str]] = []
    for recipient in people:
        text = _text(session, catalogue, case, letter, recipient, context.at)
        if text is None:
            return {"letter_sent": False}
        made.append((recipient, text))
    done = set(session.exec(select(Notice.recipient).where(Notice.key == context.key)).all())
    for place, (recipient, text) in enumerate(made):
        if recipient.id not in done:
            _send(session, context, case, letter, recipient, text, place)
    if letter in _STAMP:
        setattr(case, _STAMP[letter], context.at)
    return {"letter_sent": True}


def _text(
    session: Session,
    catalogue: letters.Catalogue,
    case: Case,
    letter: str,
    recipient: Recipient,
    at: datetime,
) -> str | None:
    if catalogue.checked(letter, recipient.language):
        values = contents.of_letter(session, case, letter, recipient, recipient.language, at)
        return catalogue.render(letter, recipient.language, values)
    found = session.exec(
        select(Translation)
        .where(
            Translation.case == case.id,
            Translation.kind == "letter",
            Translation.subject == letter,
            Translation.language == recipient.language,
        )
        .order_by(col(Translation.made_at).desc())
        .limit(1)
    ).first()
    return found.text if found else None


def _send(
    session: Session,
    context: JobContext,
    case: Case,
    letter: str,
    recipient: Recipient,
    text: str,
    place: int,
) -> None:
    id = f"{context.key}.{place}"
    _rows.insert(session, Letter, letter_row(id, case.id, letter, recipient.language, text, context.at))
    accepted = recipient.channel == "e-mail" and mail.deliver(
        mail.Mail(f"{context.key}:{recipient.id}", recipient.address or "", text.splitlines()[0], text),
        simulated=context.simulated,
    )
    by_post = "mail" if recipient.channel == "e-mail" else recipient.channel
    _rows.insert(
        session,
        Notice,
        {
            "id": id,
            "key": context.key,
            "case": case.id,
            "letter": id,
            "recipient": recipient.id,
            "kind": letter.replace("-", "_"),
            "language": recipient.language,
            "mode": recipient.mode,
            "channel": "e-mail" if accepted else by_post,
            "state": "served" if accepted else "sent",
            "created_at": context.at,
            "served_at": context.at if accepted else None,
            "attempts": 1,
        },
    )


def letter_row(
    id: str, case: str, template: str, language: str, text: str, at: datetime, english: str | None = None
) -> Row:
    """A letter byte for byte as it is sent, with the English text beside it where that is another."""
    return {
        "id": id,
        "case": case,
        "template": template,
        "language": language,
        "media_type": "text/plain",
        "hash": hashlib.sha256(text.encode()).hexdigest(),
        "english_hash": hashlib.sha256(english.encode()).hexdigest() if english else None,
        "body": text,
        "english": english,
        "made_at": at,
    }


@command("letters.translate")
class Translate(CommandHandler):
    """Words of a letter in the person's language, checked by a named person."""

    def apply(self, session: Session, row: Command, at: datetime) -> None:
        """Keep them; the letter is then sent by the next step."""
        task = session.get(Task, row.task)
        letter = str(task.properties.get("case:letter") if task else "")
        case = _case.load(session, row.case)
        catalogue = letters.catalogue(session, row.instance)
        language = next(
            (
                person.language
                for person in _case.recipients(session, case.id)
                if _text(session, catalogue, case, letter, person, at) is None
            ),
            case.language,
        )
        add_translation(session, row, "letter", letter, language, row.payload["text"], at)
