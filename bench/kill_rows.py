"""What a case left in the records, in words that do not depend on how often anything was tried."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlmodel import select

from pdflow.records.tables import (
    Appeal,
    Case,
    Clock,
    ClockEvent,
    Command,
    Determination,
    FactRow,
    Incident,
    Inquiry,
    Instance,
    Message,
    Notice,
    NoticeAttempt,
    Recipient,
    Task,
    Transfer,
)
from pdflow.services.platform import Platform

#: Facts of the simulated clock's own movement: a seeded demo moves it in other strides, and lets it go at the anchor.
_STRIDES = ("command_done", "anchored")

Rows = dict[str, list[tuple[Any, ...]]]


def rows(platform: Platform) -> Rows:
    """Table -> rows, of columns that the life of the cases decides; ids are replaced by what they name."""
    with platform.reading() as session:
        names = _names(list(session.exec(select(Instance).order_by(Instance.started_at))))  # type: ignore[arg-type]

        def all_of(model: Any) -> Sequence[Any]:
            return session.exec(select(model)).all()

        recipients = {row.id: row.kind for row in all_of(Recipient)}
        notices = {row.id: row for row in all_of(Notice)}
        clocks = {row.id: row for row in all_of(Clock)}
        found: Rows = {
            "cases": [
                (c.id, c.state, c.outcome, c.office, c.review_unit, c.held, c.closed_at) for c in all_of(Case)
            ],
            "instances": [(names[i.id], i.state, i.started_at, i.ended_at, i.due) for i in all_of(Instance)],
            "facts": [
                (names[f.instance], f.kind, f.element, f.item, f.at)
                for f in all_of(FactRow)
                if f.kind not in _STRIDES
            ],
            "tasks": [
                (names[t.instance], t.element, t.unit, t.state, t.opened_at, t.due, t.closed_at, t.closed_by)
                for t in all_of(Task)
            ],
            "clocks": [
                (
                    c.case,
                    c.policy,
                    recipients.get(c.subject or "", c.subject),
                    c.unit,
                    c.state,
                    c.started_at,
                    c.stopped_at,
                    c.outcome,
                )
                for c in clocks.values()
            ],
            "clock events": [
                (clocks[e.clock].case, clocks[e.clock].policy, e.kind, e.at) for e in all_of(ClockEvent)
            ],
            "notices": [
                (
                    n.case,
                    n.kind,
                    recipients[n.recipient],
                    n.language,
                    n.channel,
                    n.state,
                    n.served_at,
                    n.attempts,
                )
                for n in notices.values()
            ],
            "notice attempts": [
                (notices[a.notice].case, notices[a.notice].kind, a.channel, a.result, a.at)
                for a in all_of(NoticeAttempt)
            ],
            "determinations": [(d.case, d.outcome, d.signed_at) for d in all_of(Determination)],
            "appeals": [(a.case, a.level, a.unit, a.filed_at, a.result) for a in all_of(Appeal)],
            "inquiries": [(i.case, i.state) for i in all_of(Inquiry)],
            "transfers": [(t.case, t.from_unit, t.to_unit, t.at) for t in all_of(Transfer)],
            "messages": [(m.name, m.state) for m in all_of(Message)],
            "incidents": [(i.case, i.code) for i in all_of(Incident)],
            "commands": [
                (c.case, c.name, c.effect, c.actor, c.state) for c in all_of(Command) if c.name != "advance"
            ],
        }
    return {table: sorted(of_table, key=str) for table, of_table in found.items()}


def _names(instances: Sequence[Instance]) -> dict[str, str]:
    """Instance id -> case, process and which one of its kind in this case."""
    names: dict[str, str] = {}
    for row in instances:
        before = sum(1 for name in names.values() if name.startswith(f"{row.case} {row.process} "))
        names[row.id] = f"{row.case} {row.process} {before + 1}"
    return names
