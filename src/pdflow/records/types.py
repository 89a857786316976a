"""Column types that mean the same on SQLite and PostgreSQL."""

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, LargeBinary, String
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from pdflow.records.crypto import keys_of

#: JSON of codes, numbers, dates and booleans.
Json = JSON().with_variant(JSONB(), "postgresql")

#: Wide enough for a ULID, a colon and the longest token id.
ID = 80


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Naive values are refused: an hour off is a deadline missed.

    SQLite keeps ISO 8601 text of fixed width, so that text order is time order; PostgreSQL ``timestamptz``.
    """

    impl = String(27)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """``timestamptz`` on PostgreSQL, text elsewhere."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(TIMESTAMP(timezone=True))
        return dialect.type_descriptor(String(27))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """To the database: UTC."""
        if value is None:
            return None
        if not isinstance(value, datetime) or value.tzinfo is None:
            raise ValueError(f"Expected an instant with a time zone, got {value!r}.")
        value = value.astimezone(UTC)
        if dialect.name == "postgresql":
            return value
        return value.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """From the database: aware, in UTC."""
        if value is None:
            return None
        if isinstance(value, str):
            return datetime.fromisoformat(value)
        return value.astimezone(UTC)


class EncryptedText(TypeDecorator[str]):
    """Text that is stored encrypted (AES-256-GCM) under the key ring of the connection's engine.

    The label (``person.name``) is bound into the ciphertext: a value moved to another column does not decrypt.
    """

    impl = LargeBinary
    cache_ok = True

    def __init__(self, label: str) -> None:
        self.label = label
        super().__init__()

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """To the database: key id, nonce and ciphertext."""
        return None if value is None else keys_of(dialect).encrypt(value.encode(), self.label)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """From the database: the text; raises :class:`pdflow.records.errors.KeyMissing` without its key."""
        return None if value is None else keys_of(dialect).decrypt(bytes(value), self.label).decode()


class EncryptedJson(TypeDecorator[Any]):
    """JSON that is stored encrypted; see :class:`EncryptedText`."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, label: str) -> None:
        self.label = label
        super().__init__()

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        """To the database: encrypted compact JSON."""
        if value is None:
            return None
        text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
        return keys_of(dialect).encrypt(text.encode(), self.label)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        """From the database: the JSON value."""
        return None if value is None else json.loads(keys_of(dialect).decrypt(bytes(value), self.label))
