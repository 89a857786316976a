"""Settings, from the environment (``PDFLOW_*``); every one is documented in ``docs/settings.md``."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What an installation decides."""

    model_config = SettingsConfigDict(env_prefix="PDFLOW_", extra="ignore")

    state: Path = Field(
        default=Path("live"), description="Folder of everything that this installation keeps."
    )
    database: str | None = Field(
        default=None,
        description="Database URL (`postgresql://...`); a SQLite file in the state folder when absent.",
    )
    keys: Path | None = Field(
        default=None, description="Key file; `keys.json` in the state folder when absent."
    )
    simulation: bool = Field(
        default=False,
        description="Allow simulated instances (practice cases, tests, the demo); real cases never are.",
    )
    sign_in: Literal["demo", "password", "oidc"] = Field(
        default="password",
        description="How people sign in: pick a demo user, a password, or the provider of `[auth]` in the secrets.",
    )
    resend_after_seconds: float = Field(
        default=30, gt=0, description="Age at which an unanswered command is sent again."
    )
    message_days: float = Field(
        default=30, gt=0, description="How long a message waits for somebody who awaits it, in days."
    )
    temporal_address: str | None = Field(
        default=None,
        description="`HOST:PORT` of a Temporal server; the embedded one of `pdflow up` when absent.",
    )
    temporal_namespace: str = Field(default="default", description="Temporal namespace; must exist.")
    temporal_tls: bool = Field(
        default=False, description="Encrypt the connection to Temporal; always on with an API key."
    )
    temporal_api_key: SecretStr | None = Field(
        default=None, description="API key of a hosted Temporal namespace."
    )
    task_queue: str = Field(
        default="pdflow", description="Temporal task queue of this installation's clients and workers."
    )
    smtp: str | None = Field(
        default=None,
        description="`HOST:PORT` of the mail server; without one notices are served by hand, never counted as sent.",
    )
    mail_from: str = Field(default="notices@example.org", description="Sender of outgoing e-mail.")
    log_level: str = Field(default="INFO", description="`DEBUG`, `INFO`, `WARNING` or `ERROR`.")

    @property
    def key_file(self) -> Path:
        """Where the key ring is."""
        return self.keys or self.state / "keys.json"

    @property
    def database_url(self) -> str:
        """Where the records are."""
        return self.database or f"sqlite:///{self.state / 'records.db'}"

    def environment(self) -> dict[str, str]:
        """The variables that give a child process these settings."""
        held = {name: getattr(self, name) for name in type(self).model_fields}
        held["state"] = self.state.resolve()
        plain = {
            name: value.get_secret_value() if isinstance(value, SecretStr) else value
            for name, value in held.items()
        }
        return {f"PDFLOW_{name.upper()}": str(value) for name, value in plain.items() if value is not None}
