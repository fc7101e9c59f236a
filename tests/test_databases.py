"""The databases that tests get are empty, and gone afterwards."""

from sqlalchemy import create_engine, inspect


def test_database_is_empty(database_url: str) -> None:
    engine = create_engine(database_url)
    assert inspect(engine).get_table_names() == []
    engine.dispose()
