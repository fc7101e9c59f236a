"""Insert a row or change the one that is there, in a single statement on every engine.

The engines' modules are loaded on use: each takes longer to import than a short command runs, and one is enough.
"""

import importlib
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Executable

from kallithea.model.meta import Table

_MODULES = {"sqlite": "sqlite", "postgresql": "postgresql", "mysql": "mysql", "mariadb": "mysql"}


def insert_or_change(
    dialect: str, table: type[Table], values: Mapping[str, Any], unique: str, changes: Sequence[tuple[str, Any]]
) -> Executable:
    """Insert ``values``; where a row has the same value in the column ``unique``, make the ``changes`` to that row.

    The order of changes matters: MariaDB sees in each assignment what the ones before it have assigned.
    """
    insert = importlib.import_module(f"sqlalchemy.dialects.{_MODULES[dialect]}").insert(table).values(**values)
    changed: Executable
    if _MODULES[dialect] == "mysql":
        changed = insert.on_duplicate_key_update(list(changes))
    else:
        changed = insert.on_conflict_do_update(index_elements=[unique], set_=dict(changes))
    return changed
