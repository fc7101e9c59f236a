"""Repositories that were deleted and can still come back."""

import sqlalchemy as sa

from kallithea.migrations.steps import LONG, NAME, TIME, create_index, create_table, drop_table

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    create_table(
        "deleted_repositories",
        sa.Column("repository_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("path", NAME, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("folder", sa.String(500), nullable=False),
        sa.Column("trash", NAME, nullable=False),
        sa.Column("deleted", TIME, nullable=False),
        sa.Column("deleted_by", NAME, nullable=False),
        sa.Column("record", LONG, nullable=False),
        sa.PrimaryKeyConstraint("repository_id", name="pk_deleted_repositories"),
    )
    create_index("ix_deleted_repositories_deleted", "deleted_repositories", ["deleted"])


def downgrade() -> None:
    drop_table("deleted_repositories")
