"""What is left to a reader is found by who they are."""

from kallithea.migrations.steps import create_index, drop_index

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    create_index("ix_journal_readers_subject_key", "journal_readers", ["subject_key"])


def downgrade() -> None:
    drop_index("ix_journal_readers_subject_key", "journal_readers")
