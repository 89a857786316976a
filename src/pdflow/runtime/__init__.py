"""One process instance as a pure object: the engine, its SLA clocks, its inbox and its unwritten facts."""

from pdflow.runtime.commands import COMMANDS
from pdflow.runtime.definitions import (
    Definition,
    DefinitionSource,
    manifest_hash,
    read_manifest,
    write_manifest,
)
from pdflow.runtime.errors import (
    DefinitionMissing,
    ManifestRefused,
    RuntimeFault,
    SnapshotRefused,
    StartRefused,
)
from pdflow.runtime.incoming import DefinitionsResolved, JobDone, JobFailed
from pdflow.runtime.instance import Answers, Instance
from pdflow.runtime.local import JobAttemptFailed, LocalDriver

__all__ = [
    "COMMANDS",
    "Answers",
    "Definition",
    "DefinitionMissing",
    "DefinitionSource",
    "DefinitionsResolved",
    "Instance",
    "JobAttemptFailed",
    "JobDone",
    "JobFailed",
    "LocalDriver",
    "ManifestRefused",
    "RuntimeFault",
    "SnapshotRefused",
    "StartRefused",
    "manifest_hash",
    "read_manifest",
    "write_manifest",
]
