"""The documents store: files under the SHA-256 of their bytes, encrypted, in the state folder."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path
from typing import Protocol

from pdflow.records.crypto import KeyRing
from pdflow.records.errors import DocumentMissing, Undecipherable

_HASH = re.compile(r"[0-9a-f]{64}")


class Documents(Protocol):
    """Where bytes are kept; other stores (an object store) implement the same three calls."""

    def put(self, content: bytes) -> str:
        """Keep the bytes durably and return their SHA-256 in hex; the same bytes again change nothing."""
        ...

    def get(self, digest: str) -> bytes:
        """The bytes; raises :class:`DocumentMissing` or :class:`Undecipherable`."""
        ...

    def __contains__(self, digest: str) -> bool: ...


class FolderDocuments:
    """Documents in a folder, one encrypted file each, named by the keyed hash so that names tell nothing.

    Args:
        folder: made when absent, readable by its owner alone.
        keys: ring that encrypts; its look-up key also names the files.
    """

    def __init__(self, folder: Path, keys: KeyRing) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._keys = keys

    def put(self, content: bytes) -> str:
        """See :class:`Documents`."""
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(digest)
        if path.exists():
            return digest
        path.parent.mkdir(mode=0o700, exist_ok=True)
        handle, beside = tempfile.mkstemp(dir=path.parent, suffix=".new")
        with os.fdopen(handle, "wb") as file:
            file.write(self._keys.encrypt(content, digest))
            file.flush()
            os.fsync(file.fileno())
        Path(beside).replace(path)
        return digest

    def get(self, digest: str) -> bytes:
        """See :class:`Documents`; the bytes are checked against their hash."""
        try:
            content = self._keys.decrypt(self._path(digest).read_bytes(), digest)
        except FileNotFoundError:
            raise DocumentMissing(
                "Expected a stored document of this hash; restore the documents folder from its backup."
            ) from None
        if hashlib.sha256(content).hexdigest() != digest:
            raise Undecipherable("A stored document does not match its hash; restore it from the backup.")
        return content

    def __contains__(self, digest: str) -> bool:
        return self._path(digest).exists()

    def _path(self, digest: str) -> Path:
        if not _HASH.fullmatch(digest):
            raise DocumentMissing("Expected the SHA-256 of a document, 64 hexadecimal digits.")
        name = self._keys.lookup("document", digest)
        return self._folder / name[:2] / name[2:]
