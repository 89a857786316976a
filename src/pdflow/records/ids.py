"""Identifiers: sortable ids for rows (ULID) and short random ids for cases.

A case id is random, never derived from a person or a number of theirs (domain facts 5.2).
"""

from __future__ import annotations

import random
import secrets
from datetime import UTC, datetime

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: Letters and digits that nobody confuses when read aloud or copied by hand.
_CASE = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def ulid(at: datetime | None = None, source: random.Random | None = None) -> str:
    """A ULID (26 characters, sortable by instant).

    Args:
        at: its instant; now when absent.
        source: where the random part comes from, for reproducible seeding; the system's when absent.
    """
    moment = int((at or datetime.now(UTC)).timestamp() * 1000)
    value = moment << 80 | (source.getrandbits(80) if source else secrets.randbits(80))
    return "".join(_CROCKFORD[value >> shift & 31] for shift in range(125, -1, -5))


def case_id(source: random.Random | None = None) -> str:
    """A case id such as ``K7Q-4MX``: 729 million of them, drawn at random; the caller draws again on a collision."""
    letters = [(source or secrets.SystemRandom()).choice(_CASE) for _ in range(6)]
    return "".join(letters[:3]) + "-" + "".join(letters[3:])
