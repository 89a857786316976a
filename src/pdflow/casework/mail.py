"""Outgoing e-mail: at least once with a stable Message-ID, so that a repeat is recognisable; a sink for what is simulated."""

from __future__ import annotations

import hashlib
import smtplib
from dataclasses import dataclass
from email.message import EmailMessage

from pdflow.services.settings import Settings

#: Addresses of this domain, which never exists (RFC 2606), bounce in simulated cases, so that bounces can be seen.
NOWHERE = ".invalid"
#: Seconds that a mail server may take to answer.
PATIENCE = 10.0


@dataclass(frozen=True)
class Mail:
    """One e-mail.

    Attributes:
        key: makes the Message-ID; the same key is the same e-mail.
    """

    key: str
    to: str
    subject: str
    body: str

    @property
    def message_id(self) -> str:
        """Stable, and tells nothing of the case."""
        return f"<{hashlib.sha256(self.key.encode()).hexdigest()[:32]}@pdflow.example.org>"


def deliver(mail: Mail, *, simulated: bool) -> bool:
    """Hand an e-mail to the mail server (``PDFLOW_SMTP``, ``host:port``).

    Args:
        mail: what to send.
        simulated: nothing leaves the house: accepted, unless the address is one that bounces.

    Returns:
        Whether it was accepted. Without a mail server nothing is, so the notice is served by hand instead.

    Raises:
        OSError: the mail server cannot be reached; the job is tried again.
    """
    if simulated:
        return not mail.to.endswith(NOWHERE)
    settings = Settings()
    if settings.smtp is None:
        return False
    message = EmailMessage()
    message["Message-ID"], message["Subject"] = mail.message_id, mail.subject
    message["From"], message["To"] = settings.mail_from, mail.to
    message.set_content(mail.body)
    host, _, port = settings.smtp.partition(":")
    try:
        with smtplib.SMTP(host, int(port or 25), timeout=PATIENCE) as connection:
            connection.send_message(message)
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError):
        return False
    return True
