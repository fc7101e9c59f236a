"""Fetching from a Git repository elsewhere into a bare repository of its own, whose refs are then what was fetched."""

import pathlib
import shutil
from collections.abc import Iterable, Iterator

from kallithea.core.words import _
from kallithea.vcs.git.process import run_git
from kallithea.vcs.git.ref_files import PACKED, RefFiles
from kallithea.vcs.git.refs import HEADS, TAGS
from kallithea.vcs.git.remote_channel import find_source, open_channel
from kallithea.vcs.git.remote_process import clean_line, run_remote_git
from kallithea.vcs.git.remote_refs import RemoteRefs, list_remote_refs
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.remote import RemoteError, RemoteSource, RemoteStep
from kallithea.vcs.remote_guard import Guard

# Refs that only say which objects need not be sent.
_HAVE = "refs/have/"
_FETCH = (
    "fetch --progress --no-tags --no-write-fetch-head --no-auto-maintenance --no-recurse-submodules --atomic"
    " --end-of-options"
)
_MOST_REFUSED = 500
_NAMED = 20


def fetch_remote(
    options: VcsOptions,
    source: RemoteSource,
    folder: pathlib.Path,
    guard: Guard,
    *,
    object_format: str | None = None,
    have: Iterable[str] = (),
) -> RemoteRefs:
    """Make the empty ``folder`` a repository with the branches and tags of the other one.

    Without an ``object_format`` it is the other one's; ``have`` are ids of objects that ``options.lent_objects`` hold.
    The answer's refs are those that were fetched. Raises RemoteError, VcsError, and what the guard raises.
    """
    guard.begin(RemoteStep.CONNECT)
    make_bare(options, folder, object_format or "sha1")
    found, pinned = find_source(source, guard)
    if str(found.address) != str(source.address):
        guard.say(f"the address leads to {found.address}")
    with open_channel(options, found, pinned) as channel:
        listed = list_remote_refs(options, folder, channel, found, guard)
        _tell(guard, listed)
        _require_format(options, folder, object_format, listed.object_format)
        guard.begin(RemoteStep.RECEIVE)
        if not listed.refs:
            return listed
        _write_haves(folder, have)
        arguments = [*_FETCH.split(), channel.url]
        refspecs = [f"+{prefix}*:{prefix}*".encode() for prefix in (HEADS.decode(), TAGS.decode())]
        excluded = [b"^" + name for name in listed.refused]
        run_remote_git(options, folder, [*arguments, *refspecs, *excluded], channel, found, guard)
    guard.check_size()
    fetched = RefFiles(folder).list_(HEADS, TAGS)
    if listed.refs.keys() - fetched.keys():
        # git only warns of refs whose history was cut off
        raise RemoteError(
            _("Not all branches and tags came: the other repository lacks a part of its history, or has just changed.")
        )
    return RemoteRefs(fetched, listed.head, listed.refused, listed.others, listed.object_format)


def make_bare(options: VcsOptions, folder: pathlib.Path, object_format: str) -> None:
    """Make the folder an empty bare repository whose first branch will be ``main``."""
    kind = f"--object-format={object_format}"
    run_git(options, folder, "init", "--quiet", "--bare", "--template=", "--initial-branch=main", kind)


def _require_format(options: VcsOptions, folder: pathlib.Path, wanted: str | None, found: str | None) -> None:
    if wanted is not None and found not in (None, wanted):
        raise RemoteError(_("The two repositories name objects in different ways (SHA-1 and SHA-256)."))
    if wanted is None and found == "sha256":
        for path in folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        make_bare(options, folder, found)


def _write_haves(folder: pathlib.Path, have: Iterable[str]) -> None:
    lines = [f"{object_id} {_HAVE}{number:08d}\n" for number, object_id in enumerate(dict.fromkeys(have))]
    if lines:
        (folder / PACKED).write_text("# pack-refs with: sorted \n" + "".join(lines), encoding="ascii")


def _tell(guard: Guard, listed: RemoteRefs) -> None:
    if len(listed.refused) > _MOST_REFUSED:
        raise RemoteError(_("The other site has too many branches and tags whose names are not allowed here."))
    guard.say(f"branches and tags there: {len(listed.refs)}")
    for line in _warnings(listed):
        guard.say(line, warning=True)


def _warnings(listed: RemoteRefs) -> Iterator[str]:
    for name, words in list(listed.refused.items())[:_NAMED]:
        yield clean_line(f"{name.decode('utf-8', 'replace')} is left out: {words}")
    if len(listed.refused) > _NAMED:
        yield f"{len(listed.refused) - _NAMED} more are left out"
    if listed.others:
        yield f"refs that are left out, because they are not under heads or tags: {listed.others}"
