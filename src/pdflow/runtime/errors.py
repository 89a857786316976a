"""What this layer raises: one root, stable codes. What a command does wrong is an answer, not an exception."""

from __future__ import annotations


class RuntimeFault(Exception):
    """Root of everything this package raises; ``code`` is stable."""

    code = "runtime"


class ManifestRefused(RuntimeFault):
    """Bytes that are not a manifest of this format."""

    code = "manifest-refused"


class DefinitionMissing(RuntimeFault):
    """No definition of this hash is known here; the caller may try again when it has been deployed."""

    code = "definition-missing"


class SnapshotRefused(RuntimeFault):
    """A snapshot of a version that this release does not read."""

    code = "snapshot-refused"


class StartRefused(RuntimeFault):
    """An instance that cannot be started as asked; nothing was written."""

    code = "start-refused"
