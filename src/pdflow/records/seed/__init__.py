"""What a fresh database holds: units, areas of responsibility and example liaison contacts.

Offices and areas: public project ``deportationdata/ice-offices`` (CC0), snapshot of April 2026. Review units and the
liaison contacts are examples (reserved telephone numbers and domains), to be replaced by each installation.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, select

from pdflow.records.tables import Area, Liaison, Unit

HEADQUARTERS = "HQ"


def plant(session: Session, *, verified: date) -> bool:
    """Write the seed data unless units are already there.

    Args:
        session: a writing session.
        verified: day on which the example contacts count as verified.

    Returns:
        Whether anything was written.
    """
    if session.exec(select(Unit.code).limit(1)).first() is not None:
        return False
    units = list(_units())
    session.execute(insert(Unit), [unit for unit in units if unit["type"] != "field_office"])
    session.execute(insert(Unit), [unit for unit in units if unit["type"] == "field_office"])
    offices = {unit["name"]: unit["code"] for unit in units}
    session.execute(insert(Area), [_area(row, offices) for row in _rows("areas_of_responsibility.csv")])
    session.execute(insert(Liaison), [_liaison(unit, n, verified) for n, unit in enumerate(units)])
    return True


def area_name(text: str) -> str:
    """A county as the areas table spells it: without what a county is called in its state."""
    words = text.strip()
    for ending in (" county", " parish", " borough", " census area", " municipality"):
        if words.lower().endswith(ending):
            return words[: -len(ending)]
    return words


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = files(__name__).joinpath(name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


def _units() -> Iterator[dict[str, Any]]:
    yield _unit(HEADQUARTERS, "hq", "Headquarters", "America/New_York", None)
    reviewed_by = {}
    for row in _rows("review_units.csv"):
        yield _unit(row["code"], "review", row["name"], row["time_zone"], None)
        reviewed_by.update(dict.fromkeys(row["offices"].split(), row["code"]))
    for row in _rows("field_offices.csv"):
        yield _unit(
            row["code"], "field_office", row["office_name"], row["time_zone"], reviewed_by[row["code"]]
        )


def _unit(code: str, type: str, name: str, time_zone: str, review_unit: str | None) -> dict[str, Any]:
    return {
        "code": code,
        "type": type,
        "name": name,
        "time_zone": time_zone,
        "review_unit": review_unit,
        "active": True,
    }


def _area(row: dict[str, str], offices: dict[str, str]) -> dict[str, str]:
    return {
        "state": row["state_name"],
        "county": area_name(row["county_name"]),
        "office": offices[row["office_name"]],
    }


def _liaison(unit: dict[str, Any], number: int, verified: date) -> dict[str, Any]:
    code = unit["code"].lower()
    return {
        "unit": unit["code"],
        "name": f"Liaison desk, {unit['name']}",
        "phone": f"202-555-01{number:02d}",
        "email": f"liaison.{code}@example.org",
        "valid_from": verified,
        "valid_to": None,
        "last_verified": verified,
    }
