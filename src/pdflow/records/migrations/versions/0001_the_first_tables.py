"""The first tables."""

import sqlalchemy as sa
from alembic import op

from pdflow.records import types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "audit",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=160), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("recorded_at", types.UtcDateTime(), nullable=False),
        sa.Column("detail", types.Json, nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit")),
        sa.UniqueConstraint("source", name=op.f("uq_audit_source")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_actor"), ["actor"], unique=False)
        batch_op.create_index("ix_audit_subject_at", ["subject", "at"], unique=False)

    op.create_table(
        "commands",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("effect", sa.String(length=60), nullable=True),
        sa.Column("process", sa.String(length=80), nullable=False),
        sa.Column("instance", sa.String(length=80), nullable=False),
        sa.Column("case", sa.String(length=16), nullable=True),
        sa.Column("task", sa.String(length=160), nullable=True),
        sa.Column("payload", sa.LargeBinary(), nullable=True),
        sa.Column("wire", types.Json, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("requested_at", types.UtcDateTime(), nullable=False),
        sa.Column("sent_at", types.UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("answered_at", types.UtcDateTime(), nullable=True),
        sa.Column("done_at", types.UtcDateTime(), nullable=True),
        sa.Column("done_by_fact", sa.Integer(), nullable=True),
        sa.Column("applied_at", types.UtcDateTime(), nullable=True),
        sa.Column("refusal", sa.String(length=60), nullable=True),
        sa.Column("refusal_text", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commands")),
    )
    with op.batch_alter_table("commands", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_commands_actor"), ["actor"], unique=False)
        batch_op.create_index("ix_commands_answered_at_sent_at", ["answered_at", "sent_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_commands_case"), ["case"], unique=False)
        batch_op.create_index(batch_op.f("ix_commands_instance"), ["instance"], unique=False)
        batch_op.create_index("ix_commands_task_state", ["task", "state"], unique=False)

    op.create_table(
        "definitions",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("process", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("manifest", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("proposed_at", types.UtcDateTime(), nullable=False),
        sa.Column("published_by", sa.String(length=80), nullable=True),
        sa.Column("published_at", types.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_definitions")),
        sa.UniqueConstraint("process", "version", name=op.f("uq_definitions_process_version")),
    )
    with op.batch_alter_table("definitions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_definitions_process"), ["process"], unique=False)
        batch_op.create_index(batch_op.f("ix_definitions_published_at"), ["published_at"], unique=False)

    op.create_table(
        "incidents",
        sa.Column("id", sa.String(length=160), nullable=False),
        sa.Column("instance", sa.String(length=80), nullable=True),
        sa.Column("process", sa.String(length=80), nullable=True),
        sa.Column("case", sa.String(length=16), nullable=True),
        sa.Column("unit", sa.String(length=16), nullable=True),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("token", sa.String(length=80), nullable=True),
        sa.Column("element", sa.String(length=200), nullable=True),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("opened_at", types.UtcDateTime(), nullable=False),
        sa.Column("cleared_at", types.UtcDateTime(), nullable=True),
        sa.Column("cleared_by", sa.String(length=80), nullable=True),
        sa.Column("opened_by_fact", sa.Integer(), nullable=True),
        sa.Column("changed_by_fact", sa.Integer(), nullable=True),
        sa.Column("closed_by_fact", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
    )
    with op.batch_alter_table("incidents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incidents_cleared_at"), ["cleared_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_incidents_instance"), ["instance"], unique=False)

    op.create_table(
        "instances",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("process", sa.String(length=80), nullable=False),
        sa.Column("definition", sa.String(length=64), nullable=True),
        sa.Column("case", sa.String(length=16), nullable=True),
        sa.Column("unit", sa.String(length=16), nullable=True),
        sa.Column("origin_unit", sa.String(length=16), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("started_by", sa.String(length=80), nullable=True),
        sa.Column("started_at", types.UtcDateTime(), nullable=False),
        sa.Column("ended_at", types.UtcDateTime(), nullable=True),
        sa.Column("ended_by_fact", sa.Integer(), nullable=True),
        sa.Column("due", types.UtcDateTime(), nullable=True),
        sa.Column("last_fact", sa.Integer(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("hard_date", types.UtcDateTime(), nullable=True),
        sa.Column("variables", types.Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instances")),
    )
    with op.batch_alter_table("instances", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_instances_case"), ["case"], unique=False)
        batch_op.create_index(batch_op.f("ix_instances_definition"), ["definition"], unique=False)
        batch_op.create_index(batch_op.f("ix_instances_process"), ["process"], unique=False)
        batch_op.create_index(batch_op.f("ix_instances_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_instances_unit"), ["unit"], unique=False)

    op.create_table(
        "lookups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("term", sa.String(length=64), nullable=True),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=True),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lookups")),
    )
    with op.batch_alter_table("lookups", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lookups_actor"), ["actor"], unique=False)
        batch_op.create_index(batch_op.f("ix_lookups_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_lookups_subject"), ["subject"], unique=False)

    op.create_table(
        "messages",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=160), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=True),
        sa.Column("variables", types.Json, nullable=False),
        sa.Column("signal", sa.Boolean(), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=True),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("expires_at", types.UtcDateTime(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("instance", sa.String(length=80), nullable=True),
        sa.Column("process", sa.String(length=80), nullable=True),
        sa.Column("subscription", sa.Integer(), nullable=True),
        sa.Column("matched_at", types.UtcDateTime(), nullable=True),
        sa.Column("delivered_at", types.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_messages")),
        sa.UniqueConstraint("id", name=op.f("uq_messages_id")),
    )
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.create_index("ix_messages_state_name_key", ["state", "name", "key"], unique=False)

    op.create_table(
        "persons",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("given", sa.LargeBinary(), nullable=True),
        sa.Column("family", sa.LargeBinary(), nullable=True),
        sa.Column("born", sa.LargeBinary(), nullable=True),
        sa.Column("name_born", sa.String(length=64), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("safe_contact", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("mode", sa.String(length=16), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persons")),
    )
    with op.batch_alter_table("persons", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_persons_name_born"), ["name_born"], unique=False)

    op.create_table(
        "task_drafts",
        sa.Column("task", sa.String(length=160), nullable=False),
        sa.Column("user", sa.String(length=80), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=True),
        sa.Column("saved_at", types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("task", "user", name=op.f("pk_task_drafts")),
    )
    op.create_table(
        "task_groups",
        sa.Column("group", sa.String(length=48), nullable=False),
        sa.Column("task", sa.String(length=160), nullable=False),
        sa.PrimaryKeyConstraint("group", "task", name=op.f("pk_task_groups")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("task_groups", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_task_groups_task"), ["task"], unique=False)

    op.create_table(
        "units",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("time_zone", sa.String(length=40), nullable=False),
        sa.Column("review_unit", sa.String(length=16), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["review_unit"], ["units.code"], name=op.f("fk_units_review_unit")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_units")),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("login", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=160), nullable=True),
        sa.Column("subject", sa.String(length=160), nullable=True),
        sa.Column("password", sa.String(length=200), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("time_zone", sa.String(length=40), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("last_seen_at", types.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("login", name=op.f("uq_users_login")),
        sa.UniqueConstraint("subject", name=op.f("uq_users_subject")),
    )
    op.create_table(
        "areas",
        sa.Column("state", sa.String(length=60), nullable=False),
        sa.Column("county", sa.String(length=60), nullable=False),
        sa.Column("office", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["office"], ["units.code"], name=op.f("fk_areas_office")),
        sa.PrimaryKeyConstraint("state", "county", name=op.f("pk_areas")),
    )
    with op.batch_alter_table("areas", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_areas_office"), ["office"], unique=False)

    op.create_table(
        "cases",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("person", sa.String(length=80), nullable=True),
        sa.Column("instance", sa.String(length=80), nullable=True),
        sa.Column("office", sa.String(length=16), nullable=False),
        sa.Column("origin_office", sa.String(length=16), nullable=False),
        sa.Column("review_unit", sa.String(length=16), nullable=True),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("intake", sa.String(length=12), nullable=False),
        sa.Column("receipt", sa.String(length=24), nullable=True),
        sa.Column("asked", types.Json, nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("interpreter", sa.Boolean(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("custody", sa.String(length=60), nullable=True),
        sa.Column("received_at", types.UtcDateTime(), nullable=False),
        sa.Column("acknowledged_at", types.UtcDateTime(), nullable=True),
        sa.Column("last_evidence_at", types.UtcDateTime(), nullable=True),
        sa.Column("advised_at", types.UtcDateTime(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("decided_at", types.UtcDateTime(), nullable=True),
        sa.Column("signed_at", types.UtcDateTime(), nullable=True),
        sa.Column("closed_at", types.UtcDateTime(), nullable=True),
        sa.Column("closed_reason", sa.String(length=40), nullable=True),
        sa.Column("presumption", sa.Boolean(), nullable=False),
        sa.Column("presumption_pack", sa.String(length=40), nullable=True),
        sa.Column("protected", sa.Boolean(), nullable=False),
        sa.Column("practice", sa.Boolean(), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("earlier", sa.String(length=16), nullable=True),
        sa.Column("flags", types.Json, nullable=False),
        sa.Column("extra", types.Json, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["earlier"], ["cases.id"], name=op.f("fk_cases_earlier")),
        sa.ForeignKeyConstraint(["office"], ["units.code"], name=op.f("fk_cases_office")),
        sa.ForeignKeyConstraint(["origin_office"], ["units.code"], name=op.f("fk_cases_origin_office")),
        sa.ForeignKeyConstraint(["person"], ["persons.id"], name=op.f("fk_cases_person")),
        sa.ForeignKeyConstraint(["review_unit"], ["units.code"], name=op.f("fk_cases_review_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("receipt", name=op.f("uq_cases_receipt")),
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index("ix_cases_office_state", ["office", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_cases_outcome"), ["outcome"], unique=False)
        batch_op.create_index(batch_op.f("ix_cases_person"), ["person"], unique=False)
        batch_op.create_index(batch_op.f("ix_cases_received_at"), ["received_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_cases_signed_at"), ["signed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_cases_state"), ["state"], unique=False)

    op.create_table(
        "clock_events",
        sa.Column("instance", sa.String(length=80), nullable=False),
        sa.Column("fact", sa.Integer(), nullable=False),
        sa.Column("clock", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("unit", sa.String(length=16), nullable=True),
        sa.Column("level", sa.String(length=24), nullable=True),
        sa.Column("due", types.UtcDateTime(), nullable=True),
        sa.Column("actor", sa.String(length=80), nullable=True),
        sa.Column("data", types.Json, nullable=False),
        sa.ForeignKeyConstraint(["instance"], ["instances.id"], name=op.f("fk_clock_events_instance")),
        sa.PrimaryKeyConstraint("instance", "fact", name=op.f("pk_clock_events")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("clock_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clock_events_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_clock_events_clock"), ["clock"], unique=False)

    op.create_table(
        "clocks",
        sa.Column("id", sa.String(length=160), nullable=False),
        sa.Column("instance", sa.String(length=80), nullable=False),
        sa.Column("process", sa.String(length=80), nullable=False),
        sa.Column("case", sa.String(length=16), nullable=True),
        sa.Column("policy", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=True),
        sa.Column("element", sa.String(length=200), nullable=True),
        sa.Column("unit", sa.String(length=16), nullable=True),
        sa.Column("origin_unit", sa.String(length=16), nullable=True),
        sa.Column("holder", sa.String(length=8), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("started_at", types.UtcDateTime(), nullable=False),
        sa.Column("due", types.UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("level", sa.String(length=24), nullable=True),
        sa.Column("levels", types.Json, nullable=False),
        sa.Column("stopped_at", types.UtcDateTime(), nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.Column("explanation", sa.String(length=60), nullable=True),
        sa.Column("opened_by_fact", sa.Integer(), nullable=False),
        sa.Column("changed_by_fact", sa.Integer(), nullable=False),
        sa.Column("closed_by_fact", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["instance"], ["instances.id"], name=op.f("fk_clocks_instance")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clocks")),
    )
    with op.batch_alter_table("clocks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clocks_case"), ["case"], unique=False)
        batch_op.create_index("ix_clocks_due_stopped_at", ["due", "stopped_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_clocks_instance"), ["instance"], unique=False)
        batch_op.create_index(batch_op.f("ix_clocks_state"), ["state"], unique=False)
        batch_op.create_index("ix_clocks_unit_policy", ["unit", "policy"], unique=False)

    op.create_table(
        "demographics",
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("race_ethnicity", sa.LargeBinary(), nullable=True),
        sa.Column("country", sa.LargeBinary(), nullable=True),
        sa.Column("age_band", sa.LargeBinary(), nullable=True),
        sa.Column("gender", sa.LargeBinary(), nullable=True),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("given_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["persons.id"], name=op.f("fk_demographics_person")),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_demographics")),
    )
    op.create_table(
        "drafts",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("process", sa.String(length=80), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("xml", sa.String(), nullable=False),
        sa.Column("base", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("changed_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["base"], ["definitions.hash"], name=op.f("fk_drafts_base")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
    )
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_drafts_author"), ["author"], unique=False)
        batch_op.create_index(batch_op.f("ix_drafts_process"), ["process"], unique=False)

    op.create_table(
        "facts",
        sa.Column("instance", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("recorded_at", types.UtcDateTime(), nullable=False),
        sa.Column("element", sa.String(length=200), nullable=True),
        sa.Column("token", sa.String(length=80), nullable=True),
        sa.Column("scope", sa.String(length=80), nullable=True),
        sa.Column("item", sa.Integer(), nullable=True),
        sa.Column("definition", sa.String(length=64), nullable=True),
        sa.Column("actor", sa.String(length=80), nullable=True),
        sa.Column("command", sa.String(length=80), nullable=True),
        sa.Column("data", types.Json, nullable=False),
        sa.ForeignKeyConstraint(["instance"], ["instances.id"], name=op.f("fk_facts_instance")),
        sa.PrimaryKeyConstraint("instance", "number", name=op.f("pk_facts")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "grants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("unit", sa.String(length=16), nullable=False),
        sa.Column("granted_by", sa.String(length=80), nullable=False),
        sa.Column("granted_at", types.UtcDateTime(), nullable=False),
        sa.Column("revoked_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["unit"], ["units.code"], name=op.f("fk_grants_unit")),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name=op.f("fk_grants_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
        sa.UniqueConstraint("user", "role", "unit", name=op.f("uq_grants_user_role_unit")),
    )
    with op.batch_alter_table("grants", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_grants_user"), ["user"], unique=False)

    op.create_table(
        "identifiers",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("lookup", sa.String(length=64), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=True),
        sa.Column("tail", sa.String(length=4), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["persons.id"], name=op.f("fk_identifiers_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identifiers")),
    )
    with op.batch_alter_table("identifiers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_identifiers_lookup"), ["lookup"], unique=False)
        batch_op.create_index(batch_op.f("ix_identifiers_person"), ["person"], unique=False)

    op.create_table(
        "liaisons",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("phone", sa.String(length=30), nullable=False),
        sa.Column("email", sa.String(length=120), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("last_verified", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["unit"], ["units.code"], name=op.f("fk_liaisons_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_liaisons")),
    )
    with op.batch_alter_table("liaisons", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_liaisons_unit"), ["unit"], unique=False)

    op.create_table(
        "subscriptions",
        sa.Column("instance", sa.String(length=80), nullable=False),
        sa.Column("fact", sa.Integer(), nullable=False),
        sa.Column("process", sa.String(length=80), nullable=False),
        sa.Column("token", sa.String(length=80), nullable=False),
        sa.Column("message", sa.String(length=120), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=True),
        sa.Column("since", types.UtcDateTime(), nullable=False),
        sa.Column("ended_by_fact", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["instance"], ["instances.id"], name=op.f("fk_subscriptions_instance")),
        sa.PrimaryKeyConstraint("instance", "fact", name=op.f("pk_subscriptions")),
    )
    with op.batch_alter_table("subscriptions", schema=None) as batch_op:
        batch_op.create_index(
            "ix_subscriptions_message_key", ["message", "key", "ended_by_fact"], unique=False
        )

    op.create_table(
        "tasks",
        sa.Column("id", sa.String(length=160), nullable=False),
        sa.Column("instance", sa.String(length=80), nullable=False),
        sa.Column("token", sa.String(length=80), nullable=False),
        sa.Column("process", sa.String(length=80), nullable=False),
        sa.Column("definition", sa.String(length=64), nullable=True),
        sa.Column("case", sa.String(length=16), nullable=True),
        sa.Column("unit", sa.String(length=16), nullable=True),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("element", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("form", sa.String(length=120), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("groups", types.Json, nullable=False),
        sa.Column("users", types.Json, nullable=False),
        sa.Column("assignee", sa.String(length=80), nullable=True),
        sa.Column("claimed_at", types.UtcDateTime(), nullable=True),
        sa.Column("due", types.UtcDateTime(), nullable=True),
        sa.Column("follow_up", types.UtcDateTime(), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("hard_date", types.UtcDateTime(), nullable=True),
        sa.Column("clock", sa.String(length=160), nullable=True),
        sa.Column("variables", types.Json, nullable=False),
        sa.Column("headers", types.Json, nullable=False),
        sa.Column("properties", types.Json, nullable=False),
        sa.Column("opened_at", types.UtcDateTime(), nullable=False),
        sa.Column("closed_at", types.UtcDateTime(), nullable=True),
        sa.Column("closed_by", sa.String(length=80), nullable=True),
        sa.Column("opened_by_fact", sa.Integer(), nullable=False),
        sa.Column("changed_by_fact", sa.Integer(), nullable=False),
        sa.Column("closed_by_fact", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["instance"], ["instances.id"], name=op.f("fk_tasks_instance")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
    )
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.create_index("ix_tasks_assignee_state", ["assignee", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_tasks_case"), ["case"], unique=False)
        batch_op.create_index("ix_tasks_instance_token", ["instance", "token"], unique=False)
        batch_op.create_index("ix_tasks_state_due", ["state", "due"], unique=False)
        batch_op.create_index(batch_op.f("ix_tasks_unit"), ["unit"], unique=False)

    op.create_table(
        "documents",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("case", sa.String(length=16), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("readable", sa.Boolean(), nullable=False),
        sa.Column("protected", sa.Boolean(), nullable=False),
        sa.Column("stored_at", types.UtcDateTime(), nullable=False),
        sa.Column("stored_by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name=op.f("fk_documents_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
    )
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_documents_case"), ["case"], unique=False)
        batch_op.create_index(batch_op.f("ix_documents_hash"), ["hash"], unique=False)

    op.create_table(
        "domain_answers",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("case", sa.String(length=16), nullable=False),
        sa.Column("domain", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("interpreted", sa.Boolean(), nullable=True),
        sa.Column("asked_by", sa.String(length=80), nullable=True),
        sa.Column("asked_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name=op.f("fk_domain_answers_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_domain_answers")),
        sa.UniqueConstraint("case", "domain", name=op.f("uq_domain_answers_case_domain")),
    )
    with op.batch_alter_table("domain_answers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_domain_answers_case"), ["case"], unique=False)

    op.create_table(
        "factors",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("case", sa.String(length=16), nullable=False),
        sa.Column("side", sa.String(length=8), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("finding", sa.String(length=16), nullable=True),
        sa.Column("weight", sa.String(length=16), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("evidence", types.Json, nullable=False),
        sa.Column("meets", sa.LargeBinary(), nullable=True),
        sa.Column("pack", sa.String(length=40), nullable=False),
        sa.Column("raised_by", sa.String(length=80), nullable=True),
        sa.Column("raised_at", types.UtcDateTime(), nullable=False),
        sa.Column("found_by", sa.String(length=80), nullable=True),
        sa.Column("found_at", types.UtcDateTime(), nullable=True),
        sa.Column("withdrawn_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name=op.f("fk_factors_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factors")),
    )
    with op.batch_alter_table("factors", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_factors_case"), ["case"], unique=False)

    op.create_table(
        "flags",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("case", sa.String(length=16), nullable=False),
        sa.Column("unit", sa.String(length=16), nullable=False),
        sa.Column("raised_by", sa.String(length=80), nullable=False),
        sa.Column("raised_at", types.UtcDateTime(), nullable=False),
        sa.Column("reason_code", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("result", sa.String(length=24), nullable=True),
        sa.Column("closed_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name=op.f("fk_flags_case")),
        sa.ForeignKeyConstraint(["unit"], ["units.code"], name=op.f("fk_flags_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flags")),
    )
    with op.batch_alter_table("flags", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_flags_case"), ["case"], unique=False)

    op.create_table(
        "group_claims",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("case", sa.String(length=16), nullable=False),
        sa.Column("group", sa.LargeBinary(), nullable=True),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("pack", sa.String(length=40), nullable=False),
        sa.Column("claimed_by", sa.String(length=80), nullable=True),
        sa.Column("claimed_at", types.UtcDateTime(), nullable=False),
        sa.Column("contest", sa.LargeBinary(), nullable=True),
        sa.Column("contested_by", sa.String(length=80), nullable=True),
        sa.Column("contested_at", types.UtcDateTime(), nullable=True),
        sa.Column("rebuttal", sa.LargeBinary(), nullable=True),
        sa.Column("rebuttal_evidence", types.Json, nullable=False),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name=op.f("fk_group_claims_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_claims")),
    )
    with op.batch_alter_table("group_claims", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_group_claims_case"), ["case"], unique=False)

    op.create_table(
        "hard_dates",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("case", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("recorded_at", types.UtcDateTime(), nullable=False),
        sa.Column("cancelled_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name=op.f("fk_hard_dates_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hard_dates")),
    )
    with op.batch_alter_table("hard_dates", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hard_dates_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_hard_dates_case"), ["case"], unique=False)

    op.create_table(
        "inquiries",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("instance", sa.String(length=80), nullable=True),
        sa.Column("case", sa.String(length=16), nullable=True),
        sa.Column("unit", sa.String(length=16), nullable=False),
        sa.Column("intake", sa.String(length=12), nullable=False),
        sa.Column("asked_by", sa.LargeBinary(), nullable=True),
        sa.Column("contact", sa.LargeBinary(), nullable=True),
        sa.Column("question", sa.LargeBinary(), nullable=True),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("received_at", types.UtcDateTime(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("answered_by", sa.String(length=80), nullable=True),
        sa.Column("answered_at", types.UtcDateTime(), nullable=True),
        sa.Column("outcome", sa.String(length=24), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name=op.f("fk_inquiries_case")),
        sa.ForeignKeyConstraint(["unit"], ["units.code"], name=op.f("fk_inquiries_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiries")),
        sa.UniqueConstraint("number", name=op.f("uq_inquiries_number")),
    )
    with op.batch_alter_table("inquiries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inquiries_case"), ["case"], unique=False)
        batch_op.create_index(batch_op.f("ix_inquiries_unit"), ["unit"], unique=False)

    op.create_table(
        "letters",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("case", sa.String(length=16), nullable=False),
        sa.Column("template", sa.String(length=60), nullable=False),
        sa.Column("definition", sa.String(length=64), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("english_hash", sa.String(length=64), nullable=True),
        sa.Column("made_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name=op.f("fk_letters_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
    )
    with op.batch_alter_table("letters", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_letters_case"), ["case"], unique=False)

    op.create_table(
        "notes",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("case", sa.String(length=16), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("protected", sa.Boolean(), nullable=False),
        sa.Column("corrects", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name=op.f("fk_notes_case")),
        sa.ForeignKeyConstraint(["corrects"], ["notes.id"], name=op.f("fk_notes_corrects")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
    )
    with op.batch_alter_table("notes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notes_case"), ["case"], unique=False)

    op.create_table(
        "parties",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("case", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("user", sa.String(length=80), nullable=True),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("contact", sa.LargeBinary(), nullable=True),
        sa.Column("relation", sa.LargeBinary(), nullable=True),
        sa.Column("appearance", types.UtcDateTime(), nullable=True),
        sa.Column("ended_at", types.UtcDateTime(), nullable=True),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name=op.f("fk_parties_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parties")),
    )
    with op.batch_alter_table("parties", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_parties_case"), ["case"], unique=False)
        batch_op.create_index(batch_op.f("ix_parties_user"), ["user"], unique=False)

    op.create_table(
        "transfers",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("case", sa.String(length=16), nullable=False),
        sa.Column("from_unit", sa.String(length=16), nullable=False),
        sa.Column("to_unit", sa.String(length=16), nullable=False),
        sa.Column("reason_code", sa.String(length=40), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("accepted_by", sa.String(length=80), nullable=True),
        sa.Column("accepted_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name=op.f("fk_transfers_case")),
        sa.ForeignKeyConstraint(["from_unit"], ["units.code"], name=op.f("fk_transfers_from_unit")),
        sa.ForeignKeyConstraint(["to_unit"], ["units.code"], name=op.f("fk_transfers_to_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfers")),
    )
    with op.batch_alter_table("transfers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_transfers_case"), ["case"], unique=False)

    op.create_table(
        "determinations",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("case", sa.String(length=16), nullable=False),
        sa.Column("instance", sa.String(length=80), nullable=True),
        sa.Column("level", sa.String(length=8), nullable=False),
        sa.Column("unit", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("review_result", sa.String(length=12), nullable=True),
        sa.Column("asked", types.Json, nullable=False),
        sa.Column("given", types.Json, nullable=False),
        sa.Column("grounds", types.Json, nullable=False),
        sa.Column("analysis", sa.LargeBinary(), nullable=True),
        sa.Column("conditions", sa.LargeBinary(), nullable=True),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("proposed_at", types.UtcDateTime(), nullable=False),
        sa.Column("approved_by", sa.String(length=80), nullable=True),
        sa.Column("approved_at", types.UtcDateTime(), nullable=True),
        sa.Column("returned_reason", sa.LargeBinary(), nullable=True),
        sa.Column("signed_by", sa.String(length=80), nullable=True),
        sa.Column("signed_at", types.UtcDateTime(), nullable=True),
        sa.Column("text_hash", sa.String(length=64), nullable=True),
        sa.Column("document", sa.String(length=80), nullable=True),
        sa.Column("supersedes", sa.String(length=80), nullable=True),
        sa.Column("pack", sa.String(length=40), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name=op.f("fk_determinations_case")),
        sa.ForeignKeyConstraint(["document"], ["documents.id"], name=op.f("fk_determinations_document")),
        sa.ForeignKeyConstraint(
            ["supersedes"], ["determinations.id"], name=op.f("fk_determinations_supersedes")
        ),
        sa.ForeignKeyConstraint(["unit"], ["units.code"], name=op.f("fk_determinations_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_determinations")),
    )
    with op.batch_alter_table("determinations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_determinations_case"), ["case"], unique=False)
        batch_op.create_index(batch_op.f("ix_determinations_signed_at"), ["signed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_determinations_unit"), ["unit"], unique=False)

    op.create_table(
        "evidence",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("case", sa.String(length=16), nullable=False),
        sa.Column("document", sa.String(length=80), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("title", sa.LargeBinary(), nullable=True),
        sa.Column("submitter", sa.String(length=80), nullable=True),
        sa.Column("submitter_role", sa.String(length=16), nullable=False),
        sa.Column("received_at", types.UtcDateTime(), nullable=False),
        sa.Column("receipt", sa.String(length=24), nullable=False),
        sa.Column("receipt_hash", sa.String(length=64), nullable=False),
        sa.Column("excluded", sa.String(length=40), nullable=True),
        sa.Column("prohibited_source", sa.Boolean(), nullable=False),
        sa.Column("protected", sa.Boolean(), nullable=False),
        sa.Column("disposition", sa.String(length=16), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("disposed_by", sa.String(length=80), nullable=True),
        sa.Column("disposed_at", types.UtcDateTime(), nullable=True),
        sa.Column("opened_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name=op.f("fk_evidence_case")),
        sa.ForeignKeyConstraint(["document"], ["documents.id"], name=op.f("fk_evidence_document")),
        sa.ForeignKeyConstraint(["submitter"], ["parties.id"], name=op.f("fk_evidence_submitter")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("receipt", name=op.f("uq_evidence_receipt")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_case"), ["case"], unique=False)

    op.create_table(
        "recipients",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("case", sa.String(length=16), nullable=False),
        sa.Column("party", sa.String(length=80), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("channels", types.Json, nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("mode", sa.String(length=16), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name=op.f("fk_recipients_case")),
        sa.ForeignKeyConstraint(["party"], ["parties.id"], name=op.f("fk_recipients_party")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipients")),
    )
    with op.batch_alter_table("recipients", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recipients_case"), ["case"], unique=False)

    op.create_table(
        "appeals",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("case", sa.String(length=16), nullable=False),
        sa.Column("determination", sa.String(length=80), nullable=False),
        sa.Column("level", sa.String(length=8), nullable=False),
        sa.Column("unit", sa.String(length=16), nullable=False),
        sa.Column("intake", sa.String(length=12), nullable=False),
        sa.Column("filed_by", sa.String(length=80), nullable=False),
        sa.Column("filed_at", types.UtcDateTime(), nullable=False),
        sa.Column("grounds", types.Json, nullable=False),
        sa.Column("statement", sa.LargeBinary(), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("good_cause", sa.LargeBinary(), nullable=True),
        sa.Column("reviewer", sa.String(length=80), nullable=True),
        sa.Column("result", sa.String(length=12), nullable=True),
        sa.Column("reasons", sa.LargeBinary(), nullable=True),
        sa.Column("decided_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name=op.f("fk_appeals_case")),
        sa.ForeignKeyConstraint(
            ["determination"], ["determinations.id"], name=op.f("fk_appeals_determination")
        ),
        sa.ForeignKeyConstraint(["unit"], ["units.code"], name=op.f("fk_appeals_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeals")),
    )
    with op.batch_alter_table("appeals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appeals_case"), ["case"], unique=False)
        batch_op.create_index(batch_op.f("ix_appeals_unit"), ["unit"], unique=False)

    op.create_table(
        "evidence_views",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("evidence", sa.String(length=80), nullable=False),
        sa.Column("user", sa.String(length=80), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("disposition", sa.String(length=16), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["evidence"], ["evidence.id"], name=op.f("fk_evidence_views_evidence")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_views")),
    )
    with op.batch_alter_table("evidence_views", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_views_evidence"), ["evidence"], unique=False)

    op.create_table(
        "notices",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("case", sa.String(length=16), nullable=False),
        sa.Column("determination", sa.String(length=80), nullable=True),
        sa.Column("letter", sa.String(length=80), nullable=True),
        sa.Column("recipient", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("mode", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("served_at", types.UtcDateTime(), nullable=True),
        sa.Column("stated_served_at", types.UtcDateTime(), nullable=True),
        sa.Column("verifier", sa.String(length=80), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=True),
        sa.Column("clock", sa.String(length=160), nullable=True),
        sa.Column("late_explanation", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name=op.f("fk_notices_case")),
        sa.ForeignKeyConstraint(
            ["determination"], ["determinations.id"], name=op.f("fk_notices_determination")
        ),
        sa.ForeignKeyConstraint(["letter"], ["letters.id"], name=op.f("fk_notices_letter")),
        sa.ForeignKeyConstraint(["recipient"], ["recipients.id"], name=op.f("fk_notices_recipient")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("key", "recipient", name=op.f("uq_notices_key_recipient")),
    )
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notices_case"), ["case"], unique=False)
        batch_op.create_index(batch_op.f("ix_notices_recipient"), ["recipient"], unique=False)
        batch_op.create_index(batch_op.f("ix_notices_state"), ["state"], unique=False)

    op.create_table(
        "notice_attempts",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("notice", sa.String(length=80), nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("result", sa.String(length=24), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=True),
        sa.Column("detail", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["notice"], ["notices.id"], name=op.f("fk_notice_attempts_notice")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_attempts")),
    )
    with op.batch_alter_table("notice_attempts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_attempts_notice"), ["notice"], unique=False)
    _refuse_rewriting("audit")


def _refuse_rewriting(table: str) -> None:
    """The table is append-only for everybody who reaches it through SQL (NIST SP 800-53 AU-9)."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION pdflow_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'append-only'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION pdflow_append_only()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            "BEGIN SELECT RAISE(ABORT, 'append-only'); END"
        )
