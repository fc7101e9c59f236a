"""Making empty Git repositories."""

import pathlib

from kallithea.vcs.git.process import run_git
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.placing import new_folder


def create_repository(path: pathlib.Path, options: VcsOptions) -> None:
    """Make an empty bare repository whose first branch will be ``main``: complete, or not there at all."""
    with new_folder(path) as folder:
        run_git(options, folder, "init", "--quiet", "--bare", "--template=", "--initial-branch=main")
