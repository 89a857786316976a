"""What comes in from outside in the demo, as the intake forms take it: requests, evidence, appeals, inquiries."""

from random import Random
from typing import Any

from pdflow.casework.demo.story import Story

Payload = dict[str, Any]

#: A state, and where it matters a county, of each office, so that the routing decision has something to decide.
PLACES: dict[str, tuple[str, str]] = {
    "ATL": ("Georgia", ""),
    "BAL": ("Maryland", ""),
    "BOS": ("Massachusetts", ""),
    "BUF": ("New York", "Erie"),
    "CHI": ("Illinois", ""),
    "DAL": ("Texas", "Dallas"),
    "DEN": ("Colorado", ""),
    "DET": ("Michigan", ""),
    "ELP": ("Texas", "El Paso"),
    "HLG": ("Texas", "Cameron"),
    "HOU": ("Texas", "Harris"),
    "LOS": ("California", "Los Angeles"),
    "MIA": ("Florida", ""),
    "NEW": ("New Jersey", ""),
    "NOL": ("Louisiana", ""),
    "NYC": ("New York", "Kings"),
    "PHI": ("Pennsylvania", ""),
    "PHO": ("Arizona", ""),
    "SEA": ("Washington", ""),
    "SFR": ("California", "Alameda"),
    "SLC": ("Utah", ""),
    "SNA": ("Texas", "Bexar"),
    "SND": ("California", "San Diego"),
    "SPM": ("Minnesota", ""),
    "WAS": ("Virginia", ""),
}


def request(story: Story) -> Payload:
    """The request as somebody at the office takes it in."""
    person = story.person
    state, county = PLACES[story.office]
    payload: Payload = {
        "channel": story.channel,
        "intake": story.intake,
        "filed_at": story.office,
        "consent": "Synthetic consent: I ask for this and know that the request can bring me to notice.",
        "given": person.given_name,
        "family": person.family_name,
        "born": person.birth_date.isoformat(),
        "language": person.language,
        "mode": "text" if person.reads else "oral",
        "phone": person.phone,
        "email": bouncing(story) if story.bounces else person.email,
        "state": state,
        "held": story.held,
        "asked": list(story.asked),
        "groups": list(story.groups),
        "statement": f"Synthetic statement of case number {story.number}.",
    }
    if story.held:
        payload |= {"held_office": story.office, "custody": f"{story.office}-1"}
    if county:
        payload["county"] = county
    if story.channel == "counsel" and story.counsel:
        payload |= {"submitter_name": story.counsel[0], "submitter_contact": story.counsel[1]}
    if story.channel == "third_party":
        payload["relation"] = "sister"
    return payload


def bouncing(story: Story) -> str:
    """An address at a domain that is reserved never to exist (RFC 2606)."""
    return f"person{story.number}@bounce.invalid"


def evidence(kind: str, rng: Random) -> Payload:
    """One more piece of evidence."""
    return {
        "kind": kind,
        "title": f"Synthetic {kind.replace('_', ' ')}",
        "intake": rng.choice(("web", "mail", "e-mail", "in_person")),
        "submitter_role": rng.choice(("applicant", "counsel", "third_party")),
    }


def document(kind: str, count: int) -> bytes:
    """The file of a piece of evidence: a line of text that says what it is; many cases share the same few files."""
    return f"Synthetic {kind.replace('_', ' ')} no. {count % 5 + 1} of a demonstration case.\n".encode()


def appeal(rng: Random) -> Payload:
    """An appeal by the person."""
    grounds = ("facts_left_out", "wrong_ground", "presumption_ignored", "new_evidence", "language")
    return {
        "intake": rng.choice(("web", "mail", "phone")),
        "grounds": rng.sample(grounds, rng.randint(1, 2)),
        "statement": "Synthetic appeal: the letters were not read.",
    }


def liaison_request(story: Story, case: str, office: str, topic: str) -> Payload:
    """A question to the office's liaison."""
    return {
        "unit": office,
        "case": case,
        "intake": "phone",
        "topic": topic,
        "asked_by": story.counsel[0] if story.counsel else story.person.given_name,
        "contact": story.counsel[1] if story.counsel else story.person.phone,
        "question": "Where does this request stand, and when is the next date?",
    }
