"""Which git there is."""

import pathlib

from kallithea.vcs.git.process import run_git
from kallithea.vcs.opener import VcsOptions


def find_version(options: VcsOptions, folder: pathlib.Path) -> str:
    """The number of git's version, such as ``2.39.5``; ``folder`` is any that exists. Raises VcsError, OSError."""
    return run_git(options, folder, "version").decode("utf-8", "replace").removeprefix("git version ").strip()
