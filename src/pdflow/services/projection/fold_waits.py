"""What facts make of incidents and of awaited messages."""

from __future__ import annotations

from datetime import datetime

from pdflow.records.tables import Incident, Subscription
from pdflow.runtime.messages import Fact
from pdflow.services.projection.place import Place
from pdflow.services.projection.store import Rows


def incident_raised(rows: Rows, place: Place, fact: Fact, at: datetime) -> None:
    """Something stopped."""
    incident = {
        "id": f"{place.instance}:{fact.number}",
        "instance": place.instance,
        "process": place.process,
        "case": place.case,
        "unit": place.unit,
        "simulated": place.simulated,
        "token": fact.token,
        "element": fact.element,
        "code": fact.data.get("code") or "incident",
        "message": fact.data.get("message") or "",
        "opened_at": at,
        "cleared_at": None,
        "cleared_by": None,
        "opened_by_fact": fact.number,
        "changed_by_fact": fact.number,
        "closed_by_fact": None,
    }
    place.incidents[fact.token] = rows.add(Incident, incident)


def incident_cleared(rows: Rows, place: Place, fact: Fact, at: datetime) -> None:
    """It goes on, or its element is gone."""
    incident = place.incidents.pop(fact.token, None)
    if incident is not None:
        rows.change(
            Incident,
            incident,
            cleared_at=at,
            cleared_by=fact.actor,
            changed_by_fact=fact.number,
            closed_by_fact=fact.number,
        )


def subscribed(rows: Rows, place: Place, fact: Fact, at: datetime) -> None:
    """A message is awaited."""
    subscription = {
        "instance": place.instance,
        "fact": fact.number,
        "process": place.process,
        "token": fact.token,
        "message": fact.data["message"],
        "key": fact.data.get("key"),
        "since": at,
        "ended_by_fact": None,
    }
    place.subscriptions[fact.token] = rows.add(Subscription, subscription)


def unsubscribed(rows: Rows, place: Place, fact: Fact, at: datetime) -> None:
    """It no longer is."""
    subscription = place.subscriptions.pop(fact.token, None)
    if subscription is not None:
        rows.change(Subscription, subscription, ended_by_fact=fact.number)
