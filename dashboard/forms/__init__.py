"""Task forms: JSON Schema 2020-12 drawn as native widgets, with the schema as the one validator."""

from dashboard.forms.drawing import draw
from dashboard.forms.findings import Finding, findings
from dashboard.forms.resolve import Field, resolve
from dashboard.forms.values import Item, opening_value

__all__ = ["Field", "Finding", "Item", "draw", "findings", "opening_value", "resolve"]
