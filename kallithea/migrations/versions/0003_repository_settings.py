"""What administrators of a repository may choose: where pages begin, archives, statistics."""

import sqlalchemy as sa

from kallithea.migrations.steps import BYTES, add_column, drop_column

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    add_column("repositories", sa.Column("landing_ref", BYTES, nullable=True))
    add_column("repositories", sa.Column("downloads", sa.Boolean(), nullable=False, server_default=sa.true()))
    add_column("repositories", sa.Column("statistics", sa.Boolean(), nullable=False, server_default=sa.true()))
    add_column("repositories", sa.Column("settings_version", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    for column in ("landing_ref", "downloads", "statistics", "settings_version"):
        drop_column("repositories", column)
