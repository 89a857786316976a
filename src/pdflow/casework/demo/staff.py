"""The staff of the demo: a few users for each role of each unit, and who of them takes a task."""

from collections.abc import Collection
from dataclasses import dataclass
from random import Random

from pdflow.casework.demo.offices import DEFAULT_OFFICE
from pdflow.casework.demo.people import ORIGINS

REVIEW_UNITS = ("REV-EAST", "REV-CENTRAL", "REV-WEST")
HEADQUARTERS = "HQ"
#: Role -> how many people have it in each field office.
OFFICE_ROLES = {"officer": 3, "supervisor": 2, "director": 1, "liaison": 1}
HQ_ROLES = {
    "hq_reviewer": 2,
    "hq_liaison": 2,
    "oversight": 1,
    "designer": 1,
    "publisher": 1,
    "auditor": 1,
    "administrator": 1,
}
#: Whom the demo signs in first.
DEFAULT_USER = "demo-liaison"

_GIVEN = (
    "Alex",
    "Bianca",
    "Carl",
    "Dolores",
    "Ethan",
    "Farida",
    "Glenn",
    "Hana",
    "Ivan",
    "Joyce",
    "Karim",
    "Lee",
)
_FAMILY = (
    "Abbott",
    "Brooks",
    "Cortez",
    "Doyle",
    "Ellis",
    "Fowler",
    "Garza",
    "Hobbs",
    "Ito",
    "Kim",
    "Mercer",
    "Ruiz",
)


@dataclass(frozen=True)
class Member:
    """One user of the demo."""

    user: str
    name: str
    role: str
    unit: str

    @property
    def group(self) -> str:
        """The candidate group they belong to."""
        return f"{self.unit}.{self.role}"


def members(field_offices: Collection[str]) -> list[Member]:
    """All staff, in a fixed order."""
    staff = []
    for unit in sorted(field_offices):
        staff += [_member(unit, role, n) for role, count in OFFICE_ROLES.items() for n in range(count)]
    staff += [_member(unit, "reviewer", n) for unit in REVIEW_UNITS for n in range(2)]
    staff += [_member(HEADQUARTERS, role, n) for role, count in HQ_ROLES.items() for n in range(count)]
    return staff


def _member(unit: str, role: str, number: int) -> Member:
    rng = Random(f"{unit}/{role}/{number}")
    user = f"demo-{unit}-{role}-{number + 1}".lower().replace("_", "-")
    if (unit, role) == (DEFAULT_OFFICE, "liaison"):
        user = DEFAULT_USER
    return Member(user, f"{rng.choice(_GIVEN)} {rng.choice(_FAMILY)}", role, unit)


def interpreter(rng: Random, language: str) -> str:
    """A qualified interpreter or translator of a language, with a name usual where it is spoken."""
    origin = next((each for each in ORIGINS if each.language == language), ORIGINS[0])
    return f"{rng.choice(origin.given)} {rng.choice(origin.family)}"


class Roster:
    """Finds who takes a task."""

    def __init__(self, staff: Collection[Member]) -> None:
        self._groups: dict[str, list[Member]] = {}
        for member in staff:
            self._groups.setdefault(member.group, []).append(member)

    def taker(self, groups: Collection[str], rng: Random, but_not: Collection[str] = ()) -> str:
        """A user of one of the groups who is not among those the separation of duties excludes (S18, S30).

        Raises:
            LookupError: nobody is left.
        """
        free = [
            member for group in groups for member in self._groups.get(group, ()) if member.user not in but_not
        ]
        if not free:
            raise LookupError(f"Expected a user in {sorted(groups)} who had no part in the case before.")
        return rng.choice(free).user
