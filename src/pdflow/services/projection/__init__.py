"""The projection: what an instance did becomes rows, once, in order, in one transaction."""

from pdflow.services.projection.write import Projected, project, project_many

__all__ = ["Projected", "project", "project_many"]
