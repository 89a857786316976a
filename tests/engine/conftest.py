"""Every engine case runs straight, and again with a snapshot and a restore after each step."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from tests.engine.drive import Drive


@pytest.fixture(params=[False, True], ids=["straight", "restored"])
def drive(request: pytest.FixtureRequest) -> Callable[..., Drive]:
    return partial(Drive, restoring=request.param)
