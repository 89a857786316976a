"""How busy and how fast each field office of the demo is, so that the map tells a story.

Invented figures; they say nothing about any real office.
"""

from dataclasses import dataclass
from random import Random

#: The office whose liaison looks at the demo first: a busy one, and a slow one.
DEFAULT_OFFICE = "HOU"


@dataclass(frozen=True)
class OfficeProfile:
    """What makes one office differ from another.

    Attributes:
        load: share of the cases, relative to the others.
        pace: factor on how long its people take; 1 meets most duties, 2 misses many.
        grants: share of requests granted.
    """

    load: float
    pace: float
    grants: float


#: Five busy offices have half of all cases: 5 x 4.0 against 20 x 1.0.
PROFILES: dict[str, OfficeProfile] = {
    "HOU": OfficeProfile(4.0, 1.9, 0.35),
    "MIA": OfficeProfile(4.0, 1.2, 0.42),
    "LOS": OfficeProfile(4.0, 0.9, 0.55),
    "NYC": OfficeProfile(4.0, 1.1, 0.58),
    "SNA": OfficeProfile(4.0, 1.5, 0.40),
    "ATL": OfficeProfile(1.0, 1.7, 0.30),
    "BAL": OfficeProfile(1.0, 0.8, 0.55),
    "BOS": OfficeProfile(1.0, 0.7, 0.60),
    "BUF": OfficeProfile(1.0, 0.9, 0.50),
    "CHI": OfficeProfile(1.0, 1.0, 0.52),
    "DAL": OfficeProfile(1.0, 1.4, 0.38),
    "DEN": OfficeProfile(1.0, 0.8, 0.50),
    "DET": OfficeProfile(1.0, 1.1, 0.45),
    "ELP": OfficeProfile(1.0, 1.6, 0.40),
    "HLG": OfficeProfile(1.0, 1.3, 0.40),
    "NEW": OfficeProfile(1.0, 0.9, 0.50),
    "NOL": OfficeProfile(1.0, 2.1, 0.28),
    "PHI": OfficeProfile(1.0, 0.9, 0.50),
    "PHO": OfficeProfile(1.0, 1.2, 0.45),
    "SEA": OfficeProfile(1.0, 0.6, 0.60),
    "SFR": OfficeProfile(1.0, 0.7, 0.60),
    "SLC": OfficeProfile(1.0, 1.0, 0.45),
    "SND": OfficeProfile(1.0, 1.1, 0.48),
    "SPM": OfficeProfile(1.0, 0.8, 0.55),
    "WAS": OfficeProfile(1.0, 1.0, 0.52),
}


def office(rng: Random) -> str:
    """Draw the office that a case falls to."""
    return rng.choices(list(PROFILES), [profile.load for profile in PROFILES.values()])[0]
