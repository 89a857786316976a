"""The log: one JSON object a line on stderr, codes and ids only.

Whatever is not in the list of known keys is dropped, so that a name or a sentence somebody typed cannot get in by a
careless argument. stdout belongs to the output of commands.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

#: Keys that may be logged; every one holds an id, a code, a number or an instant.
KEYS = frozenset(
    [
        "event",
        "level",
        "timestamp",
        "source",
        "actor",
        "action",
        "case",
        "code",
        "command",
        "count",
        "definition",
        "effect",
        "element",
        "error",
        "fact",
        "instance",
        "job",
        "level_name",
        "name",
        "number",
        "place",
        "process",
        "role",
        "seconds",
        "simulated",
        "state",
        "status",
        "task",
        "token",
        "unit",
        "version",
    ]
)
#: Longest value; ids and codes are shorter.
LONGEST = 200


class _StderrHandler(logging.StreamHandler[Any]):
    """Writes to the stderr of the moment."""

    @property
    def stream(self) -> Any:
        """The stream that is written to."""
        return sys.stderr

    @stream.setter
    def stream(self, value: Any) -> None:
        """There is nothing to keep."""


def configure(level: str = "INFO") -> None:
    """Send structlog and the standard library's logging to stderr, as JSON."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        only_known_keys,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        # Whatever stderr is when something is logged, not when logging was set up.
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = _StderrHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
            foreign_pre_chain=shared,
        )
    )
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)


def only_known_keys(_: Any, __: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop every key that is not in :data:`KEYS`; cut long values; an exception is named, not shown."""
    failure = entry.pop("exc_info", None)
    kept = {key: value for key, value in entry.items() if key in KEYS or key.startswith("_")}
    if isinstance(failure, BaseException):
        kept["error"] = type(failure).__name__
    elif failure:
        kept["error"] = getattr(sys.exc_info()[0], "__name__", "unknown")
    entry.clear()
    entry.update({key: value[:LONGEST] if isinstance(value, str) else value for key, value in kept.items()})
    return entry


def get(name: str) -> Any:
    """A logger: ``log.info("task-completed", task=..., case=...)``; the event is a code."""
    return structlog.get_logger(source=name)
