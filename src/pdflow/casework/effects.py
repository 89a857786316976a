"""Import this to register every command, job and fact listener of casework."""

from pdflow.casework import (
    acknowledgement,
    appeals,
    correspondence,
    determinations,
    evidence,
    groups,
    inquiry,
    liaisons,
    notices,
    people,
    requests,
    reviews,
    states,
    transfers,
)

__all__ = [
    "acknowledgement",
    "appeals",
    "correspondence",
    "determinations",
    "evidence",
    "groups",
    "inquiry",
    "liaisons",
    "notices",
    "people",
    "requests",
    "reviews",
    "states",
    "transfers",
]
