"""What the staff of the demo write into each form, fitting the story of the case.

One function a form. The texts are made up and say so little that nobody can take them for a real case.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from pdflow.casework.demo.staff import interpreter
from pdflow.casework.demo.story import Story

Payload = dict[str, Any]


@dataclass(frozen=True)
class Situation:
    """What an answer may depend on.

    Attributes:
        rng: random numbers of this task of this case.
        items: ids of the case's items by kind (``evidence``, ``factors``, ``groups``, ``domains``), as the form lists them.
        round: how often a form of this kind was already completed in this case.
        closed: the case is closed, so nobody of the office can be asked any more.
    """

    story: Story
    rng: Random
    items: Mapping[str, Sequence[str]] = field(default_factory=dict)
    round: int = 0
    closed: bool = False

    def of(self, kind: str) -> Sequence[str]:
        """The items of a kind; none when the case has none."""
        return self.items.get(kind, ())


def acknowledgement(at: Situation) -> Payload:
    """Language, custody and dates are written down."""
    person = at.story.person
    payload: Payload = {
        "language": person.language,
        "mode": "text" if person.reads else "oral",
        "held": at.story.held,
        "interpreter": person.language != "en",
    }
    if at.story.held:
        payload["custody"] = f"{at.story.office}-1"
    if at.story.hearing:
        payload |= {"hearing_date": at.story.hearing.isoformat(), "dates_source": "court_docket"}
    return payload


def inquiry(at: Situation) -> Payload:
    """Every domain is asked; now and then somebody declines to answer."""
    interpreted = "not_needed" if at.story.person.language == "en" else "present"
    domains: list[Payload] = []
    for domain in at.of("domains"):
        if at.rng.random() < 0.08:
            domains.append({"item": domain, "state": "declined"})
        else:
            answer = at.rng.choice(
                ("Nothing to add.", "Told about it at length.", "Spoke of it, with papers.")
            )
            domains.append(
                {"item": domain, "state": "answered", "answer": answer, "interpreted": interpreted}
            )
    positive = (
        "length_residence",
        "work",
        "community_ties",
        "family_usc_lpr",
        "tax_compliance",
        "rehabilitation",
    )
    payload: Payload = {"domains": domains, "positive": at.rng.sample(positive, 2)}
    if at.story.outcome != "granted":
        payload["adverse"] = ["prior_serious_record"]
    payload["more_evidence"] = at.rng.random() < 0.55
    return payload


def dispositions(at: Situation) -> list[Payload]:
    """Most evidence is accepted; the rest with a reason."""
    rows: list[Payload] = []
    for item in at.of("evidence"):
        found = at.rng.choices(("accepted", "partly", "not_accepted"), (75, 18, 7))[0]
        row: Payload = {"item": item, "disposition": found}
        if found != "accepted":
            row["reason"] = "It does not name the person, or the date cannot be read."
        rows.append(row)
    return rows


def determination(at: Situation) -> Payload:
    """Both sides are weighed; a denial names its ground and what overcomes the presumption for each group."""
    outcome = at.story.outcome
    factors = [
        {
            "item": item,
            "finding": at.rng.choice(("accepted", "accepted", "partly")),
            "weight": at.rng.choice(("strong", "moderate", "slight")),
            "reason": "Supported by what the person said and sent.",
            "meets": "Synthetic: the court record names the fact that the defined term asks for.",
        }
        for item in at.of("factors")
    ]
    payload: Payload = {
        "proposed": outcome,
        "factors": factors,
        "analysis": f"Synthetic analysis for case number {at.story.number}: the whole person was considered.",
    }
    if at.of("evidence"):
        payload["evidence"] = dispositions(at)
    if outcome != "denied":
        payload["given"] = [at.story.asked[0]] if outcome == "granted" else ["supervision"]
    if outcome != "granted":
        payload["grounds"] = ["safety_serious_conduct"]
        payload["groups"] = [
            {
                "item": group,
                "rebuttal": f"Synthetic rebuttal for case {at.story.number}: the court record of a recent serious offence.",
            }
            for group in at.of("groups")
        ]
        payload["treatment_considered"] = "Treatment before and while held was asked about and considered."
    return payload | _translated(at, "analysis_translated")


def approval(at: Situation) -> Payload:
    """The second person returns one draft in seven, once."""
    if at.round == 0 and at.rng.random() < 0.14:
        return {"decision": "return", "reasons": "Say why the letters of support weigh so little."}
    return {"decision": "approve"}


def review(at: Situation) -> Payload:
    """A reviewer opens and disposes of every item and answers each ground."""
    result = at.story.review_results[min(at.round, len(at.story.review_results) - 1)]
    payload: Payload = {
        "review_result": result,
        "evidence": [{**row, "opened": True} for row in dispositions(at)],
        "reasons": f"Synthetic review of case number {at.story.number}: each ground of appeal was answered.",
        "grounds_answered": True,
    }
    if result in ("reversed", "modified"):
        payload["given"] = [at.story.asked[0]] if result == "reversed" else ["supervision"]
    return payload | _translated(at, "reasons_translated")


def _translated(at: Situation, field_name: str) -> Payload:
    """Most reasons in Spanish are ready in Spanish; for the rest, and for other languages, a translator is asked."""
    if at.story.person.language != "es" or at.rng.random() < 0.2:
        return {}
    return {
        field_name: "Texto sintético de demostración: se consideró a la persona en su conjunto.",
        "translation_checked_by": interpreter(at.rng, "es"),
    }


def inquiry_answer(at: Situation) -> Payload:
    """The liaison answers, or asks the office first."""
    if not at.closed and at.round == 0 and at.rng.random() < 0.3:
        return {"next_step": "ask_office", "question": "Where does this request stand?"}
    if at.rng.random() < 0.1:
        return {
            "next_step": "flag",
            "answer": "The file will be looked at again.",
            "reason_code": at.rng.choice(("equity_left_out", "presumption", "notice")),
        }
    return {"next_step": "done", "answer": "The request is with the office; the next date was given."}


def translation(at: Situation) -> Payload:
    """A translator's text and the name of who checked it."""
    return {
        "text": f"[{at.story.person.language}] Synthetic translation of this text, made for the demonstration.",
        "checked_by": interpreter(at.rng, at.story.person.language),
        "qualified": True,
    }


def service_by_hand(at: Situation) -> Payload:
    """Handed over or posted; read aloud to those who do not read their language."""
    if not at.story.person.reads:
        return {"how": "read_aloud", "interpreter": interpreter(at.rng, at.story.person.language)}
    return {"how": at.rng.choice(("handed_over", "handed_over", "posted"))}


#: Form id -> what the staff write.
ANSWERS: dict[str, Callable[[Situation], Payload]] = {
    "acknowledgement": acknowledgement,
    "appeal-review": review,
    "approval": approval,
    "approval-hq": lambda at: {"decision": "approve"},
    "counsel-appearance": lambda at: {"appearance": at.rng.choice(("on_file", "on_file", "sent_later"))},
    "determination": determination,
    "escalation": lambda at: {
        "cause": at.rng.choice(
            ("workload", "waiting_translation", "waiting_interpreter", "absence", "overlooked")
        ),
        "action": at.rng.choice(("done_now", "reassigned", "helped", "date_agreed")),
    },
    "evidence-advice": lambda at: {
        "kinds": at.rng.sample(("residence_proof", "support_letter", "medical_letter"), 2)
    },
    "evidence-dispositions": lambda at: {"evidence": dispositions(at)},
    "hq-review": review,
    "inquiry": inquiry,
    "inquiry-answer": inquiry_answer,
    "liaison-question": lambda at: {"answer": "The file is with the officer; the next step is this week."},
    "notice-translation": translation,
    "own-motion": lambda at: {
        "reasons": "The office reviewed its docket and found long residence and care for a child."
    },
    "removal-date-action": lambda at: {
        "action": at.rng.choice(("hold_asked", "review_expedited", "counsel_told"))
    },
    "service-by-hand": service_by_hand,
    "signature": lambda at: {
        "guidance_read": True,
        "confirm": True,
        **({"evidence": dispositions(at)} if at.of("evidence") else {}),
    },
    "third-party-wish": lambda at: {
        "person_agrees": "wants",
        "how": at.rng.choice(("phone", "in_person", "mail")),
    },
    "translation": translation,
}


def answer(form: str, situation: Situation) -> Payload:
    """Return the payload for a form.

    Raises:
        KeyError: the staff of the demo do not know the form.
    """
    return ANSWERS[form](situation)
