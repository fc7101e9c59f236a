"""The repositories of a run: copies of those that were named, or generated ones, side by side in one folder."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from kallithea.vcs.types import Kind
from scripts.benchmarks.generated.big import BigShape, big_commits
from scripts.benchmarks.generated.git import write_git
from scripts.benchmarks.generated.hg import write_hg
from scripts.benchmarks.generated.history import History, Shape
from scripts.benchmarks.truth.commands import output_of

#: Mercurial takes ten times longer to write the same; what the pages show is as large.
_HG_SHAPE = Shape(files=4_000, thousand_line_files=20, large_files=4, commits=1_000)


_ONLY_OF_THE_SOURCE = shutil.ignore_patterns("hooks", "logs", "index", "worktrees", "FETCH_HEAD")


class RepositoryError(Exception):
    """What was named is no repository of its kind."""


@dataclass(frozen=True)
class Repositories:
    """Makes repositories in ``folder``. ``scale`` is the size of generated ones; 1 is that of large projects."""

    folder: Path
    seed: int
    scale: float

    def ensure(self, kind: Kind, source: Path | None) -> Path:
        """The repository to measure on: a copy of the source, or a generated one. Raises RepositoryError."""
        path = self.folder / kind.value
        if path.exists():
            return path
        if source is not None:
            _copy(kind, source, path)
        elif kind is Kind.GIT:
            write_git(path, History(Shape().scaled(self.scale), self.seed).commits())
        else:
            write_hg(path, History(_HG_SHAPE.scaled(self.scale), self.seed).commits())
        _prepare(kind, path)
        return path

    def copy(self, kind: Kind, source: Path | None, folder: Path) -> Path:
        """A copy of that repository of its own, in a folder that has none, for a server that is pushed to."""
        path = folder / kind.value
        folder.mkdir(parents=True, exist_ok=True)
        _copy(kind, self.ensure(kind, source), path)
        return path

    def ensure_big(self, kind: Kind) -> Path:
        """A generated repository with things of unusual size."""
        path = self.folder / f"big-{kind.value}"
        shape = BigShape().scaled(self.scale)
        if not path.exists():
            write = write_git if kind is Kind.GIT else write_hg
            write(path, big_commits(shape), shape.branches)
            _prepare(kind, path)
        return path


def _copy(kind: Kind, source: Path, path: Path) -> None:
    """Git replaces files instead of writing into them, so links will do; Mercurial appends to its files."""
    if kind is Kind.HG:
        if not (source / ".hg").is_dir():
            raise RepositoryError(f"{source} is no Mercurial repository.")
        shutil.copytree(source / ".hg", path / ".hg", symlinks=True)
        return
    inner = source / ".git" if (source / ".git").is_dir() else source
    if not (inner / "objects").is_dir():
        raise RepositoryError(f"{source} is no Git repository.")
    shutil.copytree(inner, path, copy_function=_link, ignore=_ONLY_OF_THE_SOURCE)
    output_of(["git", f"--git-dir={path}", "config", "core.bare", "true"])


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _prepare(kind: Kind, path: Path) -> None:
    """What a well kept server has, for everybody: bitmaps, and the commit-graph with Bloom filters."""
    if kind is Kind.HG:
        return
    git = ["git", f"--git-dir={path}"]
    if not list((path / "objects/pack").glob("*.bitmap")):
        output_of([*git, "repack", "-a", "-d", "-b", "--quiet"])
    output_of([*git, "commit-graph", "write", "--reachable", "--changed-paths"])
