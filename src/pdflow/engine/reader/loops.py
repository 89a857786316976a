"""Loop characteristics of an activity, the standard's and ``zeebe:loopCharacteristics``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pdflow.engine.expressions import Expr, Setting
from pdflow.engine.model import EventDefinition, Loop
from pdflow.engine.reader.extensions import extension
from pdflow.engine.reader.source import BPMN, Element, Source, child, text

if TYPE_CHECKING:
    from pdflow.engine.reader.events import Definitions


def read(source: Source, element: Element, definitions: Definitions) -> Loop | None:
    """The loop of an activity; ``definitions`` reads what its behaviour throws."""
    standard = child(element, "standardLoopCharacteristics")
    if standard is not None:
        return _standard(source, standard)
    multi = child(element, "multiInstanceLoopCharacteristics")
    return _multi(source, element, multi, definitions) if multi is not None else None


def _standard(source: Source, loop: Element) -> Loop:
    condition = source.formal(child(loop, "loopCondition"))
    maximum: Setting | None = loop.get("loopMaximum")
    if maximum is None:
        maximum_element = child(loop, "loopMaximum")
        maximum = source.setting(loop, text(maximum_element))
    if condition is None and maximum is None:
        source.refuse(
            loop, "loop-endless", "The loop has no condition and no maximum.", "Give it a loopCondition."
        )
    return Loop(
        "standard", condition=condition, test_before=loop.get("testBefore") == "true", maximum=maximum
    )


def _multi(source: Source, element: Element, loop: Element, definitions: Definitions) -> Loop:
    zeebe = extension(loop, "loopCharacteristics")
    attributes: dict[str, str] = (
        {str(k): str(v) for k, v in zeebe.attrib.items()} if zeebe is not None else {}
    )
    cardinality = source.formal(child(loop, "loopCardinality"))
    collection = source.feel(loop, attributes.get("inputCollection"))
    item, output = attributes.get("inputElement"), attributes.get("outputCollection")
    output_element = source.feel(loop, attributes.get("outputElement"))
    if collection is None and child(loop, "loopDataInputRef") is not None:
        collection = source.feel(loop, source.name_of(text(child(loop, "loopDataInputRef"))))
        item = _item_name(child(loop, "inputDataItem"))
        output = source.name_of(text(child(loop, "loopDataOutputRef")))
        output_element = source.feel(loop, _item_name(child(loop, "outputDataItem")))
    if cardinality is None and collection is None:
        source.refuse(
            loop, "loop-count", "Nothing says how many instances there are.", "Give it an input collection."
        )
    behavior = loop.get("behavior", "All")
    thrown = loop.get("noneBehaviorEventRef") if behavior == "None" else loop.get("oneBehaviorEventRef")
    throws = definitions.by_id(thrown) if thrown and behavior in ("None", "One") else None
    if behavior in ("None", "One") and throws is None:
        source.refuse(loop, "loop-behavior", f"Behaviour '{behavior}' names no event that the file defines.")
    return Loop(
        "sequential" if loop.get("isSequential") == "true" else "parallel",
        cardinality=cardinality,
        collection=collection,
        element=item or None,
        output=output or None,
        output_element=output_element,
        completion=source.formal(child(loop, "completionCondition")),
        behavior=behavior,
        throws=throws,
        complex=tuple(_complex(source, loop, definitions)) if behavior == "Complex" else (),
    )


def _complex(
    source: Source, loop: Element, definitions: Definitions
) -> Iterator[tuple[Expr, EventDefinition]]:
    for rule in loop.iterchildren(BPMN + "complexBehaviorDefinition"):
        condition = source.formal(child(rule, "condition"))
        event = child(rule, "event")
        thrown = definitions.of(event) if event is not None else ()
        if condition is None or not thrown:
            source.refuse(rule, "loop-behavior", "A complex behaviour has no condition or throws nothing.")
            continue
        yield from ((condition, definition) for definition in thrown)


def _item_name(item: Element | None) -> str | None:
    return (item.get("name") or item.get("id")) if item is not None else None
