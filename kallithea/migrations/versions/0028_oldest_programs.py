"""The version says which programs work with the tables: the oldest of them, by the version that it knows."""

import sqlalchemy as sa

from kallithea.migrations.schema import VERSION_TABLE
from kallithea.migrations.steps import add_column, drop_column

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    add_column(VERSION_TABLE, sa.Column("oldest_program", sa.String(32), nullable=True))


def downgrade() -> None:
    drop_column(VERSION_TABLE, "oldest_program")
