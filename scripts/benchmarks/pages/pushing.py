"""A client that pushes one commit after the other to the default branch of a repository."""

import time
from pathlib import Path
from typing import Protocol

from kallithea.vcs.hg.mercurial_setup import open_local
from kallithea.vcs.types import Kind
from scripts.benchmarks.generated.hg import write_commit
from scripts.benchmarks.generated.history import MadeCommit
from scripts.benchmarks.truth.commands import hg_program, output_of

_AUTHOR = b"Author <author@example.org>"


class Client(Protocol):
    """Has all of the history already."""

    def push(self, path: bytes, data: bytes) -> str:
        """Give a file of the root a new content, in one commit on top of the last one; its id."""
        ...


def make_client(kind: Kind, repository: Path, folder: Path, url: str) -> Client:
    """A client in an empty folder. ``repository`` is what lies at the server, which it reads from the disk once."""
    return GitClient(repository, folder, url) if kind is Kind.GIT else HgClient(repository, folder, url)


class GitClient:
    """Borrows the server's objects."""

    def __init__(self, repository: Path, folder: Path, url: str) -> None:
        self._git = ["git", f"--git-dir={folder}"]
        output_of(["git", "init", "--quiet", "--bare", str(folder)])
        (folder / "objects/info/alternates").write_text(f"{repository}/objects\n")
        self._url = url
        git = ["git", f"--git-dir={repository}"]
        self._branch = output_of([*git, "symbolic-ref", "HEAD"]).decode().strip()
        self._tip = output_of([*git, "rev-parse", "HEAD"]).decode().strip()

    def push(self, path: bytes, data: bytes) -> str:
        """See ``Client``."""
        blob = output_of([*self._git, "hash-object", "-w", "--stdin"], data).strip()
        output_of([*self._git, "read-tree", self._tip])
        output_of([*self._git, "update-index", "--add", "--cacheinfo", b"100644,%s,%s" % (blob, path)])
        tree = output_of([*self._git, "write-tree"]).decode().strip()
        name = ["-c", "user.name=Author", "-c", "user.email=author@example.org"]
        made = [*self._git, *name, "commit-tree", "-p", self._tip, "-m", "Change one file", tree]
        self._tip = output_of(made).decode().strip()
        output_of([*self._git, "push", "--quiet", self._url, f"{self._tip}:{self._branch}"])
        return self._tip


class HgClient:
    """Has a clone without working copy."""

    def __init__(self, repository: Path, folder: Path, url: str) -> None:
        output_of([hg_program(), "clone", "--quiet", "--noupdate", str(repository), str(folder)])
        self._folder = folder
        self._hg = [hg_program(), "-R", str(folder)]
        self._url = url

    def push(self, path: bytes, data: bytes) -> str:
        """See ``Client``."""
        repository = open_local(self._folder)
        tip = bytes(repository.changelog.tip())
        made = MadeCommit(1, (0,), {path: data}, b"Change one file\n", _AUTHOR, int(time.time()))
        with repository.lock():
            node = write_commit(repository, made, [tip]).hex()
        output_of([*self._hg, "push", "--quiet", "-r", node, self._url])
        return node
