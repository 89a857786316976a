"""Policy packs: what changes when guidance changes (domain finding 1), read from ``bpmn/policy`` and never written in code.

A record that relies on a pack keeps its name and version (``factors/1``), so that a decision pins the version in force.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pdflow.services.errors import Refused
from pdflow.sla import read_pack

#: What process designers edit. The product runs from its checkout; the wheel holds no models.
BPMN = Path(__file__).parents[3] / "bpmn"

#: Name of each pack's list of entries.
_LISTS = {
    "appeal-grounds": "grounds",
    "discretion": "forms",
    "domains": "domains",
    "evidence": "kinds",
    "factors": "factors",
    "grounds": "grounds",
    "groups": "groups",
}


@cache
def pack(name: str) -> Mapping[str, Any]:
    """A pack as its file has it.

    Args:
        name: file name without its ending, such as ``factors``.
    """
    data: dict[str, Any] = json.loads((BPMN / "policy" / f"{name}.json").read_text(encoding="utf-8"))
    return data


@cache
def pinned(name: str) -> str:
    """Name and version of the pack in force, as records keep it: ``factors/1``."""
    return f"{name}/{pack(name)['version']}"


@cache
def entries(name: str) -> Mapping[str, Mapping[str, Any]]:
    """Entries of a pack by their code, in the order of the file."""
    return {entry["code"]: entry for entry in pack(name)[_LISTS[name]]}


def entry(name: str, code: str) -> Mapping[str, Any]:
    """One entry.

    Raises:
        Refused: the closed list does not have it (``unknown-code``).
    """
    found = entries(name).get(code)
    if found is None:
        raise Refused(
            f"Expected one of the {_LISTS[name]} of the list in force ({', '.join(entries(name))}), got {code!r}.",
            code="unknown-code",
        )
    return found


def title(name: str, code: str, language: str = "en") -> str:
    """Words for a code; English where the pack has no words in that language (see :func:`speaks`)."""
    titles = entry(name, code)["title"]
    return str(titles.get(language, titles["en"]))


def speaks(name: str, language: str) -> bool:
    """Whether every entry of a pack has words in a language."""
    return all(language in one["title"] for one in entries(name).values())


@cache
def languages() -> Mapping[str, Mapping[str, Any]]:
    """Languages by their BCP 47 tag."""
    return {one["tag"]: one for one in pack("languages")["languages"]}


@cache
def days(policy: str) -> int:
    """Whole days of a clock policy's target, said in letters; the policy is the only place of the number."""
    target = read_pack((BPMN / "policy" / "clocks.json").read_bytes()).policies[policy].target
    return target.days


@cache
def form(name: str) -> Mapping[str, Any]:
    """A form of the checkout, for what comes in from outside; a task's form is pinned by its definition."""
    schema: dict[str, Any] = json.loads((BPMN / "forms" / f"{name}.json").read_text(encoding="utf-8"))
    return schema


def harm_warning(language: str) -> str | None:
    """The warning to show before a request is typed (domain facts 5.7); ``None``: no checked words, read it aloud."""
    for text in pack("harm-warning")["texts"]:
        if text["language"] == language and text["verified"]:
            return str(text["text"])
    return None
