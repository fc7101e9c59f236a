"""From a kind and a folder to an open repository. A backend is imported when first used, or before a server forks."""

import importlib
import pathlib
from dataclasses import dataclass, field
from typing import cast

from kallithea.vcs.backend import Repository
from kallithea.vcs.clone_bundling import CloneBundling
from kallithea.vcs.comparison import Comparison
from kallithea.vcs.drafts import HistoryDraft
from kallithea.vcs.forking import TellProgress
from kallithea.vcs.kept import KeptRepositories
from kallithea.vcs.recent import RecentObjects
from kallithea.vcs.remote import Listener, PullReport, RemoteSource
from kallithea.vcs.types import Kind
from kallithea.vcs.upkeep import Step, UpkeepOrder
from kallithea.vcs.writing import Announce


@dataclass(frozen=True, slots=True)
class VcsOptions:
    """How the backends run, from the .ini: the git program is a name on PATH or a path.

    At most ``heavy_processes`` heavy git processes run, or archives of Mercurial are made, at a time among all who
    share the local folder ``slot_folder``, which need not exist; None is no bound. ``lent_objects``, of which the .ini
    says nothing, are folders of other Git repositories' objects that git processes also read; nor of ``publishing``:
    whether what is written to a Mercurial repository becomes public. ``recent`` and ``kept`` are shared by all that are
    opened with these options; who makes a ``kept`` with room for any closes it.
    """

    git_path: str = "git"
    slot_folder: pathlib.Path | None = None
    heavy_processes: int = 2
    lent_objects: tuple[pathlib.Path, ...] = ()
    publishing: bool = True
    recent: RecentObjects = field(default_factory=RecentObjects, compare=False)
    kept: KeptRepositories = field(default_factory=lambda: KeptRepositories(most=0), compare=False)


def import_backends() -> None:
    """Import now what reading a repository of any kind needs; processes that are forked later share it."""
    for kind in Kind:
        importlib.import_module(f"kallithea.vcs.{kind.value}.repository")
        importlib.import_module(f"kallithea.vcs.{kind.value}.comparison")


def open_repository(kind: Kind, path: pathlib.Path, options: VcsOptions) -> Repository:
    """Open the repository in the folder ``path``. Raises RepositoryMissingError."""
    backend = importlib.import_module(f"kallithea.vcs.{kind.value}.repository")
    return cast(Repository, backend.open_repository(path, options))


def open_comparison(kind: Kind, base: pathlib.Path, other: pathlib.Path, options: VcsOptions) -> Comparison:
    """Compare commits of the repository in the folder ``base`` with those of the one, perhaps the same, in ``other``.

    Raises RepositoryMissingError, and RevisionNotFoundError where the ids of the two are of different kinds.
    """
    backend = importlib.import_module(f"kallithea.vcs.{kind.value}.comparison")
    return cast(Comparison, backend.open_comparison(base, other, options))


def read_fingerprint(kind: Kind, path: pathlib.Path) -> str:
    """What ``RefStore.fingerprint`` says of the repository in the folder ``path``, without opening it.

    Raises RepositoryMissingError, VcsError.
    """
    backend = importlib.import_module(f"kallithea.vcs.{kind.value}.repository")
    return cast(str, backend.read_fingerprint(path))


def create_repository(kind: Kind, path: pathlib.Path, options: VcsOptions) -> None:
    """Make an empty repository in the folder ``path``, which must not exist: complete, or not there at all."""
    importlib.import_module(f"kallithea.vcs.{kind.value}.repository").create_repository(path, options)


def fork_repository(
    kind: Kind, source: pathlib.Path, target: pathlib.Path, options: VcsOptions, tell: TellProgress
) -> None:
    """Copy what visitors see of a repository into the folder ``target``, which must not exist.

    The fork has its own files, of which many are hard links at first, and nothing that its refs do not lead to. It is
    complete and on the disk, or not there at all. Raises RepositoryMissingError, VcsError, and what ``tell`` raises.
    """
    backend = importlib.import_module(f"kallithea.vcs.{kind.value}.forking")
    backend.fork_repository(source, target, options, tell)


def clone_repository(
    kind: Kind, source: RemoteSource, target: pathlib.Path, options: VcsOptions, listener: Listener
) -> None:
    """Make a repository in the folder ``target``, which must not exist, with the history of one elsewhere.

    It has all branches, bookmarks and tags, and nothing that would lead back there. It is complete and on the disk, or
    not there at all. Raises RemoteError, VcsError, and what ``listener`` raises.
    """
    backend = importlib.import_module(f"kallithea.vcs.{kind.value}.importing")
    backend.clone_repository(source, target, options, listener)


def pull_repository(  # from where, to where, how, and who is told
    kind: Kind,
    source: RemoteSource,
    path: pathlib.Path,
    options: VcsOptions,
    listener: Listener,
    announce: Announce,
) -> PullReport:
    """Add to the repository in the folder ``path`` what is new in one elsewhere.

    Branches, bookmarks and tags that are new there appear, and those that have gone on move; one that has gone another
    way here stays where it is, and so does what is only here. ``announce`` is told what will move before it does; what
    it raises leaves everything as it was. Raises RemoteError, VcsError, and what ``listener`` raises.
    """
    backend = importlib.import_module(f"kallithea.vcs.{kind.value}.importing")
    return cast(PullReport, backend.pull_repository(source, path, options, listener, announce))


def write_history(kind: Kind, path: pathlib.Path, history: HistoryDraft, options: VcsOptions) -> None:
    """Add drafted commits and refs to the repository in the folder ``path``. Raises VcsError."""
    importlib.import_module(f"kallithea.vcs.{kind.value}.drafting").write_history(path, history, options)


def list_upkeep(kind: Kind, path: pathlib.Path, order: UpkeepOrder, options: VcsOptions) -> tuple[Step, ...]:
    """What the repository in the folder ``path`` may need, for ``upkeep.do_steps``. Raises RepositoryMissingError."""
    backend = importlib.import_module(f"kallithea.vcs.{kind.value}.upkeep")
    return cast(tuple[Step, ...], backend.list_steps(path, order, options))


def open_clone_bundling(path: pathlib.Path) -> CloneBundling:
    """The Mercurial repository in the folder ``path``, to make bundles of. Raises RepositoryMissingError, VcsError."""
    return cast(CloneBundling, importlib.import_module("kallithea.vcs.hg.clone_bundles").open_clone_bundling(path))


def has_own_store(path: pathlib.Path) -> bool:
    """Whether a repository keeps its history in its own folder ``path``; one that ``hg share`` has made does not."""
    return not (path / ".hg" / "sharedpath").is_file()


def find_kind(path: pathlib.Path) -> Kind | None:
    """Which kind of repository lies in the folder, bare or with a working copy (``.git``, ``.hg``), or None."""
    if (path / ".hg" / "requires").is_file() or (path / ".hg" / "store").is_dir():
        return Kind.HG
    for folder in (path, path / ".git"):
        if (folder / "HEAD").is_file() and (folder / "objects").is_dir() and (folder / "refs").is_dir():
            return Kind.GIT
    return None
