"""Names of branches and bookmarks as they may be sent here: Mercurial looks at them only where they are typed."""

import re
from collections.abc import Iterable

from kallithea.core.words import _
from kallithea.vcs.writing import RefusedWriteError

_CONTROL_CHARACTERS = re.compile(rb"[\0-\x1f\x7f]")


def is_usable(label: bytes) -> bool:
    """Whether a name stays the same on a line of its own, as bookmarks, caches and hooks have it.

    Another one would be read back as a different name, or as several, of which nobody was asked.
    """
    return bool(label) and label == label.strip() and not _CONTROL_CHARACTERS.search(label)


def require_usable(labels: Iterable[bytes]) -> None:
    """Raise RefusedWriteError for the first that is not."""
    for label in labels:
        if not is_usable(label):
            raise RefusedWriteError(
                _(
                    "A name of a branch or bookmark has control characters, or spaces around it: %(name)s",
                    name=repr(label.decode(errors="replace")),
                )
            )
