"""Which git there is: told from its file, without starting it."""

import functools
import pathlib
import shutil

from kallithea.vcs.fingerprint import fingerprint_of
from kallithea.vcs.opener import VcsOptions


def program_state(options: VcsOptions) -> str:
    """A text that differs after git was replaced, by whose capabilities some of its answers are shaped."""
    return fingerprint_of(*_find(options.git_path))


@functools.lru_cache(maxsize=16)
def _find(git_path: str) -> tuple[pathlib.Path, tuple[str, ...]]:
    found = pathlib.Path(shutil.which(git_path) or git_path)
    return found.parent, (found.name,)
