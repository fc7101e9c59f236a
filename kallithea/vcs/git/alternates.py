"""Repositories that use objects of others (``git clone --shared``, ``git help gitrepository-layout``)."""

import os
import pathlib

from kallithea.vcs.git.environment import git_folder


def list_lenders(path: pathlib.Path) -> list[pathlib.Path]:
    """The folders ``objects`` of other repositories that the one at ``path`` uses; what cannot be read is left out."""
    objects = git_folder(path) / "objects"
    try:
        lines = (objects / "info" / "alternates").read_bytes().splitlines()
    except OSError:
        return []
    return [(objects / os.fsdecode(line)).resolve() for line in lines if line and not line.startswith(b"#")]


def lends_to(path: pathlib.Path, other: pathlib.Path) -> bool:
    """Whether the repository at ``other`` uses objects of the one at ``path``."""
    return (git_folder(path) / "objects").resolve() in list_lenders(other)
