"""Whether changesets that are pushed to a Mercurial repository become public."""

import sqlalchemy as sa

from kallithea.migrations.steps import add_column, drop_column

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    add_column("repositories", sa.Column("publishing", sa.Boolean(), nullable=False, server_default=sa.true()))


def downgrade() -> None:
    drop_column("repositories", "publishing")
