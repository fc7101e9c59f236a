"""Of which events people are told, in pages and by mail."""

import sqlalchemy as sa

from kallithea.migrations.steps import TIME, add_column, create_index, create_table, drop_column, drop_table

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    # whoever followed before is not sent mails that they never asked for
    add_column("followers", sa.Column("level", sa.String(10), nullable=False, server_default="mentions"))
    create_table(
        "notifications",
        sa.Column("notification_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("journal_entry_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(10), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("read", TIME, nullable=True),
        sa.Column("mailed", TIME, nullable=True),
        sa.PrimaryKeyConstraint("notification_id", name="pk_notifications"),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name="fk_notifications_user_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["journal_entry_id"],
            ["journal.journal_entry_id"],
            name="fk_notifications_journal_entry_id",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("user_id", "journal_entry_id", name="uq_notifications_user_id_journal_entry_id"),
    )
    create_index("ix_notifications_unread", "notifications", ["user_id", "read"])
    for column in ("journal_entry_id", "at"):
        create_index(f"ix_notifications_{column}", "notifications", [column])
    create_table(
        "mail_choices",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("schedule", sa.String(10), nullable=False),
        sa.Column("digested", TIME, nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_mail_choices"),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name="fk_mail_choices_user_id", ondelete="CASCADE"),
    )


def downgrade() -> None:
    drop_table("mail_choices")
    drop_table("notifications")
    drop_column("followers", "level")
