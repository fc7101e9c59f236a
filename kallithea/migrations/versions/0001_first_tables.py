"""Tables of the first version."""

import sqlalchemy as sa

from kallithea.migrations.steps import BYTES, DIGEST, KEY, LONG, NAME, TIME, create_index, create_table, drop_table

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_table(
        "audit",
        sa.Column("audit_entry_id", sa.Integer(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", NAME, nullable=False),
        sa.Column("way", sa.String(20), nullable=False),
        sa.Column("address", NAME, nullable=False),
        sa.Column("target", NAME, nullable=False),
        sa.Column("before", LONG, nullable=False),
        sa.Column("after", LONG, nullable=False),
        sa.PrimaryKeyConstraint("audit_entry_id", name="pk_audit"),
    )
    create_index("ix_audit_action", "audit", ["action"])
    create_index("ix_audit_at", "audit", ["at"])
    create_table(
        "leases",
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("owner", sa.String(100), nullable=False),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("expires", TIME, nullable=False),
        sa.Column("renewed", TIME, nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
    )
    create_table(
        "outbox",
        sa.Column("outbox_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("queue", sa.String(20), nullable=False),
        sa.Column("arguments", LONG, nullable=False),
        sa.Column("waiting_key", sa.String(200), nullable=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("created", TIME, nullable=False),
        sa.Column("due", TIME, nullable=False),
        sa.Column("taken_by", sa.String(100), nullable=True),
        sa.Column("taken_until", TIME, nullable=True),
        sa.Column("finished", TIME, nullable=True),
        sa.Column("problem", LONG, nullable=False),
        sa.PrimaryKeyConstraint("outbox_id", name="pk_outbox"),
        sa.UniqueConstraint("waiting_key", name="uq_outbox_waiting_key"),
    )
    create_index("ix_outbox_finished", "outbox", ["finished"])
    create_index("ix_outbox_next", "outbox", ["state", "due"])
    create_table(
        "settings",
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("value", LONG, nullable=False),
        sa.Column("changed", TIME, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_settings"),
    )
    create_table(
        "sign_in_failures",
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("first", TIME, nullable=False),
        sa.Column("last", TIME, nullable=False),
        sa.PrimaryKeyConstraint("subject", name="pk_sign_in_failures"),
    )
    create_index("ix_sign_in_failures_last", "sign_in_failures", ["last"])
    create_table(
        "users",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", NAME, nullable=False),
        sa.Column("name_key", KEY, nullable=False),
        sa.Column("email", NAME, nullable=True),
        sa.Column("email_key", KEY, nullable=True),
        sa.Column("first_name", NAME, nullable=False),
        sa.Column("last_name", NAME, nullable=False),
        sa.Column("password_hash", NAME, nullable=True),
        sa.Column("password_version", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("super_administrator", sa.Boolean(), nullable=False),
        sa.Column("created", TIME, nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_users"),
        sa.UniqueConstraint("email_key", name="uq_users_email_key"),
        sa.UniqueConstraint("name_key", name="uq_users_name_key"),
    )
    create_table(
        "job_progress",
        sa.Column("outbox_id", sa.Integer(), nullable=False),
        sa.Column("percent", sa.SmallInteger(), nullable=False),
        sa.Column("step", sa.String(200), nullable=False),
        sa.Column("log", LONG, nullable=False),
        sa.Column("changed", TIME, nullable=False),
        sa.PrimaryKeyConstraint("outbox_id", name="pk_job_progress"),
        sa.ForeignKeyConstraint(
            ["outbox_id"], ["outbox.outbox_id"], name="fk_job_progress_outbox_id", ondelete="CASCADE"
        ),
    )
    create_table(
        "repository_groups",
        sa.Column("repository_group_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("description", LONG, nullable=False),
        sa.Column("created", TIME, nullable=False),
        sa.PrimaryKeyConstraint("repository_group_id", name="pk_repository_groups"),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["users.user_id"], name="fk_repository_groups_owner_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["repository_groups.repository_group_id"],
            name="fk_repository_groups_parent_id",
            ondelete="RESTRICT",
        ),
    )
    create_index("ix_repository_groups_parent_id", "repository_groups", ["parent_id"])
    create_table(
        "tokens",
        sa.Column("token_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("digest", DIGEST, nullable=False),
        sa.Column("prefix", sa.String(16), nullable=False),
        sa.Column("description", NAME, nullable=False),
        sa.Column("scopes", NAME, nullable=False),
        sa.Column("created", TIME, nullable=False),
        sa.Column("expires", TIME, nullable=True),
        sa.Column("used", TIME, nullable=True),
        sa.PrimaryKeyConstraint("token_id", name="pk_tokens"),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name="fk_tokens_user_id", ondelete="CASCADE"),
        sa.UniqueConstraint("digest", name="uq_tokens_digest"),
    )
    create_index("ix_tokens_user_id", "tokens", ["user_id"])
    create_table(
        "user_groups",
        sa.Column("user_group_id", sa.Integer(), nullable=False),
        sa.Column("name", NAME, nullable=False),
        sa.Column("name_key", KEY, nullable=False),
        sa.Column("description", LONG, nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created", TIME, nullable=False),
        sa.PrimaryKeyConstraint("user_group_id", name="pk_user_groups"),
        sa.ForeignKeyConstraint(["owner_id"], ["users.user_id"], name="fk_user_groups_owner_id", ondelete="SET NULL"),
        sa.UniqueConstraint("name_key", name="uq_user_groups_name_key"),
    )
    create_table(
        "user_sessions",
        sa.Column("user_session_id", sa.Integer(), nullable=False),
        sa.Column("digest", DIGEST, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created", TIME, nullable=False),
        sa.Column("seen", TIME, nullable=False),
        sa.Column("expires", TIME, nullable=False),
        sa.Column("address", NAME, nullable=False),
        sa.Column("client", NAME, nullable=False),
        sa.PrimaryKeyConstraint("user_session_id", name="pk_user_sessions"),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name="fk_user_sessions_user_id", ondelete="CASCADE"),
        sa.UniqueConstraint("digest", name="uq_user_sessions_digest"),
    )
    create_index("ix_user_sessions_expires", "user_sessions", ["expires"])
    create_index("ix_user_sessions_user_id", "user_sessions", ["user_id"])
    create_table(
        "repositories",
        sa.Column("repository_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(3), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("description", LONG, nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("folder", sa.String(500), nullable=False),
        sa.Column("created", TIME, nullable=False),
        sa.Column("updated", TIME, nullable=False),
        sa.PrimaryKeyConstraint("repository_id", name="pk_repositories"),
        sa.CheckConstraint("kind IN ('git', 'hg')", name="ck_repositories_kind"),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["repository_groups.repository_group_id"],
            name="fk_repositories_group_id",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["users.user_id"], name="fk_repositories_owner_id", ondelete="SET NULL"),
        sa.UniqueConstraint("folder", name="uq_repositories_folder"),
    )
    create_index("ix_repositories_group_id", "repositories", ["group_id"])
    create_index("ix_repositories_owner_id", "repositories", ["owner_id"])
    create_index("ix_repositories_updated", "repositories", ["updated"])
    create_table(
        "user_group_members",
        sa.Column("user_group_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("user_group_id", "user_id", name="pk_user_group_members"),
        sa.ForeignKeyConstraint(
            ["user_group_id"],
            ["user_groups.user_group_id"],
            name="fk_user_group_members_user_group_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.user_id"], name="fk_user_group_members_user_id", ondelete="CASCADE"
        ),
    )
    create_index("ix_user_group_members_user_id", "user_group_members", ["user_id"])
    create_table(
        "grants",
        sa.Column("grant_id", sa.Integer(), nullable=False),
        sa.Column("subject_key", sa.String(40), nullable=False),
        sa.Column("target_key", sa.String(40), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("user_group_id", sa.Integer(), nullable=True),
        sa.Column("repository_id", sa.Integer(), nullable=True),
        sa.Column("repository_group_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("grant_id", name="pk_grants"),
        sa.CheckConstraint("level BETWEEN 0 AND 3", name="ck_grants_level"),
        sa.ForeignKeyConstraint(
            ["repository_group_id"],
            ["repository_groups.repository_group_id"],
            name="fk_grants_repository_group_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["repository_id"], ["repositories.repository_id"], name="fk_grants_repository_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_group_id"], ["user_groups.user_group_id"], name="fk_grants_user_group_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name="fk_grants_user_id", ondelete="CASCADE"),
        sa.UniqueConstraint("target_key", "subject_key", name="uq_grants_target_key_subject_key"),
    )
    create_index("ix_grants_repository_group_id", "grants", ["repository_group_id"])
    create_index("ix_grants_repository_id", "grants", ["repository_id"])
    create_index("ix_grants_subject_key", "grants", ["subject_key"])
    create_index("ix_grants_user_group_id", "grants", ["user_group_id"])
    create_index("ix_grants_user_id", "grants", ["user_id"])
    create_table(
        "journal",
        sa.Column("journal_entry_id", sa.Integer(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("repository_id", sa.Integer(), nullable=True),
        sa.Column("repository_path", NAME, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("user_name", NAME, nullable=False),
        sa.Column("way", sa.String(20), nullable=False),
        sa.Column("details", LONG, nullable=False),
        sa.PrimaryKeyConstraint("journal_entry_id", name="pk_journal"),
        sa.ForeignKeyConstraint(
            ["repository_id"], ["repositories.repository_id"], name="fk_journal_repository_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name="fk_journal_user_id", ondelete="SET NULL"),
    )
    create_index("ix_journal_at", "journal", ["at"])
    create_index("ix_journal_repository_id", "journal", ["repository_id"])
    create_index("ix_journal_user_id", "journal", ["user_id"])
    create_table(
        "locations",
        sa.Column("path_key", KEY, nullable=False),
        sa.Column("path", NAME, nullable=False),
        sa.Column("repository_id", sa.Integer(), nullable=True),
        sa.Column("repository_group_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("path_key", name="pk_locations"),
        sa.CheckConstraint("(repository_id IS NULL) <> (repository_group_id IS NULL)", name="ck_locations_one_owner"),
        sa.ForeignKeyConstraint(
            ["repository_group_id"],
            ["repository_groups.repository_group_id"],
            name="fk_locations_repository_group_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["repository_id"], ["repositories.repository_id"], name="fk_locations_repository_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("repository_group_id", name="uq_locations_repository_group_id"),
        sa.UniqueConstraint("repository_id", name="uq_locations_repository_id"),
    )
    create_table(
        "push_intents",
        sa.Column("push_intent_id", sa.Integer(), nullable=False),
        sa.Column("repository_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("user_name", NAME, nullable=False),
        sa.Column("way", sa.String(20), nullable=False),
        sa.Column("address", NAME, nullable=False),
        sa.Column("updates", LONG, nullable=False),
        sa.Column("created", TIME, nullable=False),
        sa.Column("settled", TIME, nullable=True),
        sa.Column("outcome", sa.String(20), nullable=True),
        sa.PrimaryKeyConstraint("push_intent_id", name="pk_push_intents"),
        sa.ForeignKeyConstraint(
            ["repository_id"], ["repositories.repository_id"], name="fk_push_intents_repository_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name="fk_push_intents_user_id", ondelete="SET NULL"),
    )
    create_index("ix_push_intents_repository_id", "push_intents", ["repository_id"])
    create_index("ix_push_intents_settled", "push_intents", ["settled"])
    create_table(
        "repository_states",
        sa.Column("repository_id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", NAME, nullable=False),
        sa.Column("refs", BYTES, nullable=False),
        sa.Column("recorded", TIME, nullable=False),
        sa.PrimaryKeyConstraint("repository_id", name="pk_repository_states"),
        sa.ForeignKeyConstraint(
            ["repository_id"],
            ["repositories.repository_id"],
            name="fk_repository_states_repository_id",
            ondelete="CASCADE",
        ),
    )


def downgrade() -> None:
    drop_table("repository_states")
    drop_table("push_intents")
    drop_table("locations")
    drop_table("journal")
    drop_table("grants")
    drop_table("user_group_members")
    drop_table("repositories")
    drop_table("user_sessions")
    drop_table("user_groups")
    drop_table("tokens")
    drop_table("repository_groups")
    drop_table("job_progress")
    drop_table("users")
    drop_table("sign_in_failures")
    drop_table("settings")
    drop_table("outbox")
    drop_table("leases")
    drop_table("audit")
