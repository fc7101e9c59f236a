"""Where repositories come from, and the steps of long jobs."""

import sqlalchemy as sa

from kallithea.migrations.steps import (
    BYTES,
    LONG,
    TIME,
    add_column,
    create_index,
    create_table,
    drop_column,
    drop_table,
)

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    create_table(
        "remotes",
        sa.Column("remote_id", sa.Integer(), nullable=False),
        sa.Column("repository_id", sa.Integer(), nullable=True),
        sa.Column("address", LONG, nullable=False),
        sa.Column("credentials", BYTES, nullable=True),
        sa.Column("schedule", sa.String(10), nullable=False),
        sa.Column("due", TIME, nullable=True),
        sa.Column("created", TIME, nullable=False),
        sa.Column("pulled", TIME, nullable=True),
        sa.Column("tried", TIME, nullable=True),
        sa.Column("problem", LONG, nullable=False),
        sa.Column("note", LONG, nullable=False),
        sa.PrimaryKeyConstraint("remote_id", name="pk_remotes"),
        sa.ForeignKeyConstraint(
            ["repository_id"],
            ["repositories.repository_id"],
            name="fk_remotes_repository_id",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("repository_id", name="uq_remotes_repository_id"),
    )
    create_index("ix_remotes_due", "remotes", ["due"])
    add_column("job_progress", sa.Column("steps", sa.String(500), nullable=False, server_default=""))
    add_column("job_progress", sa.Column("detail", sa.String(200), nullable=False, server_default=""))


def downgrade() -> None:
    for column in ("steps", "detail"):
        drop_column("job_progress", column)
    drop_table("remotes")
