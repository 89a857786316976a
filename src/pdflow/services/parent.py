"""A child process notices that its supervisor is gone: the supervisor holds the other end of its stdin, a pipe."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

#: Set by the supervisor; without it stdin is the terminal's.
VARIABLE = "PDFLOW_SUPERVISED"


def when_parent_is_gone(act: Callable[[], object]) -> None:
    """Call ``act``, on a thread, when the supervisor that started this process has ended, however it ended."""
    if not os.environ.get(VARIABLE):
        return

    def wait() -> None:
        while os.read(0, 1):
            pass
        act()

    threading.Thread(target=wait, name="parent-watch", daemon=True).start()
