"""Making empty Mercurial repositories."""

import pathlib

from kallithea.vcs.hg.mercurial_setup import create_local
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.placing import new_folder


def create_repository(path: pathlib.Path, options: VcsOptions) -> None:  # noqa: ARG001 - the same call as for Git
    """Make an empty repository without working copy: complete, or not there at all."""
    with new_folder(path) as folder:
        create_local(folder)
