"""Clients that commit on top of the default branch of a repository, and push that with the real git and hg."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from kallithea.vcs.hg.mercurial_setup import close_local, open_local
from kallithea.vcs.types import Kind
from scripts.benchmarks.generated.hg import write_commit
from scripts.benchmarks.generated.history import MadeCommit
from scripts.benchmarks.truth.commands import CommandError, hg_program, output_of

_AUTHOR = b"Author <author@example.org>"
_MESSAGE = b"Change some files\n"

#: New contents of files, by their paths.
Change = Mapping[bytes, bytes]


class Client(Protocol):
    """Has all of the history already. ``tip`` is the id of the newest commit."""

    @property
    def tip(self) -> str:
        """The id of the newest commit."""
        ...

    def commit(self, changes: Sequence[Change]) -> str:
        """Make a commit for each change, one on top of the other; the id of the last."""
        ...

    def push(self) -> None:
        """Push what was committed. Raises CommandError."""
        ...

    def require_pushed(self, count: int) -> None:
        """Raise CommandError unless the server's repository has the last ``count`` commits at the tip of its branch."""
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
        self._server = ["git", f"--git-dir={repository}"]
        self._branch = output_of([*self._server, "symbolic-ref", "HEAD"]).decode().strip()
        self.tip = output_of([*self._server, "rev-parse", "HEAD"]).decode().strip()

    def commit(self, changes: Sequence[Change]) -> str:
        """See ``Client``."""
        commands = []
        for number, change in enumerate(changes):
            commands.append(b"commit refs/heads/made\ncommitter %s %d +0000\n" % (_AUTHOR, int(time.time())))
            commands.append(b"data %d\n%s" % (len(_MESSAGE), _MESSAGE))
            if number == 0:
                commands.append(b"from %s\n" % self.tip.encode())
            for path, data in change.items():
                commands.append(b"M 100644 inline %s\ndata %d\n%s\n" % (path, len(data), data))
        # the branch that it was made on before may be anywhere
        output_of([*self._git, "fast-import", "--quiet", "--force"], b"".join(commands))
        self.tip = output_of([*self._git, "rev-parse", "refs/heads/made"]).decode().strip()
        return self.tip

    def push(self) -> None:
        """See ``Client``."""
        output_of([*self._git, "push", "--quiet", self._url, f"{self.tip}:{self._branch}"])

    def require_pushed(self, count: int) -> None:
        """See ``Client``."""
        listed = output_of([*self._server, "rev-list", f"-{count}", self._branch]).decode().split()
        if listed[0] != self.tip or len(listed) != count:
            raise CommandError(f"{self._url} has {listed[0]} instead of {self.tip}")


class HgClient:
    """Has a clone without working copy."""

    def __init__(self, repository: Path, folder: Path, url: str) -> None:
        output_of([hg_program(), "clone", "--quiet", "--noupdate", str(repository), str(folder)])
        self._folder = folder
        self._server = repository
        self._url = url
        self.tip = output_of([hg_program(), "-R", str(folder), "log", "-r", "tip", "-T", "{node}"]).decode()

    def commit(self, changes: Sequence[Change]) -> str:
        """See ``Client``."""
        repository = open_local(self._folder)
        nodes = [bytes.fromhex(self.tip)]
        with repository.wlock(), repository.lock(), repository.transaction(b"made"):
            for number, change in enumerate(changes, start=1):
                made = MadeCommit(number, (number - 1,), change, _MESSAGE, _AUTHOR, int(time.time()))
                nodes.append(write_commit(repository, made, nodes))
        close_local(repository)
        self.tip = nodes[-1].hex()
        return self.tip

    def push(self) -> None:
        """See ``Client``."""
        output_of([hg_program(), "-R", str(self._folder), "push", "--quiet", "-r", self.tip, self._url])

    def require_pushed(self, count: int) -> None:
        """See ``Client``."""
        wanted = f"last(::{self.tip}, {count})"
        listed = output_of([hg_program(), "-R", str(self._server), "log", "-r", wanted, "-T", "{node}\n"]).decode()
        if self.tip not in listed or len(listed.split()) != count:
            raise CommandError(f"{self._url} does not have {self.tip}")
