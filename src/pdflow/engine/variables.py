"""Variables in scopes: process, called process, subprocess, loop item, and elements with input mappings.

A name is read from the nearest scope that has it. It is set where it already exists, nearest first, else in the process
(the called process, inside a call). Values are FEEL's, never changed in place, so that no two branches share a list.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pdflow.engine.expressions import Expr, Setting
from pdflow.engine.state import EngineError, State, Token, Trouble
from pdflow.feel import FeelError, Function, from_python, to_python
from pdflow.feel.runtime import DEFAULT_STEPS, Runtime

LIMIT = 64 * 1024
"""Characters that all variables of an instance may take, names included."""

MAX_DEPTH = 64
"""Lists and contexts inside one another in a variable, at most."""

Values = dict[str, Any]


def weight(value: Any) -> int:
    """About the characters of a value's JSON."""
    if isinstance(value, str):
        return len(value) + 2
    if value is None or isinstance(value, (bool, Decimal)):
        return 8
    if isinstance(value, dict):
        return sum(len(key) + 4 + weight(item) for key, item in value.items()) + 2
    if isinstance(value, list):
        return sum(weight(item) + 1 for item in value) + 2
    return 32


def scope_weight(token: Token) -> int:
    """Weight of a scope's own variables."""
    return sum(weight(value) + len(name) + 4 for name, value in (token.variables or {}).items())


def received(values: Mapping[str, Any]) -> Values:
    """FEEL values of variables that come from outside.

    Raises:
        EngineError: for what FEEL cannot hold, and for data nested too deep.
    """
    problem = _unstorable(values)
    if problem:
        raise EngineError("variable-type", f"Variables must be JSON-like data or dates, not {problem}.")
    try:
        return {str(name): from_python(value) for name, value in values.items()}
    except TypeError as error:
        raise EngineError("variable-type", f"Variables must be JSON-like data or dates: {error}.") from error


def plain(values: Mapping[str, Any] | None) -> dict[str, Any]:
    """Python values of variables that go outside."""
    return {name: to_python(value) for name, value in values.items()} if values else {}


def lookup(token: Token | None, name: str) -> Any:
    """Value of the nearest variable of that name; null when there is none."""
    while token is not None:
        if token.variables is not None and name in token.variables:
            return token.variables[name]
        token = _outward(token)
    return None


def _outward(token: Token) -> Token | None:
    if (
        token.node.type == "callActivity"
        and not token.node.extensions.propagate_parent
        and token.role == "scope"
    ):
        return None
    return token.parent


def visible(token: Token | None) -> Values:
    """Everything that can be read from here, nearest first."""
    found: Values = {}
    while token is not None:
        if token.variables is not None:
            found = {**token.variables, **found}
        token = _outward(token)
    return found


def evaluate(s: State, token: Token, expr: Expr, extra: Values | None = None) -> Any:
    """Value of an expression as seen from a token; ``extra`` are names nearer than any scope.

    Raises:
        Trouble: when the evaluation goes beyond its budget, or gives a function.
    """
    context: Values = {}
    for name in expr.names:
        if extra is not None and name in extra:
            context[name] = extra[name]
            continue
        holder: Token | None = token
        while holder is not None:
            if holder.variables is not None and name in holder.variables:
                context[name] = holder.variables[name]
                break
            holder = _outward(holder)
    try:
        runtime = Runtime(DEFAULT_STEPS, 0, s.clock, s.functions)
        value = expr.run(context, runtime)
        s.spent += DEFAULT_STEPS - runtime.left
    except FeelError as error:
        s.spent += DEFAULT_STEPS
        raise Trouble("expression", f"The expression '{expr.text}' cannot be evaluated: {error}.") from error
    if isinstance(value, (list, dict, Function)):
        problem = _unstorable(value)
        if problem:
            raise Trouble("variable-type", f"The expression '{expr.text}' gave {problem}; expected data.")
    return value


def _unstorable(value: Any) -> str:
    """What keeps a value from being a variable: a function in it, or its depth; empty when nothing does."""
    pending = [(value, 0)]
    while pending:
        current, depth = pending.pop()
        if isinstance(current, Function):
            return "a function"
        if isinstance(current, (list, tuple, Mapping)):
            if depth >= MAX_DEPTH:
                return f"lists or contexts nested more than {MAX_DEPTH} deep"
            inner = current.values() if isinstance(current, Mapping) else current
            pending.extend((item, depth + 1) for item in inner)
    return ""


def holds(s: State, token: Token, expr: Expr, extra: Values | None = None) -> bool:
    """Whether a condition is true; null (a variable that is not set) is not.

    Raises:
        Trouble: when it gives something else than true, false or null.
    """
    value = evaluate(s, token, expr, extra)
    if value is None or isinstance(value, bool):
        return value is True
    message = f"The condition '{expr.text}' gave {value!r:.80}; expected true or false."
    raise Trouble("condition-value", message)


def resolve(s: State, token: Token, setting: Setting | None, extra: Values | None = None) -> Any:
    """A setting's static text, or the FEEL value of its expression."""
    if setting is None or isinstance(setting, str):
        return setting
    return evaluate(s, token, setting, extra)


def resolve_text(s: State, token: Token, setting: Setting | None, extra: Values | None = None) -> str | None:
    """A setting that must be text; numbers are written out.

    Raises:
        Trouble: when it is neither text, number nor null.
    """
    value = resolve(s, token, setting, extra)
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return str(to_python(value))
    shown = getattr(setting, "text", setting)
    raise Trouble("setting-value", f"'{shown}' gave {value!r:.80}; expected text.")


def assign(s: State, token: Token, name: str, value: Any) -> None:
    """Set a variable where it exists, seen from a token, else in the process. ``a.b`` sets an entry of ``a``.

    Raises:
        Trouble: when the instance would hold more than :data:`LIMIT`.
    """
    if "." in name:
        name, _, path = name.partition(".")
        value = _with_entry(lookup(token, name), path.split("."), value)
    holder = token
    while not (holder.variables is not None and name in holder.variables):
        if holder.barrier:
            break
        holder = holder.parent  # type: ignore[assignment]
    if holder.variables is None:
        holder.variables = {}
    if holder.role == "scope":
        grown = weight(value) - (
            weight(holder.variables[name]) if name in holder.variables else -len(name) - 4
        )
        if grown > 0 and s.size + grown > LIMIT:
            message = f"Setting '{name}' would take the variables of this instance above {LIMIT // 1024} KB."
            raise Trouble("variables-too-large", message)
        s.size += grown
    holder.variables[name] = value
    s.dirty = True


def _with_entry(context: Any, path: list[str], value: Any) -> Values:
    entries = dict(context) if isinstance(context, dict) else {}
    entries[path[0]] = value if len(path) == 1 else _with_entry(entries.get(path[0]), path[1:], value)
    return entries


def check_size(s: State, token: Token, values: Values) -> None:
    """Refuse values from outside that would not fit, before anything changes.

    Raises:
        EngineError: code ``variables-too-large``.
    """
    grown = weight(values) - sum(weight(lookup(token, name)) for name in values)
    if s.size + grown > LIMIT:
        message = (
            f"These variables would take the instance above {LIMIT // 1024} KB. "
            "Keep documents and texts in records and pass their ids."
        )
        raise EngineError("variables-too-large", message)


def map_inputs(s: State, token: Token) -> Values | None:
    """The element's own variables after its input mappings; nothing is changed yet."""
    inputs = token.node.extensions.inputs
    if not inputs:
        return token.variables
    local = dict(token.variables or {})
    for expr, target in inputs:
        value = evaluate(s, token, expr, local)
        name, _, path = target.partition(".")
        local[name] = _with_entry(local.get(name), path.split("."), value) if path else value
    return local


def map_outputs(s: State, token: Token) -> None:
    """Bring what a completion or event gave into the scopes: by the output mappings, or all of it without any."""
    given = token.given
    outputs = token.node.extensions.outputs
    if outputs:
        if given:
            token.variables = {**(token.variables or {}), **given}
            token.given = None
        values = [(target, evaluate(s, token, expr)) for expr, target in outputs]
        for target, value in values:
            assign(s, token.parent or token, target, value)
    elif given:
        for name, value in given.items():
            assign(s, token, name, value)
        token.given = None
