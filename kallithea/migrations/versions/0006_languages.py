"""The language and the time zone that people have chosen."""

import sqlalchemy as sa

from kallithea.migrations.steps import NAME, add_column, drop_column

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    add_column("users", sa.Column("language", NAME, nullable=False, server_default=""))
    add_column("users", sa.Column("time_zone", NAME, nullable=False, server_default=""))


def downgrade() -> None:
    drop_column("users", "language")
    drop_column("users", "time_zone")
