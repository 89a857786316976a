"""DMN 1.5 decision models on FEEL: pure, bounded, every finding named by its cell."""

from pdflow.dmn.errors import DmnError, ModelError
from pdflow.dmn.loader import load
from pdflow.dmn.model import Model

__all__ = ["DmnError", "Model", "ModelError", "load"]
