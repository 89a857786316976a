"""A request from the phone call to the reversal at Headquarters, and its copies within and after 48 hours."""

from datetime import timedelta

import pytest
from sqlmodel import select

from pdflow.casework import appeals, evidence
from pdflow.casework.evidence import File
from pdflow.records.tables import (
    Appeal,
    Command,
    Determination,
    FactRow,
    GroupClaim,
    Letter,
    Note,
    Notice,
)
from tests.casework.conftest import ANALYSIS, OFFICER, REBUTTAL, START

APPEAL = {"intake": "phone", "grounds": ["facts_left_out"], "statement": "The letters were not read."}


def test_a_denial_is_appealed_twice_and_reversed_at_headquarters(casework):
    receipt = casework.take_in()
    assert casework.record().state == "received"
    assert receipt.number == casework.record().receipt
    casework.until("inquire")
    assert casework.record().acknowledged_at == START
    evidence.add(
        OFFICER,
        casework.platform,
        casework.case,
        {"kind": "support_letter", "title": "Letter", "intake": "mail", "submitter_role": "third_party"},
        File("letter.pdf", b"%PDF-1.7 a letter"),
    )
    casework.until("sign")
    casework.later(hours=1)
    casework.do("sign")
    assert casework.record().state == "appeal_open"
    assert [clock.outcome for clock in casework.clocks("notify")] == ["met"]
    notice = next(row for row in casework.rows(Notice) if row.kind == "determination")
    assert (notice.state, notice.language, notice.served_at) == ("served", "es", START + timedelta(hours=1))
    appeals.file(OFFICER, casework.platform, casework.case, APPEAL)
    assert casework.elements() == ["review-appeal"]
    casework.do("review-appeal")
    assert casework.record().state == "appeal_open"
    appeals.file(OFFICER, casework.platform, casework.case, APPEAL)
    casework.do("review-hq")
    case = casework.record()
    assert (case.state, case.outcome, case.closed_reason) == ("closed", "granted", "closed-by-hq")
    assert casework.instance().state == "completed"
    assert [row.level for row in casework.rows(Appeal)] == ["review", "hq"]
    assert [row.result for row in casework.rows(Appeal)] == ["affirmed", "reversed"]
    assert sorted(row.level for row in casework.rows(Determination)) == ["hq", "office", "review"]


def test_a_copy_that_nobody_serves_is_late_and_stays_late(casework):
    casework.take_in(email=None, street="1 Example Road", language="mam", mode="oral")
    casework.answers["acknowledgement"] = {"language": "mam", "mode": "oral"}
    casework.until("translate-notice")
    casework.later(hours=49)
    (clock,) = casework.clocks("notify")
    assert (clock.state, clock.level) == ("breached", "breached")
    casework.do("translate-notice")
    casework.do("serve-by-hand", {"how": "read_aloud", "interpreter": "Example Reader"})
    (clock,) = casework.clocks("notify")
    assert (clock.state, clock.outcome) == ("met_late", "met_late")
    assert "answer-escalation" in casework.elements()


def test_nobody_is_sent_english_in_place_of_their_language(casework):
    casework.take_in(language="fr", groups=[])
    casework.answers["acknowledgement"] = {"language": "fr"}
    casework.do("acknowledge")
    assert casework.elements() == ["translate-letter"]
    assert casework.rows(Letter) == []
    casework.do("translate-letter")
    (letter,) = casework.rows(Letter)
    assert (letter.language, letter.body) == ("fr", "Words of the letter in that language.")


def test_a_notice_says_the_ground_the_reasons_and_the_right_to_appeal_in_the_persons_language(casework):
    casework.take_in()
    casework.until("wait")
    (letter,) = [row for row in casework.rows(Letter) if row.template == "notice-denied"]
    assert "Amenaza actual para la seguridad pública" in letter.body
    assert "Se consideró a toda la persona" in letter.body
    assert "Usted puede apelar" in letter.body
    assert "30 días" in letter.body
    assert "You may appeal" in letter.english


@pytest.mark.parametrize(
    ("channel", "extra", "element"),
    [
        ("counsel", {"submitter_name": "C. Example", "submitter_contact": "c@example.com"}, "check-counsel"),
        ("third_party", {"relation": "sister"}, "ask-person"),
        ("own_motion", {}, "own-motion-reasons"),
        ("applicant", {}, "acknowledge"),
    ],
    ids=["counsel", "third party", "own motion", "the person"],
)
def test_each_channel_has_its_own_first_step(casework, channel, extra, element):
    casework.take_in(channel=channel, **extra)
    assert casework.elements() == [element]


def test_counsel_of_record_gets_a_copy_of_their_own(casework):
    casework.take_in(channel="counsel", submitter_name="C. Example", submitter_contact="c@example.com")
    casework.until("wait")
    served = {row.recipient: row.language for row in casework.rows(Notice) if row.kind == "determination"}
    assert served == {f"{casework.case}.1": "es", f"{casework.case}.2": "en"}
    assert len(casework.clocks("notify")) == 2


def test_a_request_that_the_person_does_not_want_is_closed(casework):
    casework.take_in(channel="third_party")
    casework.do("ask-person", {"person_agrees": "does_not_want", "how": "phone"})
    assert (casework.record().state, casework.record().outcome) == ("closed", "withdrawn")


def test_an_address_that_bounces_leads_to_service_by_hand(casework):
    casework.take_in(email="maria@nowhere.invalid")
    casework.until("serve-by-hand")
    casework.do("serve-by-hand")
    (notice,) = [row for row in casework.rows(Notice) if row.kind == "determination"]
    assert (notice.state, notice.channel, notice.attempts) == ("served", "hand", 2)


def test_a_claim_turns_the_presumption_on_and_says_nothing_of_the_group_in_the_process(casework):
    casework.take_in()
    assert casework.record().presumption is True
    casework.until("write-determination")
    assert "caregiver" not in str(casework.instance().variables)
    assert [row.group for row in casework.rows(GroupClaim)] == ["caregiver"]


def test_a_window_that_passes_closes_the_case(casework):
    casework.take_in()
    casework.until("wait")
    casework.later(days=31)
    assert casework.record().closed_reason == "closed-after-appeal"


def test_a_case_that_nobody_touches_climbs_from_the_liaison_to_headquarters_in_one_task(casework):
    casework.take_in()
    climbed = []
    for hours in (35.999, 0.001, 11.999, 0.001, 23.999, 0.001):
        casework.later(hours=hours)
        climbed.append([task.groups for task in casework.open() if task.element == "answer-escalation"])
    assert climbed == [
        [],
        [["ATL.liaison"]],
        [["ATL.liaison"]],
        [["ATL.director"]],
        [["ATL.director"]],
        [["HQ.hq_liaison"]],
    ]
    casework.do("answer-escalation", {"cause": "absence", "action": "reassigned", "note": "Lee has it now."})
    (note,) = [row for row in casework.rows(Note) if row.kind == "escalation"]
    assert note.text == "absence. reassigned. Lee has it now."
    assert casework.elements() == ["acknowledge"]


def test_a_case_without_an_anchor_is_a_practice_case(casework):
    casework.take_in()
    assert casework.record().practice is True


def test_what_stands_in_the_process_tells_nobody_who_it_is_about(casework):
    casework.take_in(a_number="A12345678", statement="I have lived here for years.")
    casework.until("wait")
    with casework.platform.reading() as session:
        facts = " ".join(str(row.data) for row in session.exec(select(FactRow)))
        wires = " ".join(str(row.wire) for row in session.exec(select(Command)))
    for marker in ("Maria", "Ejemplo", "maria@example.org", "12345678", "caregiver", ANALYSIS, REBUTTAL):
        assert marker not in facts
        assert marker not in wires
