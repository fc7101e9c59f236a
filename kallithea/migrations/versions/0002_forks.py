"""Which repository a repository was forked from."""

from kallithea.migrations.steps import add_reference, drop_reference

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    add_reference("repositories", "fork_of_id", "repositories", "repository_id", ondelete="SET NULL")


def downgrade() -> None:
    drop_reference("repositories", "fork_of_id")
