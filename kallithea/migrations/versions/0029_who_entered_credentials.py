"""Who has entered the credentials of a remote."""

import sqlalchemy as sa

from kallithea.migrations.steps import NAME, add_column, drop_column

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    add_column("remotes", sa.Column("entered_by_id", sa.Integer(), nullable=True))
    add_column("remotes", sa.Column("entered_by", NAME, nullable=False, server_default=""))


def downgrade() -> None:
    drop_column("remotes", "entered_by")
    drop_column("remotes", "entered_by_id")
