"""What differs between two versions of a model, element by element, in words; where things are drawn does not count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lxml import etree

from pdflow.engine.reader.guard import parse

_BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
_DRAWING = "http://www.omg.org/spec/BPMN/20100524/DI"
#: Children that say nothing of their own: a flow is told by the flow itself.
_ECHO = frozenset({"incoming", "outgoing", "flowNodeRef"})


@dataclass(frozen=True)
class Change:
    """One difference.

    Attributes:
        element: id; a removed one is in the earlier model alone.
        type: BPMN local name.
        what: one line a difference, ``setting: before -> after``; empty for what was added or removed.
    """

    kind: Literal["added", "removed", "changed"]
    element: str
    type: str
    name: str
    what: tuple[str, ...] = ()


def changes(before: str, after: str) -> list[Change]:
    """Compare two models; those of the later one in its order, then what was removed.

    Raises:
        ModelRefused: one of them cannot be read.
    """
    old, new = _elements(before), _elements(after)
    found = []
    for id, element in new.items():
        if id not in old:
            found.append(Change("added", id, _type(element), _name(element)))
            continue
        what = _differences(_settings(old[id]), _settings(element))
        if what:
            found.append(Change("changed", id, _type(element), _name(element), what))
    found += [
        Change("removed", id, _type(element), _name(element)) for id, element in old.items() if id not in new
    ]
    return found


def _elements(xml: str) -> dict[str, etree._Element]:
    """Every BPMN element with an id, in document order, without the drawing."""
    root = parse(xml.encode(), "model.bpmn").getroot()
    return {
        element.get("id", ""): element
        for element in root.iter()
        if isinstance(element.tag, str) and element.tag.startswith(f"{{{_BPMN}}}") and element.get("id")
    }


def _type(element: etree._Element) -> str:
    return etree.QName(element).localname


def _name(element: etree._Element) -> str:
    return element.get("name") or ""


def _settings(element: etree._Element) -> dict[str, str]:
    """What an element says of itself: its attributes, and everything in it that has no id of its own."""
    found = {str(name): str(value) for name, value in element.attrib.items() if name != "id"}
    _collect(element, "", found)
    return found


def _collect(element: etree._Element, path: str, found: dict[str, str]) -> None:
    for child in element:
        if not isinstance(child.tag, str) or _type(child) in _ECHO or child.tag.startswith(f"{{{_DRAWING}}}"):
            continue
        if child.get("id") and child.tag.startswith(f"{{{_BPMN}}}") and not _is_part(child):
            continue
        key = child.get("name") or child.get("target") or child.get("key") or _type(child)
        place = f"{path}{key}"
        for name, value in child.attrib.items():
            local = etree.QName(name).localname
            if local not in ("id", "name", "target", "key"):
                found[place if local in ("value", "source") else f"{place} {local}"] = str(value)
        if child.text and child.text.strip():
            found[place] = child.text.strip()
        _collect(child, path if _type(child) in ("extensionElements", "properties") else f"{place} ", found)


def _is_part(child: etree._Element) -> bool:
    """Event definitions, conditions and loops belong to their element although they have ids."""
    local = _type(child)
    return local.endswith(("EventDefinition", "Expression", "Characteristics"))


def _differences(before: dict[str, str], after: dict[str, str]) -> tuple[str, ...]:
    names = [*after, *(name for name in before if name not in after)]
    return tuple(
        f"{name}: {before.get(name, 'nothing')} → {after.get(name, 'nothing')}"
        for name in names
        if before.get(name) != after.get(name)
    )
