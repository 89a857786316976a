"""``pdflow worker``: the Temporal worker of this installation, in this process."""

from __future__ import annotations

import os
import sys

from pdflow.services.supervisor import CHECKOUT


def command() -> None:
    """Run the Temporal worker until Ctrl-C or SIGTERM; the settings say which server and which state."""
    os.execv(sys.executable, [sys.executable, str(CHECKOUT / "worker.py")])
