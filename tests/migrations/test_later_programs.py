"""A program of the version before works with the tables of a later one as long as nothing was taken away."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError

from kallithea.core.errors import UnavailableError
from kallithea.migrations.schema import NewerSchemaError, current, head, require_current, require_usable
from kallithea.migrations.upgrade import create_schema, upgrade_schema
from kallithea.model.engine import open_engine
from tests.later_program import ADDS, LATER, TAKES_AWAY, later_program

Make = Callable[[Engine], None]


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_engine(database_url)
    yield engine
    engine.dispose()


def _make_in_two_steps(engine: Engine) -> None:
    upgrade_schema(engine, "0027")
    upgrade_schema(engine)


@pytest.mark.parametrize("make", [create_schema, _make_in_two_steps])
def test_tables_to_which_was_only_added_can_be_used(engine: Engine, tmp_path: Path, make: Make) -> None:
    with later_program(tmp_path, ADDS):
        make(engine)
    assert current(engine) == LATER
    require_usable(engine)
    with pytest.raises(NewerSchemaError):
        require_current(engine)


@pytest.mark.parametrize("make", [create_schema, _make_in_two_steps])
def test_tables_from_which_something_was_taken_are_refused(engine: Engine, tmp_path: Path, make: Make) -> None:
    with later_program(tmp_path, TAKES_AWAY, contracts=True):
        make(engine)
    with pytest.raises(NewerSchemaError, match=f"version {LATER}, but this program knows no later one than {head()}"):
        require_usable(engine)


def test_tables_from_which_something_may_have_been_taken_are_refused(engine: Engine, tmp_path: Path) -> None:
    """MariaDB keeps each change at once: an upgrade that dies there leaves the version before without what it used."""
    create_schema(engine)
    with (
        later_program(tmp_path, TAKES_AWAY, "DROP TABLE not_there", contracts=True),
        pytest.raises((DatabaseError, UnavailableError)),
    ):
        upgrade_schema(engine)
    assert current(engine) == head()
    if engine.dialect.name in ("mysql", "mariadb"):
        with pytest.raises(NewerSchemaError, match=f"version {LATER}, but this program knows no later one"):
            require_usable(engine)
    else:
        require_usable(engine)
