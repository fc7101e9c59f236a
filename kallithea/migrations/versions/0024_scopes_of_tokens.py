"""Tokens without the scope ``api``: what it was for does not exist, so that it opened nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

_TOKENS = sa.table("tokens", sa.column("token_id"), sa.column("scopes"))
_GONE = "api"


def upgrade() -> None:
    bind = op.get_bind()
    for token_id, scopes in bind.execute(sa.select(_TOKENS.c.token_id, _TOKENS.c.scopes)).all():
        words = scopes.split()
        if _GONE in words:
            left = " ".join(word for word in words if word != _GONE)
            bind.execute(_TOKENS.update().where(_TOKENS.c.token_id == token_id).values(scopes=left))


def downgrade() -> None:
    pass
