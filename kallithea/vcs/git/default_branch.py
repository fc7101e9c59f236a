"""The branch that HEAD names, which clones check out.

A new repository's HEAD names ``main``. What is pushed to it may have only a ``master``: HEAD follows, or else clones
would come out empty.
"""

import pathlib
from collections.abc import Sequence
from dataclasses import dataclass

from kallithea.vcs.git.environment import git_folder
from kallithea.vcs.git.process import run_git
from kallithea.vcs.git.ref_files import RefFiles
from kallithea.vcs.git.refs import HEADS
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.types import RefState, RefUpdate

HEAD = b"HEAD"
_SYMBOLIC = b"ref: "
_PREFERRED = (HEADS + b"main", HEADS + b"master", HEADS + b"trunk")


@dataclass(frozen=True, slots=True)
class HeadChange:
    """HEAD gets to name ``branch``, a full name. ``update`` is the same as an update of the ref ``HEAD``."""

    branch: bytes
    update: RefUpdate


def find_head_change(state: RefState, updates: Sequence[RefUpdate]) -> HeadChange | None:
    """How HEAD should follow these updates, None where it names a branch that exists or will, or no branch."""
    head = state.refs.get(HEAD, "")
    names = [update.name for update in updates if update.new is not None and update.name.startswith(HEADS)]
    names += [name for name in sorted(state.refs) if name.startswith(HEADS) and name not in names]
    if not names or not head.startswith("ref:") or head in map(_value, names):
        return None
    branch = next((name for name in _PREFERRED if name in names), names[0])
    return HeadChange(branch, RefUpdate(HEAD, head, _value(branch)))


def names_branch(path: pathlib.Path) -> bool:
    """Whether HEAD names a branch that exists, as far as one look at few files tells."""
    folder = git_folder(path)
    try:
        head = (folder / "HEAD").read_bytes().strip()
    except OSError:
        return False
    files = RefFiles(folder)
    return head.startswith(_SYMBOLIC + HEADS) and files.usable and files.find(head.removeprefix(_SYMBOLIC)) is not None


def change_head(options: VcsOptions, path: pathlib.Path, change: HeadChange) -> None:
    """Make HEAD name the branch. Raises VcsError."""
    run_git(options, path, "symbolic-ref", HEAD, change.branch)


def _value(branch: bytes) -> str:
    """What ``RefStore.state`` says of a HEAD that names the branch."""
    return "ref:" + branch.decode("utf-8", "backslashreplace")
