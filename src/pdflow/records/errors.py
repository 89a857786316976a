"""What can go wrong in the records layer; every error has a stable code."""


class RecordsError(Exception):
    """Root of the layer.

    Attributes:
        code: stable code, in kebab case.
    """

    code = "records"


class RecordsUnavailable(RecordsError):
    """The database cannot be reached, or stayed locked for longer than the busy timeout. Nothing was written."""

    code = "records-unavailable"


class KeyMissing(RecordsError):
    """Something is encrypted with a key that the key ring does not hold, or the key file itself is missing."""

    code = "key-missing"


class Undecipherable(RecordsError):
    """The key is there, but the value was altered, or moved here from another column."""

    code = "undecipherable"


class DocumentMissing(RecordsError):
    """No document of this hash is in the state folder."""

    code = "document-missing"
