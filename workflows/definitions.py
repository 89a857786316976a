"""Where workflow code finds definitions: one source for the whole process, given by ``worker.py`` before it polls.

A look-up by hash is deterministic because the hash is the content. The worker loads what is deployed ahead of time;
parsing does not belong into a workflow task.
"""

from __future__ import annotations

from pdflow.runtime import DefinitionSource

_source: DefinitionSource | None = None


def provide(source: DefinitionSource) -> None:
    """Give every workflow of this process its source of definitions."""
    global _source
    _source = source


def current() -> DefinitionSource:
    """The source of this process.

    Raises:
        RuntimeError: the worker was started without one.
    """
    if _source is None:
        raise RuntimeError("expected the worker to provide a source of definitions before it polls")
    return _source
