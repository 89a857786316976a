"""Puts the staff of the demo into the records."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import cache

from sqlalchemy import update
from sqlmodel import col

from pdflow.casework.demo.offices import PROFILES
from pdflow.casework.demo.staff import Member, Roster, members
from pdflow.records.tables import User
from pdflow.services import users
from pdflow.services.actor import SYSTEM, Actor, Grant
from pdflow.services.platform import Platform

#: How long the staff have not looked at the demo when it begins.
AWAY = timedelta(days=4)


def hire(platform: Platform) -> Roster:
    """Create every member of the staff who is not there yet, and return who can take which task."""
    staff = members(PROFILES)
    with platform.reading() as session:
        known = {user.id for user in users.demo_users(session)}
    for member in staff:
        if member.user not in known:
            users.create(
                SYSTEM,
                platform,
                login=member.user,
                name=member.name,
                grants=[Grant(member.role, member.unit)],
                id=member.user,
            )
    with platform.writing() as session:
        # Everybody was away for the weekend, so that there is something new to say.
        left = platform.now() - AWAY
        session.execute(update(User).where(col(User.last_seen_at).is_(None)).values(last_seen_at=left))
    return Roster(staff)


def actors(staff: list[Member]) -> Callable[[str], Actor]:
    """User id to actor, without asking the records each time: the staff of the demo keep their roles."""
    grants = {member.user: Grant(member.role, member.unit) for member in staff}

    @cache
    def actor(user: str) -> Actor:
        return Actor(user, frozenset({grants[user]}))

    return actor
