"""The real git and hg, each with a clone of its own and a branch that nobody else pushes to."""

import itertools
import shutil
from pathlib import Path
from typing import Protocol

from kallithea.vcs.types import Kind
from scripts.benchmarks.truth.commands import hg_program, output_of

_AUTHOR = ("Author", "author@example.org")


class Client(Protocol):
    """A clone in a folder, and a branch."""

    @property
    def branch(self) -> str:
        """The branch's name."""
        ...

    def commit(self) -> str:
        """Make a commit on top of the branch; its id."""
        ...

    def push(self, url: str) -> None:
        """Push the branch. Raises CommandError."""
        ...

    def read_tip(self, url: str) -> str:
        """Where the branch ends at the server, or the beginning of that id. Raises CommandError."""
        ...


def make_client(kind: Kind, url: str, folder: Path, branch: str) -> Client:
    """Clone into a new folder. Raises CommandError."""
    return GitClient(url, folder, branch) if kind is Kind.GIT else HgClient(url, folder, branch)


def clone_and_verify(kind: Kind, url: str, folder: Path) -> None:
    """Clone, have the client check every object, and throw the clone away. Raises CommandError."""
    try:
        if kind is Kind.GIT:
            output_of(["git", "clone", "--quiet", "--bare", "--", url, str(folder)])
            output_of(["git", f"--git-dir={folder}", "fsck", "--strict", "--no-progress"])
        else:
            output_of([hg_program(), "clone", "--quiet", "--noupdate", url, str(folder)])
            output_of([hg_program(), "-R", str(folder), "verify", "--quiet"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class GitClient:
    """See ``Client``."""

    def __init__(self, url: str, folder: Path, branch: str) -> None:
        self.branch = branch
        self._numbers = itertools.count(1)
        self._git = ["git", "-C", str(folder), "-c", f"user.name={_AUTHOR[0]}", "-c", f"user.email={_AUTHOR[1]}"]
        self._file = folder / f"{branch}.txt"
        output_of(["git", "clone", "--quiet", "--", url, str(folder)])
        output_of([*self._git, "checkout", "--quiet", "-b", branch])

    def commit(self) -> str:
        """See ``Client``."""
        number = next(self._numbers)
        self._file.write_text(f"{number}\n")
        output_of([*self._git, "add", self._file.name])
        output_of([*self._git, "commit", "--quiet", "-m", f"{self.branch} {number}"])
        return output_of([*self._git, "rev-parse", "HEAD"]).decode().strip()

    def push(self, url: str) -> None:
        """See ``Client``."""
        output_of([*self._git, "push", "--quiet", url, f"HEAD:refs/heads/{self.branch}"])

    def read_tip(self, url: str) -> str:
        """See ``Client``."""
        return output_of(["git", "ls-remote", "--", url, f"refs/heads/{self.branch}"]).decode().partition("\t")[0]


class HgClient:
    """See ``Client``."""

    def __init__(self, url: str, folder: Path, branch: str) -> None:
        self.branch = branch
        self._numbers = itertools.count(1)
        self._hg = [hg_program(), "-R", str(folder), "--config", f"ui.username={_AUTHOR[0]} <{_AUTHOR[1]}>"]
        self._file = folder / f"{branch}.txt"
        output_of([hg_program(), "clone", "--quiet", url, str(folder)])
        output_of([*self._hg, "branch", "--quiet", branch])

    def commit(self) -> str:
        """See ``Client``."""
        number = next(self._numbers)
        self._file.write_text(f"{number}\n")
        output_of([*self._hg, "commit", "--quiet", "-A", "-m", f"{self.branch} {number}", str(self._file)])
        return output_of([*self._hg, "log", "-r", ".", "-T", "{node}"]).decode()

    def push(self, url: str) -> None:
        """See ``Client``."""
        output_of([*self._hg, "push", "--quiet", "--new-branch", "-r", ".", url])

    def read_tip(self, url: str) -> str:
        """See ``Client``."""
        return output_of([hg_program(), "identify", "--id", "-r", self.branch, url]).decode().strip()
