from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from pdflow.records.crypto import KeyRing
from pdflow.records.documents import FolderDocuments
from pdflow.records.session import Records
from pdflow.services.platform import Platform
from pdflow.services.settings import Settings


@pytest.fixture
def platform(records: Records, key_ring: KeyRing, tmp_path: Path) -> Platform:
    """A platform without a gateway: activities do not reach instances."""
    return Platform(
        records, FolderDocuments(tmp_path / "documents", key_ring), cast(Any, None), Settings(state=tmp_path)
    )
