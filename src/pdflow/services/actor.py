"""Who acts: the first argument of every service function."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, order=True)
class Grant:
    """A role in a unit."""

    role: str
    unit: str

    @property
    def group(self) -> str:
        """The candidate group ``<unit>.<role>``."""
        return f"{self.unit}.{self.role}"


@dataclass(frozen=True)
class Actor:
    """A user with what they may do where.

    Attributes:
        user: user id; ``system`` for the product itself.
    """

    user: str
    grants: frozenset[Grant] = field(default_factory=frozenset)

    @property
    def groups(self) -> frozenset[str]:
        """Candidate groups of this actor."""
        return frozenset(grant.group for grant in self.grants)

    def units(self, *roles: str) -> frozenset[str]:
        """Units in which the actor has one of the roles; any role when none is named."""
        return frozenset(grant.unit for grant in self.grants if not roles or grant.role in roles)

    def has(self, *roles: str, unit: str | None = None) -> bool:
        """Whether the actor has one of the roles, in that unit or anywhere."""
        return any(grant.role in roles and unit in (None, grant.unit) for grant in self.grants)


#: The product itself: jobs, dispatchers, migrations, models that ship with a release.
SYSTEM = Actor("system", frozenset({Grant("system", "HQ")}))
