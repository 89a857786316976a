"""Letters: every template has its twin, names only values that it gets, and says what the letter of demands wants."""

from __future__ import annotations

import asyncio
import json
from string import Template

import pytest
from aiosmtpd.smtp import SMTP

from pdflow.casework import letters, packs
from pdflow.casework.letters import Catalogue
from pdflow.casework.mail import Mail, deliver

SHIPPED = letters.shipped()
CHECKED = [
    (name, language)
    for name, found in SHIPPED.index["letters"].items()
    for language, entry in found.items()
    if entry["checked"]
]
VALUES = dict.fromkeys(
    [
        *("case", "receipt", "name", "office", "received", "liaison_name", "liaison_phone", "liaison_email"),
        *("evidence", "evidence_due", "signed", "outcome", "given", "grounds", "positive", "adverse"),
        *("reasons", "appeal_rights", "further_appeal", "result", "review_unit", "appeal_days"),
    ],
    "x",
)


@pytest.mark.parametrize(("name", "language"), CHECKED, ids=[f"{n} {lang}" for n, lang in CHECKED])
def test_a_checked_letter_is_there_and_renders(name, language):
    assert SHIPPED.checked(name, language)
    assert "$" not in SHIPPED.render(name, language, VALUES)


@pytest.mark.parametrize("name", sorted(SHIPPED.index["letters"]))
def test_a_letter_uses_the_same_values_in_every_language(name):
    used = {
        key.partition("/")[0]: set(Template(text).get_identifiers())
        for key, text in SHIPPED.texts.items()
        if key.endswith(f"/{name}") and SHIPPED.checked(name, key.partition("/")[0])
    }
    assert len(used) >= 2
    assert len({frozenset(values) for values in used.values()}) == 1


@pytest.mark.parametrize("name", ["notice-denied", "notice-partial"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_an_adverse_notice_advises_of_the_right_to_appeal_with_deadline_address_and_last_level(
    name, language
):
    assert "appeal_rights" in Template(SHIPPED.texts[f"{language}/{name}"]).get_identifiers()
    block = Template(SHIPPED.texts[f"{language}/appeal-rights"]).get_identifiers()
    assert {"appeal_days", "review_unit", "liaison_phone", "liaison_email"} <= set(block)
    last = {"en": "Headquarters", "es": "Sede Central"}[language]
    assert last in SHIPPED.texts[f"{language}/appeal-rights"]


def test_a_letter_that_nobody_has_checked_is_not_used():
    assert "fr/acknowledgement" in SHIPPED.texts
    assert not SHIPPED.checked("acknowledgement", "fr")
    assert not SHIPPED.checked("acknowledgement", "mam")


def test_a_letter_is_never_sent_with_a_hole():
    catalogue = Catalogue({"letters": {}, "words": {}}, {"en/x": "Dear $name"})
    with pytest.raises(KeyError):
        catalogue.render("x", "en", {})


@pytest.mark.parametrize(
    ("language", "start"),
    [("es", '<article lang="es" dir="ltr"><h1>'), ("ar", '<article lang="ar" dir="rtl"><h1>')],
    ids=["left to right", "right to left"],
)
def test_a_letter_as_a_page_marks_its_language_and_escapes_what_it_says(language, start):
    shown = letters.as_html("Title\n\n- one <b>\n- two\n\nText & more", language)
    assert shown.startswith(start)
    assert "<ul><li>one &lt;b&gt;</li><li>two</li></ul><p>Text &amp; more</p>" in shown


@pytest.mark.parametrize("name", ["groups", "domains", "factors", "grounds", "evidence", "discretion"])
def test_whatever_a_letter_names_has_words_in_its_languages(name):
    assert packs.speaks(name, "en")
    assert packs.speaks(name, "es")


def test_the_nine_groups_and_no_other_ground():
    assert len(packs.entries("groups")) == 9
    assert len(packs.entries("domains")) == 14
    assert not [code for code in packs.entries("grounds") if "other" in code or "priority" in code]


def test_the_forms_offer_what_the_packs_in_force_have():
    asked = packs.form("request")["properties"]["groups"]["items"]["oneOf"]
    assert [one["const"] for one in asked] == list(packs.entries("groups"))
    grounds = json.dumps(packs.form("determination"))
    assert all(f'"{code}"' in grounds for code in packs.entries("grounds"))


def test_the_warning_is_given_in_checked_words_or_read_aloud():
    assert "speak with a lawyer first" in (packs.harm_warning("en") or "")
    assert packs.harm_warning("es")
    assert packs.harm_warning("fr") is None


def test_a_repeated_e_mail_is_recognisable_and_a_simulated_one_goes_nowhere(monkeypatch):
    monkeypatch.delenv("PDFLOW_SMTP", raising=False)
    mail = Mail("key", "a@example.org", "Subject", "Body")
    assert mail.message_id == Mail("key", "b@example.org", "Other", "Text").message_id
    assert deliver(mail, simulated=True)
    assert not deliver(Mail("key", "a@nowhere.invalid", "Subject", "Body"), simulated=True)
    assert not deliver(mail, simulated=False)


async def test_an_e_mail_is_handed_to_the_mail_server_and_a_refused_address_bounces(monkeypatch):
    taken = []

    class Handler:
        async def handle_RCPT(self, server, session, envelope, address, options):
            if address.startswith("gone"):
                return "550 no such mailbox"
            envelope.rcpt_tos.append(address)
            return "250 OK"

        async def handle_DATA(self, server, session, envelope):
            taken.append(envelope.content.decode())
            return "250 OK"

    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Handler(), loop=loop), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    monkeypatch.setenv("PDFLOW_SMTP", f"127.0.0.1:{port}")
    mail = Mail("key", "a@example.org", "Aviso", "Señora, lea esto.")
    assert await asyncio.to_thread(deliver, mail, simulated=False)
    gone = Mail("key", "gone@example.org", "Aviso", "Text")
    assert not await asyncio.to_thread(deliver, gone, simulated=False)
    server.close()
    (content,) = taken
    assert mail.message_id in content
