"""Tasks (BPMN 2.0.2 section 10.3.3): the work of each type."""

from __future__ import annotations

from datetime import datetime

from pdflow.engine import timers
from pdflow.engine.behaviours import base
from pdflow.engine.behaviours.activity import Activity
from pdflow.engine.catching import arm, correlation_key, prepare
from pdflow.engine.expressions import Setting
from pdflow.engine.protocol import OpenTask, RunActivity, ThrowMessage
from pdflow.engine.state import State, Token, Trouble
from pdflow.engine.variables import evaluate, plain, resolve, resolve_text, visible
from pdflow.feel import FeelError, from_python, to_python


def _whole(s: State, token: Token, setting: Setting | None, default: int, what: str) -> int:
    if setting is None:
        return default
    value = to_python(resolve(s, token, setting))
    if value is None:
        return default
    if isinstance(value, str) and value.strip().isdigit():
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise Trouble(
        "setting-value", f"The {what} of '{token.node.id}' is {value!r:.80}; expected a whole number."
    )


def _names(s: State, token: Token, setting: Setting | None) -> tuple[str, ...]:
    """Groups or users: a list, or text with commas."""
    if setting is None:
        return ()
    value = to_python(resolve(s, token, setting))
    if value is None:
        return ()
    entries = value if isinstance(value, list) else str(value).split(",")
    return tuple(str(entry).strip() for entry in entries if entry is not None and str(entry).strip())


def _instant(s: State, token: Token, setting: Setting | None, what: str) -> datetime | None:
    value = resolve(s, token, setting) if setting is not None else None
    if value is None:
        return None
    try:
        return timers.instant(value)
    except timers.TimerError as error:
        raise Trouble(error.code, f"The {what} of '{token.node.id}' cannot be set: {error}.") from error


class UserTask(Activity):
    """A person's task: open until completed, closed when terminated."""

    def work(self, s: State, token: Token) -> None:
        """Ask for the task to be opened."""
        node, ext = token.node, token.node.extensions
        passed, _ = base.properties(s, token, None)
        command = OpenTask(
            token=token.id,
            element=node.id,
            name=node.name,
            form=resolve_text(s, token, ext.form),
            assignee=resolve_text(s, token, ext.assignee),
            candidate_groups=_names(s, token, ext.candidate_groups),
            candidate_users=_names(s, token, ext.candidate_users),
            due=_instant(s, token, ext.due, "due date"),
            follow_up=_instant(s, token, ext.follow_up, "follow-up date"),
            priority=_whole(s, token, ext.priority, 50, "priority"),
            variables=plain(token.variables),
            headers=ext.headers,
            properties=passed,
            definition=token.home.definition,
        )
        s.commands.append(command)
        token.state = "task"


def run_activity(s: State, token: Token) -> None:
    """Ask for the activity that a task or message event names; it gets its inputs, or without any all it can see."""
    ext = token.node.extensions
    passed, _ = base.properties(s, token, None)
    command = RunActivity(
        token=token.id,
        element=token.node.id,
        type=resolve_text(s, token, ext.task_type) or "",
        retries=_whole(s, token, ext.retries, 3, "number of retries"),
        headers=ext.headers,
        variables=plain(token.variables if ext.inputs else visible(token)),
        properties=passed,
    )
    s.commands.append(command)
    token.state = "activity"


class ServiceTask(Activity):
    """The host runs an activity; its variables complete the task."""

    def work(self, s: State, token: Token) -> None:
        """Ask for the activity."""
        run_activity(s, token)


class SendTask(ServiceTask):
    """Sends its message; with a task type, or without a message, it is a service task."""

    def work(self, s: State, token: Token) -> None:
        """Throw the message and go on."""
        message = token.node.message
        if message is None or token.node.extensions.task_type is not None:
            run_activity(s, token)
            return
        name = resolve_text(s, token, message.name) or ""
        key = correlation_key(s, token, message)
        s.commands.append(ThrowMessage(token.id, name, key, plain(token.variables)))
        self.finish(s, token)


class ReceiveTask(Activity):
    """Waits for its message."""

    def work(self, s: State, token: Token) -> None:
        """Wait."""
        assert token.node.message is not None
        subs = prepare(s, token, token.node, (token.node.message,))
        token.state = "event"
        arm(s, subs)

    def caught(self, s: State, token: Token) -> None:
        """The message has come; after an event-based gateway it was there first."""
        if token.state == "new":
            self.begin(s, token)
        token.state = "inside"
        self.finish(s, token)


class ScriptTask(ServiceTask):
    """Evaluates ``zeebe:script``; without one it is a service task."""

    def work(self, s: State, token: Token) -> None:
        """Evaluate; the value is the result variable."""
        ext = token.node.extensions
        if ext.script is None:
            run_activity(s, token)
            return
        token.given = {ext.result: evaluate(s, token, ext.script)} if ext.result else {}
        self.finish(s, token)


class BusinessRuleTask(ServiceTask):
    """Evaluates the decision of ``zeebe:calledDecision``; without one it is a service task."""

    def work(self, s: State, token: Token) -> None:
        """Evaluate; the value is the result variable."""
        ext = token.node.extensions
        name = resolve_text(s, token, ext.decision)
        if name is None:
            run_activity(s, token)
            return
        decision = s.library.decision(token.home.definition, name)
        if decision is None:
            message = f"Decision '{name}' is not deployed with this process; expected one of its decisions."
            raise Trouble("decision-missing", message)
        try:
            value = from_python(decision(visible(token), s.now))
        except (FeelError, ValueError) as error:
            raise Trouble("decision", f"Decision '{name}' cannot be evaluated: {error}.") from error
        token.given = {ext.result: value} if ext.result else {}
        self.finish(s, token)
