"""What tests of writing ask for, in few words."""

import datetime
import subprocess
from collections.abc import Sequence
from pathlib import Path

from mercurial import verify as hg_verify

from kallithea.vcs.hg.mercurial_setup import open_local
from kallithea.vcs.types import Kind, RefKind, RefUpdate, Signature
from kallithea.vcs.writing import CommitRequest, CommitText, FileChange, RefTarget

WHEN = datetime.datetime(2024, 2, 29, 12, 30, 15, tzinfo=datetime.timezone(datetime.timedelta(hours=-3, minutes=-30)))
ADA = Signature("Ada Lövelace".encode(), b"ada@example.org", WHEN)
BOB = Signature(b"Bob", b"bob@example.org", WHEN + datetime.timedelta(minutes=5))
TEXT = CommitText("A message\n\nWith a bödy.\n".encode(), ADA, ADA)

#: The branch that histories of the builders are on, short and as pushes name it.
BRANCH = {Kind.GIT: b"main", Kind.HG: b"default"}
FULL_BRANCH = {Kind.GIT: b"refs/heads/main", Kind.HG: b"heads/default"}


def on_branch(kind: Kind, expected: str | None, name: bytes | None = None) -> RefTarget:
    """A branch where it is expected."""
    return RefTarget(RefKind.BRANCH, name or BRANCH[kind], expected)


def request(kind: Kind, expected: str | None, *changes: FileChange) -> CommitRequest:
    """Changes onto the branch that histories are on."""
    return CommitRequest(on_branch(kind, expected), TEXT, changes)


def to_nobody(_updates: Sequence[RefUpdate]) -> None:
    """Announces to nobody."""


def verify(kind: Kind, path: Path) -> None:
    """Fail unless the kind's own check finds the repository sound, and no transaction half done."""
    if kind is Kind.HG:
        repository = open_local(path)
        assert hg_verify.verify(repository) in (None, 0), repository.ui.ferr.getvalue()
        assert not repository.svfs.exists(b"journal")
        return
    command = ["git", f"--git-dir={path}", "fsck", "--full", "--strict", "--no-dangling"]
    environment = {"PATH": "/usr/bin:/bin", "GIT_CONFIG_GLOBAL": "/dev/null"}
    done = subprocess.run(command, capture_output=True, env=environment, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
