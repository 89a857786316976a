"""What a case of the demo is about and what happens to it from outside, drawn from the case's own random numbers.

Each part of a case draws from its own generator, named by the case's number and a word, so that no part depends on
how often another one drew: the seeded demo and the one driven through Temporal tell the same story.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from pdflow.casework.demo import offices, people
from pdflow.casework.demo.offices import DEFAULT_OFFICE

#: The demo's past: requests arrive over these days before its "now".
SPAN = timedelta(days=61)

CHANNELS = {"applicant": 38, "counsel": 34, "third_party": 18, "own_motion": 10}
GROUPS = (
    "elderly_young",
    "disability_illness",
    "lgbtq",
    "caregiver",
    "covid_risk",
    "protected_activity",
    "community_hardship",
    "fear_relief",
    "limited_english",
)
EVIDENCE = (
    "support_letter",
    "residence_proof",
    "birth_certificate",
    "medical_letter",
    "employment_record",
    "school_record",
    "tax_record",
    "caregiver_proof",
    "country_conditions",
)
ASKED = ("no_arrest", "no_nta", "release", "supervision", "dismissal", "administrative_closure", "stay")


@dataclass(frozen=True)
class Happening:
    """Something that comes from outside at its own time.

    Attributes:
        kind: ``evidence``, ``removal_date``, ``transfer``, ``withdraw``, ``moot``, ``inquiry`` or ``appeal``.
        after: time since the request arrived; for ``appeal`` since the appeal window opened.
        detail: what belongs to the kind: an office, a kind of evidence, days until the removal date.
    """

    kind: str
    after: timedelta
    detail: str = ""


@dataclass(frozen=True)
class Story:
    """One case before anybody has worked on it.

    Attributes:
        number: 0, 1, 2 ...; the case's random numbers derive from it and the demo's seed.
        outcome: what the office decides in the end.
        appeals: whether the person appeals a denial, and again against an affirmed one.
        bounces: whether e-mail to the person bounces.
    """

    number: int
    office: str
    arrives: datetime
    channel: str
    intake: str
    person: people.SyntheticPerson
    counsel: tuple[str, str] | None
    held: bool
    hearing: date | None
    groups: tuple[str, ...]
    evidence: tuple[str, ...]
    asked: tuple[str, ...]
    outcome: str
    appeals: bool
    review_results: tuple[str, ...]
    bounces: bool
    happenings: tuple[Happening, ...]


def generator(seed: int, number: int, word: str) -> Random:
    """The random numbers of one part of one case."""
    return Random(f"{seed}/{number}/{word}")


def tell(seed: int, number: int, now: datetime) -> Story:
    """Draw the story of one case; every instant is relative to the demo's "now", none lies after it."""
    rng = generator(seed, number, "story")
    office = offices.office(rng)
    profile = offices.PROFILES[office]
    channel = rng.choices(list(CHANNELS), list(CHANNELS.values()))[0]
    held = rng.random() < 0.22
    # More requests lately than two months ago; the last ones came within the hour.
    arrives = now - timedelta(seconds=int(SPAN.total_seconds() * rng.random() ** 1.15) + 60)
    return Story(
        number=number,
        office=office,
        arrives=arrives,
        channel=channel,
        intake=rng.choice(("web", "e-mail", "phone", "mail", "in_person")),
        person=people.person(rng, now.date()),
        counsel=people.counsel(rng) if channel == "counsel" or rng.random() < 0.15 else None,
        held=held,
        hearing=(now + timedelta(days=rng.randint(2, 60))).date() if rng.random() < 0.1 else None,
        groups=tuple(sorted(rng.sample(GROUPS, rng.choices((0, 1, 2), (35, 45, 20))[0]))),
        evidence=tuple(rng.choice(EVIDENCE) for _ in range(rng.randint(0, 4))),
        asked=tuple(rng.sample(ASKED, rng.randint(1, 2))),
        outcome=_outcome(rng, profile.grants),
        appeals=rng.random() < 0.62,
        review_results=tuple(
            rng.choices(("affirmed", "reversed", "modified"), (52, 30, 18))[0] for _ in range(2)
        ),
        bounces=rng.random() < 0.2,
        happenings=_happenings(rng, held, office, now - arrives),
    )


def _outcome(rng: Random, grants: float) -> str:
    drawn = rng.random()
    if drawn < grants:
        return "granted"
    return "granted_in_part" if drawn < grants + 0.15 else "denied"


def _of_today(rng: Random, held: bool, office: str, age: timedelta) -> list[Happening]:
    """What has come to the desk of the demo's first user within the last two days, so that it is worth a look."""
    if office != DEFAULT_OFFICE or age < timedelta(days=3):
        return []
    found = []
    if rng.random() < 0.14:
        found.append(
            Happening("inquiry", age - timedelta(hours=rng.uniform(1, 40)), rng.choice(("status", "notice")))
        )
    if held and rng.random() < 0.4:
        days = str(rng.randint(4, 30))
        found.append(Happening("removal_date", age - timedelta(hours=rng.uniform(1, 30)), days))
    return found


def _happenings(rng: Random, held: bool, office: str, age: timedelta) -> tuple[Happening, ...]:
    found = _of_today(rng, held, office, age)
    for _ in range(rng.choices((0, 1, 2), (55, 30, 15))[0]):
        found.append(Happening("evidence", timedelta(hours=rng.uniform(20, 400)), rng.choice(EVIDENCE)))
    if rng.random() < (0.35 if held else 0.03):
        found.append(
            Happening("removal_date", timedelta(hours=rng.uniform(30, 300)), str(rng.randint(4, 30)))
        )
    if rng.random() < 0.04:
        elsewhere = rng.choice([code for code in offices.PROFILES if code != office])
        found.append(Happening("transfer", timedelta(hours=rng.uniform(30, 500)), elsewhere))
    if rng.random() < 0.03:
        found.append(Happening("withdraw", timedelta(hours=rng.uniform(24, 600))))
    elif rng.random() < 0.02:
        found.append(Happening("moot", timedelta(hours=rng.uniform(48, 700))))
    if rng.random() < 0.2:
        found.append(
            Happening(
                "inquiry", timedelta(hours=rng.uniform(12, 900)), rng.choice(("status", "decision", "notice"))
            )
        )
    return tuple(sorted(found, key=lambda happening: happening.after))
