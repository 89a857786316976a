"""What must be true before a determination is proposed: each rule of the letter is one function here.

Nothing decides by itself (S12): a gate can only keep an adverse outcome from being written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session

from pdflow.casework import evidence, factors, groups, inquiry, packs
from pdflow.records.tables import Case, Factor
from pdflow.services.errors import Refused

ADVERSE = ("denied", "granted_in_part")
#: Factors that rest on a conviction: rehabilitation and treatment must be addressed (S11).
CONVICTIONS = frozenset(
    {"dui", "minor_conviction", "offence_gravity", "sentence_imposed", "prior_serious_record"}
)


def before_any(session: Session, case: Case, payload: Mapping[str, Any]) -> list[Factor]:
    """Rules for every determination, grants included.

    Returns:
        The case's factors.

    Raises:
        Refused: ``domain-unasked`` (S17), ``advice-missing`` (S16), ``evidence-undisposed`` (S19), or what
            :func:`pdflow.casework.factors.check_findings` refuses.
    """
    left = inquiry.unasked(session, case.id)
    if left > 0:
        raise Refused(
            f"{left} of {len(packs.entries('domains'))} domains are unasked; finish the inquiry first.",
            code="domain-unasked",
        )
    if case.advised_at is None:
        raise Refused(
            "The person has not been told which evidence helps most; send the advice first.",
            code="advice-missing",
        )
    evidence.require_every_item(evidence.undisposed(session, case.id), payload.get("evidence", ()))
    found = factors.of_case(session, case.id)
    factors.check_findings(found, payload["factors"])
    return found


def before_adverse(session: Session, case: Case, payload: Mapping[str, Any], found: Sequence[Factor]) -> None:
    """Rules for refusing or limiting.

    Raises:
        Refused: ``ground-missing`` or ``unknown-code`` (S6), ``rebuttal-missing`` (S3), ``justification-missing`` (S7), ``border-barred`` (S8), ``no-adverse-factor``, ``minor-alone`` or
            ``treatment-missing`` (S11), ``evidence-excluded``, ``prohibited-source`` (S10).
    """
    grounds = payload.get("grounds", ())
    if not grounds:
        raise Refused(
            "A refusal or limit needs a ground of the closed list.",
            code="ground-missing",
            places={"/grounds": "Choose a ground."},
        )
    categories = {packs.entry("grounds", code)["category"] for code in grounds}
    _rebuttals(session, case.id, payload.get("groups", ()))
    if "national_security" in categories:
        _national_security(payload)
    if "border_security" in categories:
        _border(case)
    factors.check_not_minor_alone(found, payload["factors"])
    _treatment(payload, found)
    factors.check_all_support(session, case.id, found)


def needs_headquarters(payload: Mapping[str, Any]) -> bool:
    """A national security ground is approved by Headquarters too (S7)."""
    return any(
        packs.entry("grounds", code)["category"] == "national_security" for code in payload.get("grounds", ())
    )


def _rebuttals(session: Session, case: str, rows: Sequence[Mapping[str, Any]]) -> None:
    given = {row["item"]: row["rebuttal"].strip() for row in rows}
    claims = groups.of_case(session, case)
    missing = [claim for claim in claims if not given.get(claim.id)]
    if missing:
        raise Refused(
            f"The presumption of forbearance is on: {len(missing)} of {len(claims)} groups have no reasons yet that "
            "overcome it. Write them for each group, or propose to grant.",
            code="rebuttal-missing",
            places={"/groups": "Each group needs its own reasons."},
        )


def copied(rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether two groups have the same reasons word for word: boilerplate, to be looked at (S3)."""
    texts = [" ".join(row["rebuttal"].split()).lower() for row in rows]
    return len(set(texts)) < len(texts)


def _national_security(payload: Mapping[str, Any]) -> None:
    rule = packs.pack("grounds")["categories"]["national_security"]
    types = payload.get("evidence_types", ())
    if not (payload.get("justification") or "").strip() or not types:
        raise Refused(
            "A national security ground needs a written justification and the types of evidence relied on.",
            code="justification-missing",
            places={"/justification": "Write the justification."},
        )
    barred = [kind for kind in types if kind not in rule["allowed_evidence"]]
    if barred:
        raise Refused(
            f"Allowed types of evidence are {', '.join(rule['allowed_evidence'])}; {', '.join(barred)} is barred.",
            code="justification-missing",
            places={"/evidence_types": "Choose allowed types only."},
        )


def _border(case: Case) -> None:
    rule = packs.pack("grounds")["categories"]["border_security"]
    met = [word for word in rule["never_for"] if word in case.flags]
    if met:
        raise Refused(
            f"A border ground can never be used for somebody who is {' or '.join(met).replace('_', ' ')}, however "
            "recently they came.",
            code="border-barred",
            places={"/grounds": "Not for this person."},
        )


def _treatment(payload: Mapping[str, Any], found: Sequence[Factor]) -> None:
    findings = {row["item"]: row["finding"] for row in payload["factors"]}
    relied = any(f.code in CONVICTIONS and findings.get(f.id) in factors.CARRIES for f in found)
    if relied and not (payload.get("treatment_considered") or "").strip():
        raise Refused(
            "A conviction is relied on: address rehabilitation, and access to treatment while detained.",
            code="treatment-missing",
            places={"/treatment_considered": "Address rehabilitation and treatment."},
        )
