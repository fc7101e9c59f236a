"""Tokens that count for some repositories only."""

import sqlalchemy as sa

from kallithea.migrations.steps import LONG, add_column, drop_column

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    add_column("tokens", sa.Column("repository_ids", LONG, nullable=True))


def downgrade() -> None:
    drop_column("tokens", "repository_ids")
