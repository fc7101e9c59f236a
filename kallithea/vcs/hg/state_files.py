"""The files of a Mercurial repository that decide what visitors see."""

import pathlib

from kallithea.vcs.fingerprint import fingerprint_of

# Whatever names, hides or publishes changesets: the changelog, bookmarks (in either place), phases, obsolescence. What
# the working copy or a local tag is at is not hidden.
_STATE_FILES = (
    "bookmarks",
    "dirstate",
    "localtags",
    "requires",
    "store/00changelog.i",
    "store/00changelog.d",
    "store/bookmarks",
    "store/obsstore",
    "store/phaseroots",
)


def fingerprint_of_refs(path: pathlib.Path) -> str:
    """A digest that differs whenever a ref may have changed; ``path`` is the folder that holds ``.hg``."""
    return fingerprint_of(path / ".hg", _STATE_FILES)
