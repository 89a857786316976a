"""What keeps an adverse determination from being written, approved or signed, and a review from being made."""

import pytest

from pdflow.casework import appeals, evidence, factors, groups
from pdflow.records.tables import Determination, EvidenceItem, Factor, Flag, GroupClaim
from pdflow.services.actor import Actor, Grant
from pdflow.services.errors import InvalidForm, NotFound, Refused
from tests.casework.conftest import ANALYSIS, OFFICER, REBUTTAL, Casework

ITEM = {"kind": "support_letter", "title": "Letter", "intake": "mail", "submitter_role": "applicant"}


def refused(casework: Casework, element: str, payload=None, by=None) -> Refused:
    """The refusal of a completion; nothing of it may have been written."""
    before = len(casework.rows(Determination)), casework.elements()
    with pytest.raises((Refused, InvalidForm)) as caught:
        casework.do(element, payload, by=by)
    assert (len(casework.rows(Determination)), casework.elements()) == before
    casework.let_go(element)
    return caught.value


def at_determination(casework: Casework, **changes) -> Casework:
    casework.take_in(**changes)
    casework.until("write-determination")
    return casework


def proposal(casework: Casework, **changes):
    (task,) = [one for one in casework.open() if one.element == "write-determination"]
    made = casework.answer(task)
    made |= changes
    return {key: value for key, value in made.items() if value is not None}


def granted(casework: Casework):
    rows = proposal(casework)["factors"]
    return {"proposed": "granted", "given": ["release"], "factors": rows, "analysis": ANALYSIS}


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"grounds": []}, "invalid-form", "another look"),
        ({"grounds": ["priority_four"]}, "invalid-form", "another look"),
        ({"groups": []}, "rebuttal-missing", "presumption of forbearance"),
        ({"treatment_considered": None}, "treatment-missing", "rehabilitation"),
        ({"factors": []}, "factor-unweighed", "have no finding"),
        ({"grounds": ["natsec_espionage"]}, "invalid-form", "another look"),
        ({"analysis": "Denied."}, "invalid-form", "another look"),
    ],
    ids=[
        "S6 no ground",
        "S6 a ground that is not on the list",
        "S3 no rebuttal",
        "S11 no treatment",
        "S19 a factor without finding",
        "S7 no justification",
        "S19 no analysis",
    ],
)
def test_an_adverse_proposal_is_refused(casework, changes, code, words):
    at_determination(casework)
    error = refused(casework, "write-determination", proposal(casework, **changes))
    assert error.code == code
    assert words in str(error)


def test_a_defined_word_needs_the_fact_that_meets_it(casework):
    at_determination(casework)
    payload = proposal(casework)
    for row in payload["factors"]:
        row.pop("meets")
    assert refused(casework, "write-determination", payload).code == "term-undefined"


@pytest.mark.parametrize("attribute", ["unaccompanied_minor", "family_unit", "asylum_seeker"])
def test_a_border_ground_is_barred_for_the_named_classes(casework, attribute):
    at_determination(casework, attributes=[attribute])
    payload = proposal(casework, grounds=["border_recent_entry"])
    assert refused(casework, "write-determination", payload).code == "border-barred"


def test_minor_convictions_alone_cannot_carry_a_denial(casework):
    casework.answers["inquiry"] = {"adverse": ["dui", "minor_conviction"]}
    at_determination(casework)
    assert refused(casework, "write-determination").code == "minor-alone"


def test_a_denial_in_which_nothing_adverse_is_accepted_is_refused(casework):
    at_determination(casework)
    payload = proposal(casework)
    for row in payload["factors"]:
        row["finding"] = "not_accepted"
    assert refused(casework, "write-determination", payload).code == "no-adverse-factor"


def test_an_unweighed_item_blocks_a_determination(casework):
    at_determination(casework)
    evidence.add(OFFICER, casework.platform, casework.case, ITEM)
    error = refused(casework, "write-determination", proposal(casework, evidence=None))
    assert error.code == "evidence-undisposed"
    (item,) = casework.rows(EvidenceItem)
    rows = [{"item": item.id, "disposition": "accepted"}]
    casework.do("write-determination", proposal(casework, evidence=rows))
    assert [row.disposition for row in casework.rows(EvidenceItem)] == ["accepted"]


def test_an_item_that_comes_before_the_signature_blocks_it_until_it_is_weighed(casework):
    at_determination(casework)
    casework.until("sign")
    evidence.add(OFFICER, casework.platform, casework.case, ITEM)
    signed = {"guidance_read": True, "confirm": True}
    assert refused(casework, "sign", signed).code == "evidence-undisposed"
    (item,) = casework.rows(EvidenceItem)
    rows = [{"item": item.id, "disposition": "not_accepted", "reason": "It concerns somebody else."}]
    casework.do("sign", {**signed, "evidence": rows})
    assert casework.record().signed_at is not None


def test_an_unasked_domain_blocks_the_inquiry(casework):
    casework.take_in()
    casework.until("inquire")
    (task,) = casework.open()
    payload = casework.answer(task)
    payload["domains"].pop()
    error = refused(casework, "inquire", payload)
    assert error.code == "domain-unasked"
    assert "1 of 14 domains are unasked" in str(error)


def test_an_interview_without_the_interpreter_supports_nothing_adverse_and_raises_the_group(casework):
    casework.take_in(groups=[])
    casework.until("inquire")
    (task,) = casework.open()
    payload = casework.answer(task)
    payload["domains"][0]["interpreted"] = "missing"
    assert refused(casework, "inquire", payload).code == "uninterpreted-interview"
    payload["adverse"] = []
    casework.do("inquire", payload)
    assert [row.group for row in casework.rows(GroupClaim)] == ["limited_english"]
    assert casework.record().presumption is True


def test_excluded_evidence_is_not_shown_and_supports_no_adverse_factor(casework):
    casework.take_in()
    casework.until("inquire")
    evidence.add(OFFICER, casework.platform, casework.case, {**ITEM, "kind": "police_report"})
    (item,) = casework.rows(EvidenceItem)
    with casework.platform.reading() as session:
        assert evidence.to_weigh(session, casework.case) == []
    with pytest.raises(Refused, match="cannot support an adverse factor"):
        factors.raise_factor(
            OFFICER, casework.platform, casework.case, "weapon", source="record", evidence=[item.id]
        )
    assert casework.rows(Factor) == []


def test_what_comes_from_an_abuser_alone_supports_nothing_adverse(casework):
    casework.take_in()
    casework.until("inquire")
    evidence.add(OFFICER, casework.platform, casework.case, {**ITEM, "prohibited_source": True})
    (item,) = casework.rows(EvidenceItem)
    with pytest.raises(Refused, match="1367"):
        factors.raise_factor(
            OFFICER, casework.platform, casework.case, "weapon", source="record", evidence=[item.id]
        )


def test_a_contested_claim_stays_and_so_does_the_presumption(casework):
    casework.take_in()
    (claim,) = casework.rows(GroupClaim)
    groups.contest(OFFICER, casework.platform, claim.id, "The daughter she cared for has moved out.")
    (claim,) = casework.rows(GroupClaim)
    assert (claim.group, claim.contested_by) == ("caregiver", "officer")
    assert casework.record().presumption is True
    assert not [name for name in dir(groups) if "delete" in name or "remove" in name]
    with pytest.raises(Refused, match="not rewritten"):
        groups.contest(OFFICER, casework.platform, claim.id, "Another reason that is long enough.")


def test_the_same_rebuttal_for_two_groups_is_flagged(casework):
    at_determination(casework, groups=["caregiver", "fear_relief"])
    casework.do("write-determination")
    assert [row.reason_code for row in casework.rows(Flag)] == ["copied_rebuttal"]


def test_nobody_approves_what_they_wrote(casework):
    both = Actor("both", frozenset({Grant("officer", "ATL"), Grant("supervisor", "ATL")}))
    at_determination(casework)
    casework.do("write-determination", by=both)
    error = refused(casework, "approve", {"decision": "approve"}, by=both)
    assert error.code == "same-person"
    casework.do("approve")
    (row,) = casework.rows(Determination)
    assert (row.author, row.approved_by, row.state) == ("both", "supervisor", "approved")


def test_a_national_security_ground_is_approved_by_headquarters_too(casework):
    at_determination(casework)
    payload = proposal(
        casework,
        grounds=["natsec_espionage"],
        justification=REBUTTAL,
        evidence_types=["court_record"],
    )
    casework.do("write-determination", payload)
    casework.do("approve")
    assert casework.elements() == ["approve-hq"]
    casework.do("approve-hq")
    assert casework.elements() == ["sign"]


def test_granting_takes_fewer_steps_than_denying_and_needs_no_approval(casework):
    at_determination(casework)
    casework.do("write-determination", granted(casework))
    assert casework.elements() == ["sign"]


def test_a_signed_determination_carries_the_hash_of_what_was_signed(casework):
    casework.take_in()
    casework.until("wait")
    (row,) = casework.rows(Determination)
    assert (row.state, row.signed_by, len(row.text_hash)) == ("signed", "officer", 64)


@pytest.mark.parametrize(
    ("reviewer", "code"),
    [
        (Actor("r", frozenset({Grant("reviewer", "REV-EAST"), Grant("officer", "ATL")})), "same-office"),
        (Actor("officer", frozenset({Grant("reviewer", "REV-EAST")})), "involved-before"),
    ],
    ids=["of the same office", "involved earlier"],
)
def test_a_reviewer_comes_from_outside_and_was_never_involved(casework, reviewer, code):
    casework.take_in()
    casework.until("wait")
    appeals.file(OFFICER, casework.platform, casework.case, {"intake": "web", "grounds": ["language"]})
    assert refused(casework, "review-appeal", by=reviewer).code == code


def test_a_reviewer_disposes_of_every_item(casework):
    casework.take_in()
    casework.until("wait")
    appeals.file(OFFICER, casework.platform, casework.case, {"intake": "web", "grounds": ["language"]})
    evidence.add(OFFICER, casework.platform, casework.case, ITEM)
    (task,) = casework.open()
    payload = {**casework.answer(task), "evidence": []}
    assert refused(casework, "review-appeal", payload).code == "evidence-undisposed"


@pytest.mark.parametrize(
    ("outcome", "code"),
    [("open", "appeal-open"), ("granted", "case-closed")],
    ids=["under review", "granted"],
)
def test_an_appeal_is_refused_when_there_is_nothing_to_appeal(casework, outcome, code):
    appeal = {"intake": "web", "grounds": ["procedure"]}
    at_determination(casework)
    if outcome == "granted":
        casework.do("write-determination", granted(casework))
    casework.until("wait")
    if outcome == "open":
        appeals.file(OFFICER, casework.platform, casework.case, appeal)
    with pytest.raises(Refused) as caught:
        appeals.file(OFFICER, casework.platform, casework.case, appeal)
    assert caught.value.code == code


def test_who_cannot_read_is_read_to(casework):
    casework.answers["acknowledgement"] = {"mode": "oral"}
    casework.take_in(mode="oral")
    casework.until("serve-by-hand")
    assert refused(casework, "serve-by-hand", {"how": "posted"}).code == "wrong-mode"
    casework.do("serve-by-hand", {"how": "read_aloud", "interpreter": "Example Reader"})
    assert casework.elements() == []


def test_a_task_of_another_office_is_not_there(casework):
    casework.take_in()
    elsewhere = Actor("elsewhere", frozenset({Grant("officer", "DAL")}))
    with pytest.raises(NotFound):
        casework.do("acknowledge", by=elsewhere)
