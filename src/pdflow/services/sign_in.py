"""Signing in: passwords of local accounts, and the sealed cookie that says who somebody is.

On a cluster an OIDC provider signs people in (setting ``sign_in``); a local installation has passwords, the demo lets
one pick a demo user. Whoever signs in, roles come from the records each time something is asked.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from datetime import datetime, timedelta

from sqlmodel import Session, select

from pdflow.records.crypto import KeyRing
from pdflow.records.errors import KeyMissing, Undecipherable
from pdflow.records.tables import User
from pdflow.services.errors import Refused

#: A working day with its overtime; then one signs in again.
SESSION = timedelta(hours=12)
#: Cost of one guess (RFC 7914): 16 MiB and some 50 ms.
_COST = {"n": 2**14, "r": 8, "p": 1}
_LABEL = "sign-in"
SHORTEST = 12


def hash_password(password: str) -> str:
    """The stored form of a password: ``scrypt$SALT$HASH``.

    Raises:
        Refused: shorter than 12 characters (NIST SP 800-63B asks for at least 8).
    """
    if len(password) < SHORTEST:
        raise Refused(f"Choose a password of at least {SHORTEST} characters.", code="password-too-short")
    salt = secrets.token_bytes(16)
    return f"scrypt${salt.hex()}${hashlib.scrypt(password.encode(), salt=salt, **_COST).hex()}"


def check_password(session: Session, login: str, password: str) -> str | None:
    """Return the id of the active user with this login and password; an unknown login costs the same time."""
    user = session.exec(select(User).where(User.login == login.strip().lower())).first()
    stored = user.password if user and user.active and user.password else f"scrypt${'0' * 32}${'0' * 128}"
    _, salt, digest = stored.split("$")
    given = hashlib.scrypt(password.encode(), salt=bytes.fromhex(salt), **_COST).hex()
    return user.id if hmac.compare_digest(given, digest) and user else None


def seal(keys: KeyRing, user: str, now: datetime) -> str:
    """The value of a session cookie: who, and until when; only this installation can make or read it."""
    body = json.dumps({"user": user, "until": (now + SESSION).isoformat()}).encode()
    return base64.urlsafe_b64encode(keys.encrypt(body, _LABEL)).decode()


def unseal(keys: KeyRing, cookie: str, now: datetime) -> str | None:
    """Return the user id of a session cookie; ``None``: it is not ours, was altered, or is over."""
    try:
        held = json.loads(keys.decrypt(base64.urlsafe_b64decode(cookie), _LABEL))
    except (Undecipherable, KeyMissing, binascii.Error, ValueError):
        return None
    return held["user"] if now < datetime.fromisoformat(held["until"]) else None
