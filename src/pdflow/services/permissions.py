"""Who may do what: one table, role x command, from which ``docs/roles.md`` is generated.

A row names the roles and where the role must be held: ``unit`` (in the unit that is accountable), ``anywhere``. Rules
that depend on the case (who decides may not approve, S18; who was involved may not review, S30) are refusals of the
commands themselves. A task of a model is also bound to its candidate groups.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from pdflow.services.actor import SYSTEM, Actor
from pdflow.services.errors import NotAllowed

#: Every role that a grant may name; models may offer tasks to these and no others.
ROLES = frozenset(
    [
        "applicant",
        "counsel",
        "submitter",
        "officer",
        "supervisor",
        "director",
        "liaison",
        "reviewer",
        "hq_reviewer",
        "hq_liaison",
        "oversight",
        "designer",
        "publisher",
        "auditor",
        "administrator",
    ]
)


@dataclass(frozen=True)
class Permission:
    """A row of the table.

    Attributes:
        command: registered command, or name of a platform command.
        roles: any of them is enough.
        where: ``unit``: the role is held in the unit that is accountable; ``anywhere``.
        what: for the page that is generated, and for whoever is refused.
    """

    command: str
    roles: frozenset[str]
    where: Literal["unit", "anywhere"]
    what: str


def _row(command: str, roles: str, where: Literal["unit", "anywhere"], what: str) -> Permission:
    return Permission(command, frozenset(roles.split()), where, what)


_HQ = "hq_liaison hq_reviewer"
_ANY_STAFF = f"officer supervisor director liaison reviewer {_HQ} designer administrator"

TABLE: tuple[Permission, ...] = (
    # instances
    _row("instance.start", "administrator designer", "anywhere", "start a process that is no request"),
    _row("message", "administrator", "anywhere", "send a message to a process by hand"),
    _row("signal", "administrator", "anywhere", "send a signal to a process by hand"),
    _row("cancel", "administrator", "anywhere", "end a process before its end"),
    _row("advance", _ANY_STAFF, "anywhere", "move the clock of a simulated case"),
    _row("retry", "administrator", "anywhere", "try again what became an incident"),
    _row("set_variables", "administrator", "anywhere", "correct the variables of a process"),
    _row("throw_error", "administrator", "anywhere", "end a task with an error of the model"),
    _row("transfer", "supervisor director hq_liaison", "anywhere", "hand a process to another unit"),
    _row(
        "task.reassign", "supervisor director hq_liaison", "unit", "give a task to somebody, or back to all"
    ),
    # definitions
    _row("definition.propose", "designer", "anywhere", "propose a model for publication"),
    _row(
        "definition.publish",
        "publisher",
        "anywhere",
        "publish or turn down a model written by another person",
    ),
    _row("draft.edit", "designer", "anywhere", "write a draft of a model"),
    # users
    _row("user.manage", "administrator", "anywhere", "make users and give or take roles"),
    # requests
    _row("requests.receive", "applicant counsel submitter officer liaison", "anywhere", "take in a request"),
    _row("requests.record-wish", "officer", "unit", "record what the person wishes"),
    _row("requests.record-reasons", "officer", "unit", "record why the office looks at a case by itself"),
    _row("requests.acknowledge", "officer", "unit", "acknowledge a request"),
    _row(
        "requests.withdraw",
        "applicant counsel officer liaison",
        "anywhere",
        "withdraw a request for the person",
    ),
    _row("requests.close-moot", "officer supervisor", "unit", "close a request that has become moot"),
    _row("requests.transfer", "supervisor director liaison", "unit", "hand a case to another office"),
    _row("requests.set-date", "officer supervisor liaison", "unit", "record a date that cannot be moved"),
    _row("people.confirm-counsel", "officer", "unit", "confirm an appearance of counsel"),
    _row(
        "people.update",
        "applicant counsel officer liaison",
        "anywhere",
        "change contact details and channels",
    ),
    _row("evidence.submit", "applicant counsel submitter officer liaison", "anywhere", "add evidence"),
    _row("evidence.advise", "officer", "unit", "say which evidence helps most"),
    _row("evidence.dispose", "officer", "unit", "say what became of each item"),
    _row("evidence.complete", "applicant counsel officer", "anywhere", "say that no more evidence will come"),
    _row(
        "groups.claim", "applicant counsel submitter officer liaison", "anywhere", "claim a vulnerable group"
    ),
    _row("groups.contest", "officer", "unit", "contest a claim, with reasons"),
    _row("inquiry.record", "officer", "unit", "record the answers to the equity questions"),
    # determinations, notices, appeals
    _row("determination.write", "officer", "unit", "write a determination"),
    _row("determination.approve", "supervisor", "unit", "approve or return a determination of somebody else"),
    _row("determination.approve-hq", "hq_liaison", "anywhere", "approve where Headquarters must"),
    _row("determination.sign", "officer", "unit", "sign a determination that somebody else approved"),
    _row("letters.translate", "officer", "unit", "enter checked words of a letter"),
    _row("notices.translate", "officer", "unit", "enter the checked language version of a notice"),
    _row("notices.serve", "liaison officer", "unit", "record service by hand or post"),
    _row("notices.explain", "officer supervisor director", "unit", "explain why a notice was late"),
    _row("appeals.file", "applicant counsel officer liaison", "anywhere", "file an appeal"),
    _row("reviews.decide", "reviewer", "unit", "decide an appeal"),
    _row("reviews.decide-hq", "hq_reviewer", "anywhere", "decide at Headquarters"),
    # liaisons
    _row(
        "liaisons.receive", "applicant counsel submitter liaison hq_liaison", "anywhere", "take in an inquiry"
    ),
    _row("liaisons.answer", "liaison", "unit", "answer an inquiry"),
    _row("liaisons.ask", "liaison hq_liaison", "anywhere", "ask the office about a case"),
    _row("liaisons.answer-question", "officer", "unit", "answer a liaison's question"),
    _row("liaisons.flag", "liaison hq_liaison", "anywhere", "flag a decision for review"),
    _row(
        "liaisons.close-escalation",
        "liaison director hq_liaison",
        "anywhere",
        "say what was done about lateness",
    ),
    _row("liaisons.act-on-date", "liaison", "unit", "act on a date that comes near"),
    _row(
        "liaisons.verify-contact", "liaison administrator", "unit", "confirm that a public contact is right"
    ),
    _row("notes.write", f"officer supervisor director liaison reviewer {_HQ}", "anywhere", "write a note"),
)

BY_COMMAND: dict[str, Permission] = {row.command: row for row in TABLE}


def allowed(actor: Actor, command: str, unit: str | None) -> bool:
    """Whether the actor may give a command in a unit; a command without a row is nobody's."""
    if actor.user == SYSTEM.user:
        return True
    row = BY_COMMAND.get(command)
    if row is None:
        return False
    return actor.has(*row.roles, unit=unit if row.where == "unit" else None)


def require(actor: Actor, command: str, unit: str | None) -> None:
    """Refuse what :func:`allowed` says no to.

    Raises:
        NotAllowed: with the roles that may.
    """
    if not allowed(actor, command, unit):
        row = BY_COMMAND.get(command)
        if row is None:
            raise NotAllowed(f"Nobody may {command}: it has no row in the table of roles.")
        who = " or ".join(sorted(role.replace("_", " ") for role in row.roles))
        here = f" of {unit}" if row.where == "unit" and unit else ""
        raise NotAllowed(f"To {row.what} you need the role {who}{here}.")


def page(rows: Iterable[Permission] = TABLE) -> str:
    """The page ``docs/roles.md``; a test fails when it is not what this gives."""
    lines = [
        "# Roles and commands",
        "",
        "Generated from `pdflow.services.permissions`. *In the unit*: the role is held in the unit that is accountable",
        "for the case. Tasks are also bound to the candidate groups that the model names. Who writes may not approve,",
        "who approves may not sign alone, who was involved may not review, and who wrote a model may not publish it.",
        "",
        "| Command | What | Roles | Where |",
        "| --- | --- | --- | --- |",
    ]
    for row in rows:
        roles = ", ".join(sorted(role.replace("_", " ") for role in row.roles))
        where = "in the unit" if row.where == "unit" else "anywhere"
        lines.append(f"| `{row.command}` | {row.what} | {roles} | {where} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(page(), end="")
