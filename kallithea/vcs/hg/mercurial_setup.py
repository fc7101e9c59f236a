"""The only way to Mercurial: sets its environment before it is imported, and opens repositories.

Nothing of the machine's, the user's or the repository's configuration is read, so that a hook or extension named in a
repository's ``hgrc`` can do nothing. The evolve extension is loaded once per process where it is installed; it lets
clients exchange obsolescence markers. Mercurial has no types: what it hands out is ``Any`` here and in this package.
"""

import importlib.util
import io
import os
import pathlib
import re
import sqlite3
import types
from collections.abc import Mapping
from typing import Any

from kallithea.core.words import _

os.environ.update(
    HGPLAIN="+strictflags",
    HGRCPATH=os.devnull,
    HGRCSKIPREPO="1",
    HGENCODING="utf-8",
    HGENCODINGMODE="strict",
)

from mercurial import (
    bookmarks,
    bundle2,
    bundle2_part_handlers,  # noqa: F401 - fills the table of handlers
    changelog,
    context,
    copies,
    encoding,
    error,
    extensions,
    filelog,
    initialization,
    localrepo,
    lock,
    manifest,
    match,
    mdiff,
    node,
    obsolete,
    obsutil,
    patch,
    phases,
    policy,
    revlog,
    tags,
    util,
    vfs,
)
from mercurial import ui as mercurial_ui
from mercurial.exchanges import bundle_caps
from mercurial.interfaces import repository as repository_interface
from mercurial.repo import creation, factory, requirements
from mercurial.revlogutils import deltas, flagutil
from mercurial.utils import storageutil

from kallithea.vcs.hg.chunks import hasten_chunks
from kallithea.vcs.hg.file_logs import spare_manifests, spare_memory
from kallithea.vcs.hg.file_walks import watch_walks
from kallithea.vcs.hg.lock_owners import name_owners
from kallithea.vcs.hg.splitting import spare_splitting
from kallithea.vcs.opener import has_own_store
from kallithea.vcs.types import RepositoryMissingError, VcsError

__all__ = [
    "bookmarks",
    "bundle2",
    "changelog",
    "close_local",
    "context",
    "copies",
    "create_local",
    "encoding",
    "error",
    "lock",
    "manifest",
    "match",
    "mdiff",
    "new_ui",
    "node",
    "obsolete",
    "obsutil",
    "open_local",
    "patch",
    "phases",
    "program_state",
    "repository_interface",
    "require_store",
    "storageutil",
    "tags",
    "tidy_local",
    "util",
    "vfs",
]

name_owners(lock)
watch_walks(context.basefilectx, copies)
spare_memory(filelog.filelog, policy.get_zstd())
spare_manifests(manifest)
hasten_chunks(revlog._InnerRevlog, deltas.slicechunk, policy.get_zstd())  # noqa: SLF001 - there is no other way
spare_splitting(revlog._InnerRevlog)  # noqa: SLF001

HAS_EVOLVE = importlib.util.find_spec("hgext3rd.evolve") is not None

_LFS = _(
    "The repository keeps large files with Mercurial's lfs extension, which this site does not serve: its"
    " pages can be read, but it cannot be cloned, forked or changed here. 'hg convert' with --config "
    "lfs.track='none()' makes a repository without."
)

_SHARE = _(
    "The repository keeps its history in another one ('hg share'), which this site does not serve. 'hg unshare' makes "
    "one of its own of it."
)

_SETTINGS: dict[tuple[bytes, bytes], bytes] = {
    # What a process does when it is told to end or to begin anew is the matter of its server.
    (b"ui", b"signal-safe-lock"): b"no",
    (b"ui", b"interactive"): b"no",
    (b"ui", b"quiet"): b"yes",
    # A lock that another process holds this long is a failure to report, not something to wait out.
    (b"ui", b"timeout"): b"30",
    (b"ui", b"ssh"): b"false",
    (b"ui", b"merge"): b":fail",
    (b"progress", b"disable"): b"yes",
    (b"worker", b"enabled"): b"no",
    (b"subrepos", b"allowed"): b"no",
    (b"experimental", b"evolution"): b"all",
    # Evolve would fill its databases after each push, and leave them open; it does when a client compares markers.
    (b"experimental", b"obshashrange.warm-cache"): b"no",
    # Beyond this, what evolve keeps to compare markers quickly would be made for minutes within a push.
    (b"experimental", b"obshashrange.max-revs"): b"100000",
}

initialization.init()
# Whoever sends a bundle must not have this site fetch another one from an address of theirs, nor store files unchecked.
for _part in (b"remote-changegroup", b"stream2", b"stream3-exp"):
    bundle2.parthandlermapping.pop(_part, None)
bundle_caps.capabilities.pop(b"remote-changegroup", None)
# What such a repository holds of a large file is a file like others: see kallithea/vcs/pointers.py.
requirements.BASE_SUPPORTED.update((b"largefiles", b"lfs"))

_COPY = re.compile(rb"^x-hg-(\w+) (.*)$", re.MULTILINE)


def _read_pointer(_log: Any, text: bytes) -> tuple[bytes, bool]:
    """The version of a file that the lfs extension keeps elsewhere: what points to it. Its id is of something else."""
    copied = dict(_COPY.findall(text))
    return (storageutil.packmeta(copied, text) if copied else text), False


def _write_pointer(_log: Any, _text: bytes) -> tuple[bytes, bool]:
    raise error.Abort(b"large files are not written here")


flagutil.addflagprocessor(flagutil.REVIDX_EXTSTORED, (_read_pointer, _write_pointer, lambda _log, _text: False))


def new_ui() -> Any:
    """A fresh ui with our settings and nothing else. It writes to memory and reads nothing; give it other streams."""
    ui = mercurial_ui.ui.load()
    for (section, name), value in _SETTINGS.items():
        ui.setconfig(section, name, value, b"kallithea")
    if HAS_EVOLVE:
        ui.setconfig(b"extensions", b"evolve", b"", b"kallithea")
    ui.fin, ui.fout, ui.ferr = io.BytesIO(), io.BytesIO(), io.BytesIO()
    return ui


def program_state() -> str:
    """A text that differs after Mercurial or evolve was replaced, by whose capabilities answers are shaped."""
    loaded = (b"%s %s" % (name, extensions.moduleversion(module)) for name, module in extensions.extensions())
    return b", ".join([util.version(), *loaded]).decode()


class _Forgotten(sqlite3.Connection):
    """A database that evolve opens and forgets: it is closed then, and Python has nothing to warn of."""

    def __del__(self) -> None:
        """In place of the warning, which would come in whatever code runs when Python finds the circle it lay in."""


def _open_forgotten(*arguments: Any, **options: Any) -> sqlite3.Connection:
    return sqlite3.connect(*arguments, factory=_Forgotten, **options)


extensions.loadall(new_ui())
if HAS_EVOLVE:
    from hgext3rd.evolve import obsdiscovery, stablerangecache

    for _module in (obsdiscovery, stablerangecache):
        _module.sqlite3 = types.SimpleNamespace(**vars(sqlite3) | {"connect": _open_forgotten})


def require_store(path: pathlib.Path) -> None:
    """Raise RepositoryMissingError where no repository is in the folder ``path``, VcsError where it is a share.

    Whoever may write to what a share leads to, or delete it, need not be who may do that here; nor would the state of
    files here tell that it has changed.
    """
    if not (path / ".hg").is_dir():
        raise RepositoryMissingError(_("The repository is not there."))
    if not has_own_store(path):
        raise VcsError(_SHARE)


def open_local(path: pathlib.Path, ui: Any = None, *, to_read: bool = False) -> Any:
    """The unfiltered ``localrepo`` in the folder ``path``. Raises RepositoryMissingError, VcsError.

    One of the lfs extension is opened only ``to_read``: its pointers alone are neither to be sent nor to be added to.
    """
    require_store(path)
    try:
        repository = factory.repository(ui or new_ui(), _literal(path)).unfiltered()
    except error.RequirementError as problem:
        raise VcsError(_describe_requirement(problem)) from problem
    except (error.RepoError, error.Abort, OSError) as problem:
        raise VcsError(_("The repository cannot be opened.")) from problem
    if b"lfs" in repository.requirements and not to_read:
        close_local(repository)
        raise VcsError(_LFS)
    return repository


def _describe_requirement(problem: Any) -> str:
    """What Mercurial does not know of a repository's format, and what helps."""
    _words, colon, names = problem.args[0].decode(errors="replace").partition(": ")
    if not colon:
        return _("The list of what the repository requires is damaged.")
    version = util.version().decode()
    return _(
        "The repository requires what Mercurial %(version)s, which this site uses, does not know: %(names)s. "
        "It can be shown when the site has a version that knows it, or after 'hg clone --pull' with one has "
        "made a copy without.",
        version=version,
        names=names,
    )


def tidy_local(repository: Any) -> None:
    """Give up what an open repository, of whatever view, has read and said; it stays open."""
    held = vars(repository.unfiltered())
    # What has been decompressed goes, too.
    repository.unfiltered().changelog._inner.clear_cache()  # noqa: SLF001 - there is no other way
    if "manifestlog" in held:
        _forget_manifests(held["manifestlog"])
        held["manifestlog"].getstorage(b"")._revlog._inner.clear_cache()  # noqa: SLF001 - there is no other way
    for stream in (repository.ui.fout, repository.ui.ferr):
        stream.seek(0)
        stream.truncate()


def close_local(repository: Any) -> None:
    """Close a repository, of whatever view, and free what it holds. Does nothing the second time.

    Mercurial's repositories refer to themselves in circles, which Python finds only after a while: until then each one
    that was open keeps some megabytes of what was read.
    """
    held = vars(repository.unfiltered())
    if held:
        repository.close()
        if "manifestlog" in held:
            _forget_manifests(held["manifestlog"])
        _close_evolve(held)
        held.clear()


def _forget_manifests(manifests: Any) -> None:
    """Free those that were read, of which one may take megabytes."""
    # What is kept there hangs in a circle, and would stay until Python looks for those.
    for cache in manifests._dirmancache.values():  # noqa: SLF001 - there is no other way
        cache.clear()
    manifests.clearcaches()


def _close_evolve(held: Mapping[str, Any]) -> None:
    """Close the databases in which evolve keeps what it needs to compare markers; it leaves them open."""
    for owner in (held.get("stablerange"), getattr(held.get("obsstore"), "rangeobshashcache", None)):
        connection = vars(owner).get("_con") if owner is not None else None
        if connection is not None:
            connection.close()


def create_local(path: pathlib.Path, like: Any = None) -> None:
    """Make an empty repository without working copy in the existing folder ``path``. Raises VcsError.

    Its format is that of the repository ``like``, else Mercurial's own choice.
    """
    ui = new_ui()
    wanted = None if like is None else creation.clone_requirements(ui, {}, like)
    try:
        localrepo.createrepository(ui, _literal(path), requirements=wanted)
    except (error.RepoError, error.Abort, OSError) as problem:
        raise VcsError(_("The repository could not be made.")) from problem


def _literal(path: pathlib.Path) -> bytes:
    """The folder's absolute name in bytes, refused where Mercurial would replace a part such as ``$HOME``."""
    name = os.fsencode(path.absolute())
    if os.path.expandvars(name) != name:
        raise VcsError(_("Mercurial cannot use a folder of this name."))
    return name
