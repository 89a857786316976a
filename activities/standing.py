"""A worker's standing duties, each on a thread of its own: deliver, send again, load what is new, give signs of life."""

from __future__ import annotations

import threading
from collections.abc import Callable

from activities.failures import place
from pdflow.records.errors import RecordsUnavailable
from pdflow.services import log
from pdflow.services.errors import InstanceUnavailable

_log = log.get(__name__)


class StandingDuty:
    """Does something again and again; one that fails is due again, for a database or server that is away comes back.

    Args:
        name: for the log.
        duty: what to do; safe to repeat.
        every_seconds: pause between two times; :meth:`hurry` cuts it short.
    """

    def __init__(self, name: str, duty: Callable[[], object], every_seconds: float) -> None:
        self._name = name
        self._duty = duty
        self._every = every_seconds
        self._wanted = threading.Event()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name=name)

    def start(self) -> None:
        """Begin; the first time is at once."""
        self._thread.start()

    def hurry(self) -> None:
        """Do it now, or once more when it is being done."""
        self._wanted.set()

    def close(self) -> None:
        """Finish what is in hand and end the thread."""
        self._closed = True
        self._wanted.set()
        self._thread.join()

    def _work(self) -> None:
        while not self._closed:
            self._wanted.clear()
            try:
                self._duty()
            except (RecordsUnavailable, InstanceUnavailable) as error:
                _log.warning("duty-waits", name=self._name, code=error.code)
            except Exception as error:
                _log.error("duty-failed", name=self._name, error=type(error).__name__, place=place(error))
            self._wanted.wait(self._every)
