"""Git repositories that come from elsewhere: whole at first, later what is new there."""

import pathlib
from collections.abc import Iterator, Mapping

from kallithea.core.words import _
from kallithea.vcs.durability import sync_file_system
from kallithea.vcs.git.default_branch import HEAD, change_head, find_head_change
from kallithea.vcs.git.durability import DURABLE, MOVING
from kallithea.vcs.git.environment import git_folder
from kallithea.vcs.git.process import GitProcess, run_git
from kallithea.vcs.git.refs import HEADS, GitRefs
from kallithea.vcs.git.remote_fetch import fetch_remote
from kallithea.vcs.git.remote_refs import RemoteRefs
from kallithea.vcs.linking import link_or_copy
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.placing import new_folder, scratch_folder
from kallithea.vcs.remote import Listener, PullReport, RemoteError, RemoteSource, RemoteStep
from kallithea.vcs.remote_guard import Guard
from kallithea.vcs.types import RefState, RefUpdate, VcsError
from kallithea.vcs.writing import Announce

_IS_ANCESTOR, _IS_NONE = 0, 1
_UNKNOWN = 128
# Of a pack, git sees what has an index.
_PACK_FILES = (".pack", ".rev", ".idx")


def clone_repository(source: RemoteSource, target: pathlib.Path, options: VcsOptions, listener: Listener) -> None:
    """See ``opener.clone_repository``."""
    with new_folder(target) as folder:
        guard = Guard(listener, source.rules, folder)
        fetched = fetch_remote(options, source, folder, guard)
        guard.begin(RemoteStep.STORE)
        branch = fetched.head or _first_branch(fetched.refs)
        if branch is not None:
            run_git(options, folder, "symbolic-ref", HEAD, branch)
        # also adds what annotated tags lead to
        run_git(options, folder, "pack-refs", "--all", extra_config=DURABLE)


def pull_repository(
    source: RemoteSource, path: pathlib.Path, options: VcsOptions, listener: Listener, announce: Announce
) -> PullReport:
    """See ``opener.pull_repository``."""
    with scratch_folder(path) as folder, _Target(options, path) as target:
        guard = Guard(listener, source.rules, folder)
        lent = target.lent
        before = target.state()
        own = {name: value for name, value in before.refs.items() if name != HEAD}
        fetched = fetch_remote(lent, source, folder, guard, object_format=target.format_name, have=own.values())
        guard.begin(RemoteStep.STORE)
        updates, left = _compare(lent, folder, own, fetched)
        if updates:
            target.take_packs(folder)
            target.move(before, updates, announce)
        return PullReport(tuple(update.name for update in updates), tuple(left))


class _Target(GitRefs):
    """The repository that is pulled to."""

    @property
    def lent(self) -> VcsOptions:
        """Options with which git processes also read the objects of this repository."""
        options = self._options
        return VcsOptions(
            options.git_path, options.slot_folder, options.heavy_processes, (git_folder(self.path) / "objects",)
        )

    def take_packs(self, folder: pathlib.Path) -> None:
        """Get the packs of another repository, which then may go."""
        packs = self._folder / "objects" / "pack"
        packs.mkdir(exist_ok=True)
        for pack in sorted((folder / "objects" / "pack").glob("*.pack")):
            for suffix in _PACK_FILES:
                file = pack.with_suffix(suffix)
                if file.exists() and not (packs / file.name).exists():
                    link_or_copy(file, packs / file.name, lambda: None)
        sync_file_system(packs)

    def move(self, before: RefState, updates: list[RefUpdate], announce: Announce) -> None:
        """Move the refs if all of them are where they were. Raises RemoteError, VcsError, and what is announced."""
        head = find_head_change(before, updates)
        announce([*updates, head.update] if head else updates)
        no_id = "0" * self._objects.id_length
        try:
            with GitProcess(
                self._options, self.path, "update-ref", "--stdin", extra_config=MOVING, with_input=True
            ) as process:
                for update in updates:
                    process.write(b"update %s %s %s\n" % (update.name, _ascii(update.new), _ascii(update.old or no_id)))
                process.finish()
        except VcsError as problem:
            now = self.state().refs
            if any(now.get(update.name) != update.old for update in updates):
                raise RemoteError(_("Somebody pushed meanwhile. Nothing was changed; pull again.")) from problem
            raise
        if head is not None:
            change_head(self._options, self.path, head)


def _compare(
    options: VcsOptions, folder: pathlib.Path, own: Mapping[bytes, str], fetched: RemoteRefs
) -> tuple[list[RefUpdate], list[tuple[bytes, str]]]:
    """What is to be moved, and what is left as it is, with the reason. Nothing that is only here ever goes away."""
    updates: list[RefUpdate] = []
    left: list[tuple[bytes, str]] = list(fetched.refused.items())
    for name, new in sorted(fetched.refs.items()):
        old = own.get(name)
        if old == new:
            continue
        words = _find_obstacle(options, folder, own, name, new)
        if words is None:
            updates.append(RefUpdate(name, old, new))
        elif words:
            left.append((name, words))
    return updates, left


def _find_obstacle(
    options: VcsOptions, folder: pathlib.Path, own: Mapping[bytes, str], name: bytes, new: str
) -> str | None:
    """Why a ref must not be moved to ``new``; None if it may, and no words where it has all that already."""
    old = own.get(name)
    if old is None:
        taken = any(above in own for above in _folders(name)) or any(other.startswith(name + b"/") for other in own)
        return _("one of two names would be a folder of the other") if taken else None
    if not name.startswith(HEADS):
        return _("the tag is another one here")
    if _is_ancestor(options, folder, old, new):
        return None
    return "" if _is_ancestor(options, folder, new, old) else _("it has gone another way here")


def _is_ancestor(options: VcsOptions, folder: pathlib.Path, ancestor: str, descendant: str) -> bool:
    arguments = ("merge-base", "--is-ancestor", "--end-of-options", ancestor, descendant)
    accept = (_IS_ANCESTOR, _IS_NONE, _UNKNOWN)
    with GitProcess(options, folder, *arguments) as process:
        return process.finish(accept) == _IS_ANCESTOR


def _folders(name: bytes) -> Iterator[bytes]:
    parts = name.split(b"/")
    return (b"/".join(parts[:count]) for count in range(3, len(parts)))


def _first_branch(refs: Mapping[bytes, str]) -> bytes | None:
    branches = sorted(name for name in refs if name.startswith(HEADS))
    preferred = (HEADS + name for name in (b"main", b"master", b"trunk"))
    return next((name for name in preferred if name in branches), branches[0] if branches else None)


def _ascii(object_id: str | None) -> bytes:
    return (object_id or "").encode("ascii")
