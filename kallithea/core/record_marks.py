"""What a form says that it saw of a record, so that nobody gives back unawares what somebody else has taken away."""

import hashlib
from collections.abc import Mapping

from kallithea.core.errors import ConflictError
from kallithea.core.words import _

_Values = Mapping[str, object]


class ChangedMeanwhileError(ConflictError):
    """The record is another one than was seen. ``stored`` are those of its values that would have been changed."""

    def __init__(self, stored: _Values) -> None:
        super().__init__(_("Somebody else has changed this meanwhile. Look again."))
        self.stored = dict(stored)


def mark_of(values: _Values) -> str:
    """A short text that stands for these values, by which a form says what it saw."""
    return hashlib.blake2b(repr(sorted(values.items())).encode(), digest_size=8).hexdigest()


def find_change(before: _Values, after: _Values, was: str | None) -> tuple[dict[str, object], dict[str, object]]:
    """Those values that are to be different, as they are and as they shall be; both empty where nothing changes.

    ``was`` is the mark of what somebody saw who asks for the change; None asks nothing. Raises ChangedMeanwhileError
    where that is something else than ``before`` and the change would undo some of it.
    """
    changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    old, new = ({name: values.get(name) for name in changed} for values in (before, after))
    if changed and was not in (None, mark_of(before)):
        raise ChangedMeanwhileError(old)
    return old, new
