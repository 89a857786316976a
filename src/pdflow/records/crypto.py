"""The key ring: encryption at rest and keyed hashes for look-up (NIST SP 800-53 SC-28; domain facts 5.2).

A ring is a JSON file of the state folder: ``{"active": ID, "keys": {ID: BASE64}, "lookup": BASE64}``, readable by its
owner alone. A new active key makes new values; old keys stay, so old values still open. The look-up key never
changes: hashes made with it must stay comparable.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.engine import Dialect

from pdflow.records.errors import KeyMissing, Undecipherable

_NONCE = 12


class KeyRing:
    """Encrypts with the active key, decrypts with whichever key a value names.

    Args:
        keys: key id (at most 255 bytes) -> 32 bytes.
        active: id of the key for new values.
        lookup: 32 bytes for keyed hashes.
    """

    def __init__(self, keys: Mapping[str, bytes], active: str, lookup: bytes) -> None:
        if active not in keys:
            raise KeyMissing(f"Expected the active key {active!r} among the keys of the ring.")
        self.active = active
        self._keys = dict(keys)
        self._ciphers = {name: AESGCM(key) for name, key in keys.items()}
        self._lookup = lookup

    @classmethod
    def fresh(cls) -> KeyRing:
        """A ring with one new random key."""
        return cls({"k1": secrets.token_bytes(32)}, "k1", secrets.token_bytes(32))

    @classmethod
    def open(cls, path: Path) -> KeyRing:
        """Read the ring from its file.

        Raises:
            KeyMissing: there is no such file, or it is not a ring.
        """
        try:
            held = json.loads(path.read_text())
            keys = {name: base64.b64decode(key) for name, key in held["keys"].items()}
            return cls(keys, held["active"], base64.b64decode(held["lookup"]))
        except FileNotFoundError:
            raise KeyMissing(
                f"The key file {path.name} is not in the state folder. Put it back from its backup: "
                "without it nothing personal in these records can be read."
            ) from None
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise KeyMissing(
                f"The key file {path.name} is not a key ring. Put it back from its backup."
            ) from error

    def save(self, path: Path) -> None:
        """Write the ring, readable by its owner alone."""
        held = {
            "active": self.active,
            "keys": {name: base64.b64encode(key).decode() for name, key in self._keys.items()},
            "lookup": base64.b64encode(self._lookup).decode(),
        }
        beside = path.with_suffix(".new")
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump(held, file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)

    def rotated(self) -> KeyRing:
        """The same ring with a new active key."""
        name = f"k{len(self._keys) + 1}"
        return KeyRing({**self._keys, name: secrets.token_bytes(32)}, name, self._lookup)

    def encrypt(self, plain: bytes, label: str) -> bytes:
        """Key id length, key id, nonce, ciphertext with tag; ``label`` is authenticated with it."""
        nonce = os.urandom(_NONCE)
        name = self.active.encode()
        return (
            bytes([len(name)])
            + name
            + nonce
            + self._ciphers[self.active].encrypt(nonce, plain, label.encode())
        )

    def decrypt(self, sealed: bytes, label: str) -> bytes:
        """What :meth:`encrypt` was given.

        Raises:
            KeyMissing: made with a key that is not in this ring.
            Undecipherable: altered, or made under another label.
        """
        size = sealed[0] if sealed else 0
        name = sealed[1 : 1 + size].decode(errors="replace")
        cipher = self._ciphers.get(name)
        if cipher is None:
            raise KeyMissing(f"Expected key {name!r} in the key ring: this value was encrypted with it.")
        body = sealed[1 + size :]
        try:
            return cipher.decrypt(body[:_NONCE], body[_NONCE:], label.encode())
        except InvalidTag:
            raise Undecipherable(
                f"A value of {label} was altered or moved; restore it from the backup."
            ) from None

    def lookup(self, kind: str, value: str) -> str:
        """Keyed hash (HMAC-SHA-256, hex) by which an identifier is found without being readable.

        Args:
            kind: what it is (``a-number``); the same value of two kinds has two hashes.
            value: already normalised.
        """
        return hmac.new(self._lookup, f"{kind}\0{value}".encode(), hashlib.sha256).hexdigest()


def give_keys(dialect: Dialect, keys: KeyRing) -> None:
    """Attach the ring to an engine's dialect, where the encrypted column types find it."""
    dialect.pdflow_keys = keys  # type: ignore[attr-defined]


def keys_of(dialect: Dialect) -> KeyRing:
    """The ring of the engine in use."""
    keys: Any = getattr(dialect, "pdflow_keys", None)
    if keys is None:
        raise KeyMissing("These records were opened without a key ring.")
    return keys
