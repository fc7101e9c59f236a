"""Which files of commits people have viewed."""

import sqlalchemy as sa

from kallithea.migrations.steps import TIME, create_index, create_table, drop_table

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    create_table(
        "viewed_files",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("repository_id", sa.Integer(), nullable=False),
        sa.Column("commit_id", sa.String(64), nullable=False),
        sa.Column("file_code", sa.String(32), nullable=False),
        sa.Column("seen", TIME, nullable=False),
        sa.PrimaryKeyConstraint("user_id", "repository_id", "commit_id", "file_code", name="pk_viewed_files"),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name="fk_viewed_files_user_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["repository_id"],
            ["repositories.repository_id"],
            name="fk_viewed_files_repository_id",
            ondelete="CASCADE",
        ),
    )
    create_index("ix_viewed_files_oldest", "viewed_files", ["user_id", "seen"])
    create_index("ix_viewed_files_repository_id", "viewed_files", ["repository_id"])
    create_index("ix_viewed_files_seen", "viewed_files", ["seen"])


def downgrade() -> None:
    drop_table("viewed_files")
