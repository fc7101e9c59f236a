"""A later version of the program, by a step that this one does not know."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

from alembic.config import Config
from sqlalchemy import Connection

from kallithea.migrations import upgrade
from kallithea.migrations.schema import head

#: The version that it needs.
LATER = "9000"

#: What it adds, and what it takes away.
ADDS = "ALTER TABLE settings ADD COLUMN later INTEGER"
TAKES_AWAY = "ALTER TABLE settings DROP COLUMN changed"

_STEP = """
from alembic import op

revision = "{revision}"
down_revision = "{before}"
contracts = {contracts}


def upgrade():
    for statement in {statements}:
        op.execute(statement)
"""


@contextlib.contextmanager
def later_program(folder: Path, *statements: str, contracts: bool = False) -> Iterator[None]:
    """Inside, ``upgrade_schema`` and ``create_schema`` are those of a program with one more step."""
    steps = folder / "later"
    steps.mkdir()
    text = _STEP.format(revision=LATER, before=head(), contracts=contracts, statements=statements)
    (steps / f"{LATER}_later.py").write_text(text)
    ours, known = Path(upgrade.__file__).parent / "versions", upgrade._config

    def config(connection: Connection) -> Config:
        made = known(connection)
        made.set_main_option("version_locations", f"{ours}{os.pathsep}{steps}")
        return made

    with mock.patch.object(upgrade, "_config", config):
        yield
