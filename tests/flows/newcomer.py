"""What a newcomer does with a site: makes a repository of each kind, pushes, browses, clones it back, and verifies."""

import contextlib
import time
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.doors.sites import PASSWORD, OperatorsSite
from tests.flows.browser import Visitor, visiting
from tests.transport.site import Clients, Done

_ADA = f"ada:{urllib.parse.quote(PASSWORD)}@"


@dataclass(frozen=True)
class Transcript:
    """Tells what is done, how long it takes, and what shows that it was done."""

    say: Callable[[str], object] = partial(print, flush=True)

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[list[str]]:
        """Time a step; what is put into the list is told with it."""
        found: list[str] = []
        started = time.monotonic()
        yield found
        self.say(f"{time.monotonic() - started:8.2f} s  {': '.join([name, *found])}")


@dataclass(frozen=True)
class Newcomer:
    """Somebody with a Git and a Mercurial repository, real clients, and a browser. ``folder`` is for the clones."""

    site: OperatorsSite
    folder: Path
    git_source: Path
    hg_source: Path
    transcript: Transcript = Transcript()

    def try_everything(self) -> None:
        """The whole of it; whatever goes wrong fails."""
        with visiting(self.site.url("")) as visitor:
            with self.transcript.step("sign in, make two repositories in the browser"):
                visitor.sign_in("ada", PASSWORD)
                visitor.create_repository("newcomer-git", "Git", "pushed with git")
                visitor.create_repository("newcomer-hg", "Mercurial", "pushed with hg")
            self._try_git()
            self._try_hg()
            for path in ("newcomer-git", "newcomer-hg"):
                with self.transcript.step(f"browse {path}") as found:
                    found.append(f"{browse(visitor, path)} pages")
            assert visitor.complaints == []

    def _try_git(self) -> None:
        clients, address, clone = Clients(self.folder), self.site.url("newcomer-git", _ADA), self.folder / "clone-git"
        with self.transcript.step("git push --all, git push --tags") as found:
            # the two that the page of an empty repository shows
            for what in ("--all", "--tags"):
                _succeeded(clients.git("push", "--quiet", address, what, cwd=self.git_source))
            counted = clients.git("rev-list", "--all", "--count", cwd=self.git_source)
            found.append(f"{_succeeded(counted).strip()} commits")
        with self.transcript.step("git clone --mirror"):
            _succeeded(clients.git("clone", "--quiet", "--mirror", address, clone))
        with self.transcript.step("git fsck --full, refs compared") as found:
            _succeeded(clients.git("fsck", "--full", "--no-dangling", "--no-progress", cwd=clone))
            source, cloned = (
                _succeeded(clients.git("for-each-ref", "refs/heads", "refs/tags", cwd=cwd)).splitlines()
                for cwd in (self.git_source, clone)
            )
            assert source == cloned
            found.append(f"{len(cloned)} refs alike")

    def _try_hg(self) -> None:
        clients, address, clone = Clients(self.folder), self.site.url("newcomer-hg", _ADA), self.folder / "clone-hg"
        with self.transcript.step("hg push") as found:
            _succeeded(clients.hg("push", "--quiet", "--new-branch", address, cwd=self.hg_source))
            counted = clients.hg("log", "-r", "tip", "-T", "{rev}", cwd=self.hg_source)
            found.append(f"{int(_succeeded(counted)) + 1} changesets")
        with self.transcript.step("hg clone"):
            _succeeded(clients.hg("clone", "--quiet", "--noupdate", address, clone))
        with self.transcript.step("hg verify, heads compared") as found:
            _succeeded(clients.hg("verify", cwd=clone))
            source, cloned = (
                sorted(_succeeded(clients.hg("heads", "-T", "{node}\n", cwd=cwd)).splitlines())
                for cwd in (self.hg_source, clone)
            )
            assert source == cloned
            found.append(f"{len(cloned)} heads alike")


def browse(visitor: Visitor, path: str) -> int:
    """Look at the pages of a repository, each reached by what the last one shows; the number of pages."""
    pages = visitor.pages
    visitor.open(f"/{path}")
    visitor.follow("Files")
    for kind in ("folder", "file"):
        visitor.follow_entry(kind)
    visitor.follow("Changelog")
    visitor.open(f"/{path}/changelog?page=2")
    visitor.follow_changeset()
    visitor.follow("Summary")
    return visitor.pages - pages


def _succeeded(done: Done) -> str:
    assert done.status == 0, done.words
    return done.output
