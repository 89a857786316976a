"""Notices: a full copy of the determination to each recipient, in their language, within 48 hours (S20 to S23)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from pdflow.casework import _case, _rows, contents, factors, letters, mail
from pdflow.casework.correspondence import letter_row
from pdflow.casework.determinations import add_translation
from pdflow.records.tables import Case, Command, Determination, Letter, Notice, NoticeAttempt, Recipient, Task
from pdflow.services.actor import Actor
from pdflow.services.errors import Refused
from pdflow.services.registry import CommandHandler, JobContext, command, job

#: What a notice is about -> level of the determination.
LEVELS = {"determination": "office", "appeal": "review", "hq": "hq"}
#: How a notice was served by a person -> what the attempt says.
HOW = {"handed_over": "hand", "posted": "mail", "read_aloud": "oral", "signed": "sign"}
MACHINE = ("portal", "e-mail")


def _recipient(session: Session, id: str) -> Recipient:
    found = session.get(Recipient, id)
    if found is None:
        raise Refused("This recipient is no longer on the case.", code="no-recipient")
    return found


def _notice(session: Session, case: str, recipient: str, about: str) -> Notice:
    """The notice under way to a recipient.

    Raises:
        Refused: none was prepared (``no-notice``).
    """
    found = session.exec(
        select(Notice)
        .where(Notice.case == case, Notice.recipient == recipient, Notice.kind == about)
        .order_by(col(Notice.created_at).desc(), col(Notice.id).desc())
        .limit(1)
    ).first()
    if found is None:
        raise Refused("No notice was prepared for this recipient.", code="no-notice")
    return found


def _determination(session: Session, notice: Notice) -> Determination:
    found = session.get(Determination, notice.determination)
    assert found is not None, "a notice is made for a determination"
    return found


def _kind(catalogue: letters.Catalogue, determination: Determination, language: str) -> str:
    """What has to be translated: the reasons, or where the template is not there in that language, all of it."""
    return "reasons" if catalogue.checked(contents.template_of(determination), language) else "notice"


def _letter(
    session: Session,
    id: str,
    case: Case,
    determination: Determination,
    recipient: Recipient,
    catalogue: letters.Catalogue,
    at: datetime,
) -> bool:
    """Make the letter of a notice; false: there are no checked words in the recipient's language yet."""
    language, template = recipient.language, contents.template_of(determination)
    kind = _kind(catalogue, determination, language)
    text = contents.words(session, determination, kind, language)
    if text is None:
        return False
    weighed = factors.of_case(session, case.id) if determination.level == "office" else []

    def rendered(language: str, reasons: str) -> str:
        values = contents.of_notice(
            session, catalogue, case, determination, recipient, language, reasons, weighed
        )
        return catalogue.render(template, language, values)

    body = rendered(language, text) if kind == "reasons" else text
    english = rendered("en", determination.analysis or "") if language != "en" else None
    _rows.insert(session, Letter, letter_row(id, case.id, template, language, body, at, english))
    return True


@job("pd.prepare-notice")
def prepare(session: Session, context: JobContext) -> dict[str, Any]:
    """Make one recipient's notice.

    Returns:
        ``checked``: false while there are no checked words in their language; never English in their place.
    """
    about = str(context.variables["about"])
    recipient = _recipient(session, context.variables["recipient"]["id"])
    found = session.exec(
        select(Notice).where(Notice.key == context.key, Notice.recipient == recipient.id)
    ).first()
    if found is not None:
        return {"checked": found.letter is not None}
    case = _case.load(session, context.case)
    determination = _case.latest_determination(session, case.id, LEVELS[about])
    id = f"{context.key}.{about[0]}"
    catalogue = letters.catalogue(session, context.instance)
    checked = _letter(session, id, case, determination, recipient, catalogue, context.at)
    _rows.insert(
        session,
        Notice,
        {
            "id": id,
            "key": context.key,
            "case": case.id,
            "determination": determination.id,
            "letter": id if checked else None,
            "recipient": recipient.id,
            "kind": about,
            "language": recipient.language,
            "mode": recipient.mode,
            "channel": recipient.channel,
            "state": "ready" if checked else "preparing",
            "created_at": context.at,
        },
    )
    return {"checked": checked}


@job("pd.notify")
def notify(session: Session, context: JobContext) -> dict[str, Any]:
    """Send the notice by the next channel that a machine can use.

    Returns:
        ``delivery``: ``served``, ``retry`` (bounced, another such channel is left) or ``bounced``.
    """
    recipient = _recipient(session, context.variables["recipient"]["id"])
    notice = _notice(session, str(context.case), recipient.id, str(context.variables["about"]))
    if notice.state == "served":
        return {"delivery": "served"}
    ways = [way for way in recipient.channels if way in MACHINE]
    if notice.attempts >= len(ways):
        return {"delivery": "bounced"}
    way = ways[notice.attempts]
    accepted = way == "portal" or mail.deliver(
        _mail(session, context, notice, recipient), simulated=context.simulated
    )
    notice.attempts += 1
    notice.channel = way
    attempt = {
        "id": f"{context.key}.a{notice.attempts}",
        "notice": notice.id,
        "channel": way,
        "result": "accepted" if accepted else "bounced",
        "at": context.at,
    }
    _rows.insert(session, NoticeAttempt, attempt)
    if accepted:
        notice.state, notice.served_at = "served", context.at
        return {"delivery": "served"}
    notice.state = "failed"
    return {"delivery": "retry" if notice.attempts < len(ways) else "bounced"}


def _mail(session: Session, context: JobContext, notice: Notice, recipient: Recipient) -> mail.Mail:
    letter = session.get(Letter, notice.letter)
    body = (letter.body if letter else None) or ""
    built = mail.Mail(f"{notice.key}:{recipient.id}", recipient.address or "", body.split("\n", 1)[0], body)
    notice.message_id = built.message_id
    return built


@command("notices.translate")
class Translate(CommandHandler):
    """The notice in the recipient's language, checked by a named person."""

    def validate(self, session: Session, actor: Actor, task: Task | None, payload: Any) -> dict[str, Any]:
        """The process goes on to service."""
        return {"checked": True}

    def apply(self, session: Session, row: Command, at: datetime) -> None:
        """Keep the words, and make the letter of them."""
        task = session.get(Task, row.task)
        assert task is not None, "the task was completed by this command"
        recipient = _recipient(session, task.properties["case:recipient"])
        notice = _notice(session, str(row.case), recipient.id, task.properties["case:about"])
        catalogue = letters.catalogue(session, row.instance)
        determination = _determination(session, notice)
        kind = _kind(catalogue, determination, recipient.language)
        add_translation(session, row, kind, determination.id, recipient.language, row.payload["text"], at)
        case = _case.load(session, notice.case)
        if _letter(session, notice.id, case, determination, recipient, catalogue, at):
            notice.letter, notice.state = notice.id, "ready"
        notice.verifier = row.actor


@command("notices.serve")
class Serve(CommandHandler):
    """Served by a person: handed over, posted, read aloud or signed.

    The clock follows the step that records it; the stated time is kept as an explanation and decides nothing.
    """

    def validate(self, session: Session, actor: Actor, task: Task | None, payload: Any) -> dict[str, Any]:
        """Somebody who cannot read it is not served by paper (S21)."""
        recipient = _recipient(session, str(task.properties.get("case:recipient") if task else ""))
        spoken = {"oral": "read_aloud", "sign": "signed"}.get(recipient.mode)
        if spoken and payload["how"] != spoken:
            word = {"read_aloud": "read aloud", "signed": "told in sign language"}[spoken]
            raise Refused(
                f"This person has to be {'read to' if spoken == 'read_aloud' else word}: serve the notice so, with "
                "the name of the reader or interpreter.",
                code="wrong-mode",
                places={"/how": f"It must be {word}."},
            )
        return {}

    def apply(self, session: Session, row: Command, at: datetime) -> None:
        """Mark it served at the instant of the step."""
        task = session.get(Task, row.task)
        assert task is not None, "the task was completed by this command"
        notice = _notice(
            session, str(row.case), task.properties["case:recipient"], task.properties["case:about"]
        )
        stated = row.payload.get("stated_at")
        notice.state, notice.served_at = "served", at
        notice.channel = "mail" if row.payload["how"] == "posted" else "hand"
        notice.stated_served_at = _instant(stated) if stated else None
        notice.attempts += 1
        attempt = {
            "id": f"{row.id}.a",
            "notice": notice.id,
            "channel": HOW[row.payload["how"]],
            "result": "served",
            "at": at,
            "by": row.actor,
            "detail": row.payload.get("note") or row.payload.get("interpreter"),
        }
        _rows.insert(session, NoticeAttempt, attempt)


def _instant(text: str) -> datetime | None:
    """A stated time; one without a zone says nothing certain and is left out."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else None
