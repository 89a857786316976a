"""The activity ``resolve_definitions``, and the source of definitions that this worker's workflows share."""

from __future__ import annotations

from sqlmodel import select
from temporalio import activity

from activities.failures import coded
from pdflow.records.tables import Definition
from pdflow.runtime import DefinitionSource
from pdflow.runtime.errors import DefinitionMissing
from pdflow.runtime.messages import ACTIVITY_RESOLVE, ResolveCall, Resolved
from pdflow.services import definitions
from pdflow.services.platform import Platform


class Definitions:
    """Keeps every published definition parsed: parsing takes time that a workflow task does not have.

    Attributes:
        source: for ``workflows.definitions.provide``; a miss reads one manifest.
    """

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._loaded: set[str] = set()
        self.source = DefinitionSource(self._read)

    def preload(self) -> None:
        """Load what was published since the last call."""
        with self._platform.reading() as session:
            published = set(session.exec(select(Definition.hash).where(Definition.state == "published")))
        for hash in sorted(published - self._loaded):
            self.source.get(hash)
            self._loaded.add(hash)

    @activity.defn(name=ACTIVITY_RESOLVE)
    def resolve_definitions(self, call: ResolveCall) -> Resolved:
        """Which definition is the latest of each process; each is loaded before the answer leaves."""
        try:
            with self._platform.reading() as session:
                found = definitions.resolve(session, call.processes)
            for hash in found.values():
                self.source.get(hash)
        except Exception as error:
            raise coded(ACTIVITY_RESOLVE, error) from None
        return Resolved(found)

    def _read(self, hash: str) -> bytes | None:
        with self._platform.reading() as session:
            try:
                return definitions.manifest(session, hash)
            except DefinitionMissing:
                return None
