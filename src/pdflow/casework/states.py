"""Where a case stands, as the model's own elements say it (``case:state`` and its companions)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session

from pdflow.records.tables import Case, Instance
from pdflow.runtime.messages import Fact
from pdflow.services.registry import on_fact

#: Property of an element -> column of the case.
_COLUMNS = {
    "case:state": "state",
    "case:office": "office",
    "case:review_unit": "review_unit",
    "case:outcome": "outcome",
}


@on_fact("entered")
def follow(session: Session, instance: Instance, fact: Fact) -> None:
    """Set what the entered element says; a closed case also gets the instant and the element that closed it."""
    properties = fact.data.get("properties") or {}
    values: dict[str, Any] = {
        column: properties[name] for name, column in _COLUMNS.items() if properties.get(name) is not None
    }
    if not values or instance.case is None:
        return
    if values.get("state") == "closed":
        values["closed_at"] = datetime.fromisoformat(fact.at)
        values["closed_reason"] = (fact.element or "")[:40]
    case = session.get(Case, instance.case)
    if case is not None:
        for column, value in values.items():
            setattr(case, column, value)
