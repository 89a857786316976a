"""A pack: the policies in force together, under one version (domain finding 1: policy changes, so it is data)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from pdflow.sla.errors import PolicyRefused
from pdflow.sla.policy import Policy, read_policy

_KEYS = {"format", "pack", "version", "policies"}


@dataclass(frozen=True)
class Pack:
    """The policies of one version.

    Attributes:
        policies: by id, in the order of the file.
    """

    name: str
    version: int
    policies: dict[str, Policy]


def read_pack(text: str | bytes) -> Pack:
    """Read a pack such as ``bpmn/policy/clocks.json``.

    Raises:
        PolicyRefused: not JSON, not of this format, or a policy in it is refused; every reason is given.
    """
    try:
        data: Any = json.loads(text)
    except ValueError as error:
        raise PolicyRefused([f"pack: expected JSON, found {error}"]) from error
    if not isinstance(data, dict) or set(data) != _KEYS or data["format"] != 1:
        raise PolicyRefused(
            ["pack: expected an object with format 1, pack, version and policies, and nothing else"]
        )
    if (
        not isinstance(data["pack"], str)
        or type(data["version"]) is not int
        or not isinstance(data["policies"], list)
    ):
        raise PolicyRefused(["pack: expected pack to be text, version a whole number and policies a list"])
    policies: dict[str, Policy] = {}
    reasons: list[str] = []
    for index, entry in enumerate(data["policies"]):
        try:
            policy = read_policy(entry, place=f"policies[{index}]")
        except PolicyRefused as refused:
            reasons += refused.reasons
            continue
        if policy.id in policies:
            reasons.append(
                f"policies[{index}].id: expected an id of its own, found {policy.id!r} a second time"
            )
        policies[policy.id] = policy
    if reasons:
        raise PolicyRefused(reasons)
    return Pack(data["pack"], data["version"], policies)
