"""Whom entries of the journal are for whose repository is gone."""

import sqlalchemy as sa

from kallithea.migrations.steps import create_table, drop_table

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    create_table(
        "journal_readers",
        sa.Column("journal_entry_id", sa.Integer(), nullable=False),
        sa.Column("subject_key", sa.String(40), nullable=False),
        sa.Column("reads", sa.Boolean(), nullable=False),
        sa.Column("concerned", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("journal_entry_id", "subject_key", name="pk_journal_readers"),
        sa.ForeignKeyConstraint(
            ["journal_entry_id"],
            ["journal.journal_entry_id"],
            name="fk_journal_readers_journal_entry_id",
            ondelete="CASCADE",
        ),
    )


def downgrade() -> None:
    drop_table("journal_readers")
