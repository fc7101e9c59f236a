"""The networks from which an account is used."""

import sqlalchemy as sa

from kallithea.migrations.steps import LONG, add_column, drop_column

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    add_column("users", sa.Column("networks", LONG, nullable=True))


def downgrade() -> None:
    drop_column("users", "networks")
