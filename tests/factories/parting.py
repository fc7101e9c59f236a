"""Parts of one history in repositories of their own, as forks have them."""

import pathlib
import shutil

from kallithea.vcs.opener import VcsOptions, create_repository
from kallithea.vcs.types import Kind
from tests.factories.commands import git, hg


def part(kind: Kind, source: pathlib.Path, commit_id: str, target: pathlib.Path) -> pathlib.Path:
    """Make a repository in the folder ``target`` that holds one commit of another, and its ancestors, and no more."""
    if kind is Kind.HG:
        create_repository(kind, target, VcsOptions())
        hg(target, "pull", "--rev", commit_id, str(source))
        return target
    shutil.copytree(source, target)
    for ref in git(target, "for-each-ref", "--format=%(refname)").decode().split():
        git(target, "update-ref", "-d", ref)
    git(target, "update-ref", "refs/heads/main", commit_id)
    git(target, "repack", "-a", "-d", "-q")
    git(target, "prune", "--expire=now")
    return target
