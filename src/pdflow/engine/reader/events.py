"""Event definitions: what SpiffWorkflow's parsers read of them, and what they lose, read here."""

from __future__ import annotations

from typing import Protocol

from pdflow.engine.model import EventDefinition, Kind
from pdflow.engine.reader.extensions import extension
from pdflow.engine.reader.source import BPMN, Element, Source, child, line_of, local, text
from pdflow.engine.timers import check_timer

_KINDS: dict[str, Kind] = {
    "messageEventDefinition": "message",
    "signalEventDefinition": "signal",
    "timerEventDefinition": "timer",
    "conditionalEventDefinition": "conditional",
    "errorEventDefinition": "error",
    "escalationEventDefinition": "escalation",
    "compensateEventDefinition": "compensation",
    "cancelEventDefinition": "cancel",
    "terminateEventDefinition": "terminate",
    "linkEventDefinition": "link",
}
_TIMERS = {"timeDate": "date", "timeDuration": "duration", "timeCycle": "cycle"}
_REFERENCES = {
    "message": "messageRef",
    "signal": "signalRef",
    "error": "errorRef",
    "escalation": "escalationRef",
}


class Tables(Protocol):
    """Names and codes by id, as SpiffWorkflow's parser found them in the file."""

    messages: dict[str, str | None]
    signals: dict[str, str | None]
    errors: dict[str, dict[str, str | None]]
    escalations: dict[str, dict[str, str | None]]


class Definitions:
    """Reads the event definitions of a file; shared ones (``eventDefinitionRef``) are found by id."""

    def __init__(self, source: Source, tables: Tables, root: Element) -> None:
        self._source = source
        self._tables = tables
        self._shared = {e.get("id"): e for e in root if local(e) in _KINDS and e.get("id")}
        self._messages = {e.get("id"): e for e in root.iterchildren(BPMN + "message")}

    def of(self, event: Element) -> tuple[EventDefinition, ...]:
        """The definitions of an event, in document order."""
        found = []
        for entry in event:
            if local(entry) in _KINDS:
                found.append(self._read(entry))
            elif local(entry) == "eventDefinitionRef":
                shared = self.by_id(text(entry).rpartition(":")[2])
                if shared is None:
                    self._source.refuse(
                        event, "reference", f"Event definition '{text(entry)}' does not exist."
                    )
                else:
                    found.append(shared)
        return tuple(found)

    def by_id(self, definition: str) -> EventDefinition | None:
        """A definition that stands at the top of the file."""
        element = self._shared.get(definition)
        return self._read(element) if element is not None else None

    def message(self, owner: Element) -> EventDefinition | None:
        """The message of a send or receive task; a receive task without one awaits its own name."""
        return self._message(owner) if owner.get("messageRef") or local(owner) == "receiveTask" else None

    def _read(self, element: Element) -> EventDefinition:
        kind = _KINDS[local(element)]
        line = line_of(element)
        reference = element.get(_REFERENCES[kind], "") if kind in _REFERENCES else ""
        if kind == "message":
            return self._message(element)
        if kind == "signal":
            name = self._tables.signals.get(reference)
            if reference and reference not in self._tables.signals:
                self._source.refuse(element, "reference", f"Signal '{reference}' does not exist.")
            return EventDefinition(
                kind, name=self._source.setting(element, name or self._owner(element)), line=line
            )
        if kind in ("error", "escalation"):
            return EventDefinition(kind, code=self._code(element, kind, reference), line=line)
        if kind == "timer":
            return self._timer(element, line)
        if kind == "conditional":
            condition = self._source.formal(child(element, "condition"))
            if condition is None:
                self._source.refuse(element, "condition-missing", "The conditional event has no condition.")
            return EventDefinition(kind, condition=condition, line=line)
        if kind == "compensation":
            waits = element.get("waitForCompletion", "true") == "true"
            return EventDefinition(kind, activity=element.get("activityRef") or None, wait=waits, line=line)
        if kind == "link":
            return EventDefinition(kind, name=element.get("name", ""), line=line)
        return EventDefinition(kind, line=line)

    def _owner(self, element: Element) -> str:
        """What stands in for a missing reference: the name of the event, else its id."""
        event = element.getparent() if local(element) in _KINDS else element
        return (event.get("name") or event.get("id") or "") if event is not None else ""

    def _message(self, element: Element) -> EventDefinition:
        reference = element.get("messageRef", "")
        if reference and reference not in self._tables.messages:
            self._source.refuse(element, "reference", f"Message '{reference}' does not exist.")
        name = self._tables.messages.get(reference) or reference or self._owner(element)
        message = self._messages.get(reference)
        subscription = extension(message, "subscription") if message is not None else None
        key = (
            self._source.feel(subscription, subscription.get("correlationKey"))
            if subscription is not None
            else None
        )
        line = line_of(element)
        return EventDefinition("message", name=self._source.setting(element, name), key=key, line=line)

    def _code(self, element: Element, kind: str, reference: str) -> str | None:
        table = self._tables.errors if kind == "error" else self._tables.escalations
        if not reference:
            return None
        if reference not in table:
            self._source.refuse(element, "reference", f"{kind.capitalize()} '{reference}' does not exist.")
            return None
        entry = table[reference]
        return (
            entry.get("error_code" if kind == "error" else "escalation_code")
            or entry.get("name")
            or reference
        )

    def _timer(self, element: Element, line: int) -> EventDefinition:
        for name, timer in _TIMERS.items():
            found = child(element, name)
            if found is None:
                continue
            value = self._source.setting(found, text(found))
            problem = check_timer(timer, value)
            if problem:
                self._source.refuse(found, "timer", problem)
            return EventDefinition("timer", timer=timer, value=value, line=line)
        self._source.refuse(element, "timer", "The timer has no date, duration or cycle.")
        return EventDefinition("timer", line=line)
