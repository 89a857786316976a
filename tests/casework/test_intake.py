"""Taking in requests and evidence: what is refused with a sentence, and what is kept all the same."""

import hashlib
from datetime import date

import pytest
from sqlmodel import select

from pdflow.casework import evidence, liaisons, people, requests, transfers
from pdflow.casework.evidence import File
from pdflow.casework.requests import withdraw
from pdflow.records.tables import (
    Case,
    Command,
    Document,
    EvidenceItem,
    HardDate,
    Identifier,
    Inquiry,
    Note,
    Task,
    Transfer,
)
from pdflow.services import tasks
from pdflow.services.actor import Actor
from pdflow.services.errors import InvalidForm, NotAllowed, Refused
from tests.casework.conftest import LIAISON, OFFICER, REQUEST, START, SUPERVISOR

PAPER = {"kind": "tax_record", "title": "Taxes of 2024", "intake": "mail", "submitter_role": "applicant"}


@pytest.mark.parametrize(
    ("changes", "kind", "words"),
    [
        ({"consent": ""}, Refused, "Consent is missing"),
        ({"consent": "   "}, Refused, "Consent is missing"),
        ({"filed_at": "XXX"}, Refused, "Expected the code of a field office"),
        ({"filed_at": "HQ"}, Refused, "Expected the code of a field office"),
        ({"a_number": "A12345678901"}, Refused, "seven to nine digits"),
        ({"given": None}, InvalidForm, "another look"),
        ({"groups": ["enemies"]}, InvalidForm, "another look"),
        ({"own_status": "none"}, InvalidForm, "another look"),
        ({"channel": "counsel"}, InvalidForm, "another look"),
    ],
    ids=[
        "no consent",
        "blank consent",
        "no such office",
        "not a field office",
        "bad A-number",
        "no name",
        "no such group",
        "a field nobody asks",
        "counsel without a name",
    ],
)
def test_a_request_is_refused_with_a_sentence_and_nothing_is_written(platform, changes, kind, words):
    payload = {key: value for key, value in {**REQUEST, **changes}.items() if value is not None}
    with pytest.raises(kind, match=words):
        requests.take_in(OFFICER, platform, payload, at=START, simulated=True)
    with platform.reading() as session:
        assert session.exec(select(Case.id)).all() == []
        assert session.exec(select(Command.id)).all() == []


def test_somebody_without_a_role_takes_nothing_in(platform):
    with pytest.raises(NotAllowed):
        requests.take_in(Actor("nobody"), platform, REQUEST, at=START, simulated=True)


def test_no_a_number_is_needed_and_one_that_is_offered_is_found_by_hash(casework, key_ring):
    casework.take_in()
    casework.take_in(a_number="A 1234567")
    with casework.platform.reading() as session:
        (found,) = session.exec(select(Identifier)).all()
    assert (found.lookup, found.tail) == (key_ring.lookup("a-number", "001234567"), "567")


@pytest.mark.parametrize(
    ("text", "number"), [("A1234567", "001234567"), ("a-12 345 678", "012345678"), ("123456789", "123456789")]
)
def test_an_a_number_is_nine_digits(text, number):
    assert people.normal_a_number(text) == number


@pytest.mark.parametrize(
    ("changes", "office", "unit"),
    [
        ({}, "ATL", "REV-EAST"),
        ({"state": "Texas", "county": "Harris County"}, "HOU", "REV-CENTRAL"),
        ({"state": "California", "county": "Imperial"}, "SND", "REV-WEST"),
        ({"state": "Texas"}, "ATL", "REV-EAST"),
        ({"held": True, "held_office": "ELP", "custody": "ELP-1"}, "ELP", "REV-CENTRAL"),
        ({"state": "Guam"}, "SFR", "REV-WEST"),
    ],
    ids=["whole state", "county", "county of another", "county unknown", "held elsewhere", "territory"],
)
def test_the_office_that_answers_is_where_the_person_is(casework, changes, office, unit):
    casework.take_in(**changes)
    assert (casework.record().office, casework.record().review_unit) == (office, unit)
    assert casework.record().origin_office == "ATL"
    assert casework.open()[0].groups == [f"{office}.officer"]


def test_evidence_gets_a_receipt_with_hash_and_time_and_keeps_its_bytes(casework):
    casework.take_in()
    content = b"%PDF-1.7 taxes"
    receipt = evidence.add(OFFICER, casework.platform, casework.case, PAPER, File("taxes.pdf", content))
    (document,) = casework.rows(Document)
    assert document.hash == hashlib.sha256(content).hexdigest()
    assert (document.media_type, document.readable) == ("application/pdf", True)
    assert (receipt.at, len(receipt.hash)) == (START, 64)
    (item,) = casework.rows(EvidenceItem)
    assert evidence.open_item(OFFICER, casework.platform, item.id) == content


def test_a_file_that_nobody_can_open_is_kept_and_receipted(casework):
    casework.take_in()
    evidence.add(OFFICER, casework.platform, casework.case, PAPER, File("x.doc", b"\x00\xff\x01"))
    (document,) = casework.rows(Document)
    assert (document.media_type, document.readable) == ("application/octet-stream", False)


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "file-empty"), (b"x" * (evidence.FILE_LIMIT + 1), "file-too-large")],
    ids=["empty", "above 50 MB"],
)
def test_a_file_is_refused_before_anything_is_kept(casework, content, code):
    casework.take_in()
    with pytest.raises(Refused) as caught:
        evidence.add(OFFICER, casework.platform, casework.case, PAPER, File("x.pdf", content))
    assert caught.value.code == code
    assert casework.rows(EvidenceItem) == []


def test_a_case_holds_500_megabytes(casework, monkeypatch):
    casework.take_in()
    monkeypatch.setattr(evidence, "CASE_LIMIT", 10)
    evidence.add(OFFICER, casework.platform, casework.case, PAPER, File("a.txt", b"12345678"))
    with pytest.raises(Refused, match="500 MB"):
        evidence.add(OFFICER, casework.platform, casework.case, PAPER, File("b.txt", b"12345678"))
    assert len(casework.rows(EvidenceItem)) == 1


def test_a_removal_date_at_the_door_opens_a_liaison_task_at_once(casework):
    casework.take_in(removal_date="2026-12-01", held=True, held_office="ATL")
    assert casework.elements() == ["acknowledge", "act-on-removal-date"]
    task = next(one for one in casework.open() if one.element == "act-on-removal-date")
    assert (task.groups, task.held) == (["ATL.liaison"], True)
    assert task.due.isoformat() == "2026-12-01T00:00:00+00:00"


def test_a_removal_date_that_becomes_known_later_does_so_too(casework):
    casework.take_in()
    requests.set_removal_date(
        LIAISON, casework.platform, casework.case, date(2026, 12, 3), "detention_record"
    )
    assert casework.elements() == ["acknowledge", "act-on-removal-date"]
    (row,) = casework.rows(HardDate)
    assert (row.kind, row.source) == ("removal", "detention_record")
    casework.do("act-on-removal-date")
    assert [note.kind for note in casework.rows(Note) if note.kind == "removal_date"] == ["removal_date"]


def test_a_transfer_takes_open_tasks_along_and_releases_claims(casework):
    casework.take_in()
    (task,) = casework.open()
    tasks.claim(OFFICER, casework.platform, task.id)
    transfers.transfer(SUPERVISOR, casework.platform, casework.case, "HOU")
    (task,) = casework.open()
    assert (task.groups, task.assignee, task.state) == (["HOU.officer"], None, "open")
    assert (casework.record().office, casework.record().review_unit) == ("HOU", "REV-CENTRAL")
    (row,) = casework.rows(Transfer)
    assert (row.from_unit, row.to_unit) == ("ATL", "HOU")
    assert [clock.unit for clock in casework.clocks("acknowledge")] == ["HOU"]


@pytest.mark.parametrize("office", ["ATL", "REV-EAST", "XXX"], ids=["the same", "a review unit", "unknown"])
def test_a_transfer_goes_to_another_field_office_only(casework, office):
    casework.take_in()
    with pytest.raises(Refused):
        transfers.transfer(SUPERVISOR, casework.platform, casework.case, office)
    assert casework.record().office == "ATL"


def test_a_withdrawal_ends_the_case_without_a_decision(casework):
    casework.take_in()
    withdraw(OFFICER, casework.platform, casework.case, "She has found another way.")
    case = casework.record()
    assert (case.state, case.outcome, case.closed_at) == ("closed", "withdrawn", START)
    with pytest.raises(Refused, match="closed"):
        withdraw(OFFICER, casework.platform, casework.case, "Again.")


def test_a_liaison_inquiry_asks_the_office_and_is_answered(casework):
    casework.take_in()
    receipt = liaisons.take_in(
        LIAISON,
        casework.platform,
        {
            "unit": "ATL",
            "case": casework.case,
            "intake": "phone",
            "topic": "status",
            "question": "Where is it?",
        },
        at=START,
        simulated=True,
    )
    casework.do("answer-inquiry", {"next_step": "ask_office", "question": "Where is it?"})
    casework.do("answer-question", {"answer": "With the officer."})
    casework.do("answer-inquiry", {"next_step": "done", "answer": "It is with the officer."})
    (inquiry,) = casework.rows(Inquiry)
    assert (inquiry.number, inquiry.state, inquiry.outcome) == (receipt.number, "answered", "answered")


def test_an_inquiry_without_a_case_has_nobody_to_ask(casework, platform):
    liaisons.take_in(
        LIAISON,
        platform,
        {"unit": "ATL", "intake": "phone", "topic": "how_to_ask", "question": "How do I ask?"},
        at=START,
        simulated=True,
    )
    with platform.reading() as session:
        (task,) = session.exec(select(Task)).all()
    tasks.claim(LIAISON, platform, task.id)
    with pytest.raises(Refused, match="nobody to ask"):
        tasks.complete(
            LIAISON, platform, task.id, {"next_step": "ask_office", "question": "How do they ask?"}, at=START
        )
