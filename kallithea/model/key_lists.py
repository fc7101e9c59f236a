"""Lists of keys in the statements that every request runs.

For a list of any length SQLAlchemy takes the text of a statement apart at each run, which takes longer than the
database does. For one of a fixed length it does not.
"""

import functools
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import BindParameter, ClauseElement, bindparam
from sqlalchemy.sql.elements import ClauseList
from sqlalchemy.sql.operators import in_op
from sqlalchemy.sql.visitors import replacement_traverse

_Statement = TypeVar("_Statement", bound=ClauseElement)

# Longer lists are rare, and their statements long.
_LONGEST = 64
_REMEMBERED = 200


def with_fixed_lists(
    statement: _Statement, lists: Mapping[str, Sequence[str]]
) -> tuple[_Statement, Mapping[str, str | Sequence[str]]]:
    """A statement that finds the same as this one does with these lists of keys, and what to run it with.

    ``statement`` lives as long as the process; its expanding parameters are among the names of the ``lists``. So that
    there are few statements, a list is filled up to a power of two, by its last key; an empty one by a key that nothing
    has.
    """
    lengths = tuple((name, _length(len(keys))) for name, keys in lists.items())
    if max(length for _name, length in lengths) > _LONGEST:
        return statement, lists
    values = {}
    for name, length in lengths:
        keys = lists[name] or ("",)
        for number in range(length):
            values[_name(name, number)] = keys[min(number, len(keys) - 1)]
    return _with_fixed_lengths(statement, lengths), values


@functools.lru_cache(maxsize=_REMEMBERED)
def _with_fixed_lengths(statement: Any, lengths: tuple[tuple[str, int], ...]) -> Any:
    known = dict(lengths)

    def replace(element: Any, **_: Any) -> Any:
        if not (isinstance(element, BindParameter) and element.expanding):
            return None
        numbers = range(known[element.key])
        keys = [bindparam(_name(element.key, number), type_=element.type) for number in numbers]
        return ClauseList(*keys).self_group(against=in_op)

    return replacement_traverse(statement, {}, replace)


def _length(count: int) -> int:
    return 1 << max(0, count - 1).bit_length()


def _name(of_list: str, number: int) -> str:
    return f"{of_list}_{number}"
