"""Users, their grants, and the actor that each of them is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from pdflow.records.ids import ulid
from pdflow.records.tables import Grant as GrantRow
from pdflow.records.tables import Unit, User
from pdflow.services import audit, permissions
from pdflow.services.actor import Actor, Grant
from pdflow.services.errors import Conflict, NotFound, Refused
from pdflow.services.platform import Platform

#: Ids of users that the demo makes begin with this.
DEMO = "demo-"
#: Whom the demo signs in first.
DEFAULT_DEMO_USER = "demo-liaison"

#: Where somebody with several grants is at home: the first of these roles that they have.
_HOME = [
    "officer",
    "supervisor",
    "director",
    "liaison",
    "reviewer",
    "hq_reviewer",
    "hq_liaison",
    "oversight",
    "auditor",
    "administrator",
    "publisher",
    "designer",
    "counsel",
    "submitter",
    "applicant",
]


@dataclass(frozen=True)
class Profile:
    """A user as the header of every page shows them.

    Attributes:
        home: unit code of their first role.
        time_zone: IANA name: their own, else their unit's.
    """

    actor: Actor
    name: str
    home: str | None
    role: str | None
    time_zone: str
    language: str


@dataclass(frozen=True)
class DemoUser:
    """Somebody whom the demo lets one be."""

    id: str
    name: str
    role: str
    unit: str


def actor(session: Session, user: str) -> Actor:
    """The actor of an active user, with the grants in force.

    Raises:
        NotFound: no such user, or not active.
    """
    found = session.get(User, user)
    if found is None or not found.active:
        raise NotFound("There is no such active user.")
    rows = session.exec(select(GrantRow).where(GrantRow.user == user, col(GrantRow.revoked_at).is_(None)))
    return Actor(user, frozenset(Grant(row.role, row.unit) for row in rows))


def profile(session: Session, user: str) -> Profile | None:
    """Who a user is; ``None``: no such active user."""
    found = session.get(User, user)
    if found is None or not found.active:
        return None
    who = actor(session, user)
    home = min(who.grants, key=lambda grant: (_HOME.index(grant.role), grant.unit), default=None)
    unit = session.get(Unit, home.unit) if home else None
    zone = found.time_zone or (unit.time_zone if unit else "UTC")
    return Profile(
        who, found.name, home.unit if home else None, home.role if home else None, zone, found.language
    )


def by_login(session: Session, login: str) -> str | None:
    """User id of a login, whatever its case."""
    return session.exec(select(User.id).where(User.login == login.strip().lower(), col(User.active))).first()


def by_subject(session: Session, subject: str) -> str | None:
    """User id of an identity provider's subject."""
    return session.exec(select(User.id).where(User.subject == subject, col(User.active))).first()


def demo_users(session: Session) -> list[DemoUser]:
    """Users of the demo with their first role, by unit and name."""
    rows = session.exec(select(User).where(col(User.id).startswith(DEMO, autoescape=True)).order_by(User.id))
    found = []
    for row in rows:
        shown = profile(session, row.id)
        if shown is not None and shown.role is not None and shown.home is not None:
            found.append(DemoUser(row.id, row.name, shown.role, shown.home))
    return sorted(found, key=lambda user: (user.unit, user.name))


def default_demo_user(session: Session) -> str | None:
    """Whom the demo signs in first; ``None``: this is no demo."""
    return session.exec(select(User.id).where(User.id == DEFAULT_DEMO_USER)).first()


@dataclass(frozen=True)
class Listed:
    """A user as the administrator sees them."""

    id: str
    login: str
    name: str
    active: bool
    grants: tuple[Grant, ...]


def everybody(by: Actor, session: Session) -> list[Listed]:
    """All users with their present roles, by login.

    Raises:
        NotAllowed: only administrators may know.
    """
    permissions.require(by, "user.manage", None)
    roles: dict[str, list[Grant]] = {}
    for row in session.exec(select(GrantRow).where(col(GrantRow.revoked_at).is_(None))):
        roles.setdefault(row.user, []).append(Grant(row.role, row.unit))
    rows = session.exec(select(User).order_by(User.login))
    return [
        Listed(row.id, row.login, row.name, row.active, tuple(sorted(roles.get(row.id, ())))) for row in rows
    ]


def colleagues(session: Session, group: str) -> list[User]:
    """Active users of a candidate group ``<unit>.<role>``, by name."""
    unit, _, role = group.partition(".")
    statement = (
        select(User)
        .join(GrantRow, col(GrantRow.user) == col(User.id))
        .where(
            GrantRow.role == role,
            GrantRow.unit == unit,
            col(GrantRow.revoked_at).is_(None),
            col(User.active),
        )
        .order_by(User.name)
    )
    return list(session.exec(statement))


def seen(platform: Platform, user: str) -> datetime | None:
    """A user has come; called once per visit.

    Returns:
        When they were here last; ``None``: never.
    """
    with platform.writing() as session:
        row = session.get(User, user)
        if row is None:
            return None
        before, row.last_seen_at = row.last_seen_at, platform.now()
        return before


def create(
    by: Actor,
    platform: Platform,
    *,
    login: str,
    name: str,
    grants: Iterable[Grant] = (),
    email: str | None = None,
    subject: str | None = None,
    password: str | None = None,
    language: str = "en",
    time_zone: str | None = None,
    id: str | None = None,
) -> str:
    """Make a user.

    Args:
        by: an administrator, or the product itself.
        platform: of this process.
        login: unique, kept in lower case.
        name: as colleagues see it.
        grants: roles in units.
        email: for notifications.
        subject: of the identity provider.
        password: as :func:`pdflow.services.sign_in.hash_password` gives it.
        language: BCP 47 tag.
        time_zone: IANA name; the unit's when absent.
        id: user id; a new one when absent.

    Raises:
        Conflict: the login is taken.
        Refused: an unknown role or unit.
    """
    permissions.require(by, "user.manage", None)
    with platform.writing() as session:
        user = id or ulid(platform.now())
        if by_login(session, login) is not None or session.get(User, user) is not None:
            raise Conflict("This login is taken; choose another one.", code="login-taken")
        now = platform.now()
        session.add(
            User(
                id=user,
                login=login.strip().lower(),
                name=name,
                email=email,
                subject=subject,
                password=password,
                language=language,
                time_zone=time_zone,
                created_at=now,
            )
        )
        session.flush()
        for grant in sorted(grants):
            _grant(session, by, user, grant, now)
        audit.record(session, by.user, "user.create", f"user:{user}", at=now)
        return user


def give(by: Actor, platform: Platform, user: str, grant: Grant) -> None:
    """Give a user a role in a unit."""
    permissions.require(by, "user.manage", None)
    with platform.writing() as session:
        if session.get(User, user) is None:
            raise NotFound("There is no such user.")
        now = platform.now()
        _grant(session, by, user, grant, now)
        audit.record(session, by.user, "user.grant", f"user:{user}", at=now, detail=asdict(grant))


def take(by: Actor, platform: Platform, user: str, grant: Grant) -> None:
    """Take a role from a user; the row stays with the instant (NIST SP 800-53 AC-2)."""
    permissions.require(by, "user.manage", None)
    with platform.writing() as session:
        row = _grant_row(session, user, grant)
        if row is None or row.revoked_at is not None:
            raise NotFound("This user does not have this role there.")
        row.revoked_at = platform.now()
        audit.record(session, by.user, "user.revoke", f"user:{user}", at=row.revoked_at, detail=asdict(grant))


def deactivate(by: Actor, platform: Platform, user: str) -> None:
    """Lock a user out; what they did stays."""
    permissions.require(by, "user.manage", None)
    with platform.writing() as session:
        row = session.get(User, user)
        if row is None:
            raise NotFound("There is no such user.")
        row.active = False
        audit.record(session, by.user, "user.deactivate", f"user:{user}", at=platform.now())


def _grant(session: Session, by: Actor, user: str, grant: Grant, now: datetime) -> None:
    if grant.role not in permissions.ROLES:
        raise Refused(
            f"Expected one of the roles {', '.join(sorted(permissions.ROLES))}.", code="unknown-role"
        )
    if session.get(Unit, grant.unit) is None:
        raise Refused("Expected the code of a unit.", code="unknown-unit")
    row = _grant_row(session, user, grant)
    if row is None:
        row = GrantRow(user=user, role=grant.role, unit=grant.unit, granted_by=by.user, granted_at=now)
        session.add(row)
    elif row.revoked_at is not None:
        row.revoked_at, row.granted_by, row.granted_at = None, by.user, now


def _grant_row(session: Session, user: str, grant: Grant) -> GrantRow | None:
    statement = select(GrantRow).where(
        GrantRow.user == user, GrantRow.role == grant.role, GrantRow.unit == grant.unit
    )
    return session.exec(statement).first()
