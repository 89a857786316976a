"""Context functions (DMN 1.5 section 10.3.4.11)."""

from __future__ import annotations

from typing import Any

from pdflow.feel.functions.signature import builtin
from pdflow.feel.runtime import Runtime


@builtin("get value", "m: context, key: string")
def _get_value(rt: Runtime, context: dict[str, Any], key: str) -> Any:
    return context.get(key)


@builtin("get value", "m: context, keys: list")
def _get_value_deep(rt: Runtime, context: Any, keys: list[Any]) -> Any:
    rt.charge(len(keys))
    for key in keys:
        if not isinstance(context, dict) or not isinstance(key, str):
            return None
        context = context.get(key)
    return context if keys else None


@builtin("get entries", "m: context")
def _get_entries(rt: Runtime, context: dict[str, Any]) -> list[dict[str, Any]]:
    rt.charge(len(context))
    return [{"key": key, "value": value} for key, value in context.items()]


@builtin("context", "entries: list")
def _context(rt: Runtime, entries: list[Any]) -> dict[str, Any] | None:
    """A context of entries with ``key`` and ``value``; null for a key that is no string or comes twice."""
    rt.charge(len(entries))
    result: dict[str, Any] = {}
    for entry in entries:
        if not isinstance(entry, dict) or "key" not in entry or "value" not in entry:
            return None
        key = entry["key"]
        if not isinstance(key, str) or key in result:
            return None
        result[key] = entry["value"]
    return result


@builtin("context put", "context: context, key: string, value: any")
def _context_put(rt: Runtime, context: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    rt.charge(len(context))
    return {**context, key: value}


@builtin("context put", "context: context, keys: list, value: any")
def _context_put_deep(rt: Runtime, context: Any, keys: list[Any], value: Any) -> dict[str, Any] | None:
    rt.charge(len(keys))
    if not keys or not isinstance(context, dict) or not all(isinstance(key, str) for key in keys):
        return None
    result = dict(context)
    rt.charge(len(result))
    current = result
    for key in keys[:-1]:
        inner = current.get(key)
        if not isinstance(inner, dict):
            return None
        rt.charge(len(inner))
        current[key] = dict(inner)
        current = current[key]
    current[keys[-1]] = value
    return result


@builtin("context merge", "contexts: list")
def _context_merge(rt: Runtime, contexts: list[Any]) -> dict[str, Any] | None:
    result: dict[str, Any] = {}
    for context in contexts:
        if not isinstance(context, dict):
            return None
        rt.charge(len(context) + 1)
        result.update(context)
    return result
