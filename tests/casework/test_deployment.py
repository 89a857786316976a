"""Deploying the shipped models: published as one release, and again without a second version."""

from __future__ import annotations

from sqlmodel import select

from pdflow.casework import deployment
from pdflow.records.documents import FolderDocuments
from pdflow.records.tables import Definition
from pdflow.services.inprocess import in_process
from pdflow.services.settings import Settings


def test_a_release_is_published_once(records, key_ring, tmp_path, shipped):
    platform = in_process(
        records, FolderDocuments(tmp_path / "documents", key_ring), Settings(state=tmp_path)
    )
    first = deployment.deploy(platform)
    assert deployment.deploy(platform) == first
    with platform.reading() as session:
        found = {row.hash: (row.process, row.state, row.version) for row in session.exec(select(Definition))}
    assert found == {row["hash"]: (row["process"], "published", 1) for row in shipped}
