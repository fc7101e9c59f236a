"""A client that pushes one commit after the other to the default branch of a repository."""

import os
from pathlib import Path
from typing import Protocol

from kallithea.vcs.types import Kind
from scripts.benchmarks.truth.commands import hg_program, output_of

_AUTHOR = "Author <author@example.org>"


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
        self._hg = [hg_program(), "-R", str(folder)]
        self._url = url

    def push(self, path: bytes, data: bytes) -> str:
        """See ``Client``."""
        old = output_of([*self._hg, "cat", "-r", "tip", b"path:" + path])
        patch = os.fsencode(f"# HG changeset patch\n# User {_AUTHOR}\nChange one file\n\n") + _patch(path, old, data)
        output_of([*self._hg, "import", "--quiet", "--bypass", "-"], patch)
        output_of([*self._hg, "push", "--quiet", "-r", "tip", self._url])
        return output_of([*self._hg, "log", "-r", "tip", "-T", "{node}"]).decode()


def _patch(path: bytes, old: bytes, new: bytes) -> bytes:
    """Replaces everything; both contents end with a line feed."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    head = b"diff --git a/%s b/%s\n--- a/%s\n+++ b/%s\n@@ -1,%d +1,%d @@\n" % (
        *(path,) * 4,
        len(before),
        len(after),
    )
    return head + b"".join(b"-" + line for line in before) + b"".join(b"+" + line for line in after)
