"""Forks of Git repositories: their branches and tags, and exactly the objects that these lead to.

The files of objects are never changed once they are written, so a fork can have them under names of its own, by hard
links: it takes no time and no room, and each side still repacks and prunes by itself. But these files hold whatever was
ever pushed. So the objects are counted: if the fork would have one that its refs do not lead to, such as a commit of a
deleted branch, which its readers could ask for by its id, the objects are packed for it instead.
"""

import contextlib
import pathlib
import shutil
from collections.abc import Mapping

from kallithea.core.words import _
from kallithea.vcs.forking import TellProgress
from kallithea.vcs.git.default_branch import HEAD
from kallithea.vcs.git.durability import DURABLE
from kallithea.vcs.git.environment import git_folder
from kallithea.vcs.git.object_files import link_objects, remove_objects
from kallithea.vcs.git.process import GitLimits, GitProcess, run_git
from kallithea.vcs.git.ref_files import PACKED, is_possible_name
from kallithea.vcs.git.refs import HEADS, TAGS, GitRefs
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.placing import new_folder
from kallithea.vcs.slots import Weight

# It packs whatever the other repository holds, as upkeep does. Neither pages nor other jobs wait for one that takes
# hours.
_LIMITS = GitLimits(seconds=6 * 3600.0, total_memory=0, weight=Weight.COPY, patience=600.0)
_TICK = 0.5
_LINKED, _COUNTED, _PACKED = 40, 50, 95


def fork_repository(source: pathlib.Path, target: pathlib.Path, options: VcsOptions, tell: TellProgress) -> None:
    """See ``opener.fork_repository``."""
    objects = git_folder(source) / "objects"
    with contextlib.closing(_Origin(options, source)) as origin, new_folder(target) as folder:
        origin.prepare(folder)
        # refs before objects, so that all they lead to is there
        refs = origin.state().refs
        taken = {name: at for name, at in refs.items() if name.startswith((HEADS, TAGS))}
        borrows = (objects / "info" / "alternates").exists()
        linked = not borrows and link_objects(objects, folder / "objects", tell, percent=_LINKED)
        _write_refs(options, folder, taken, refs.get(HEAD, ""))
        tell(_LINKED, _("Counting objects"))
        if not linked or _count_reachable(options, folder) != _count_stored(options, folder):
            remove_objects(folder / "objects")
            _pack(options, objects, folder, taken, tell)
        tell(_PACKED, _("Storing"))


class _Origin(GitRefs):
    """What is forked."""

    def prepare(self, folder: pathlib.Path) -> None:
        """Make the folder an empty repository for objects of the same kind, that ends where this one ends."""
        kind = f"--object-format={self._objects.format_name}"
        run_git(self._options, folder, "init", "--quiet", "--bare", "--template=", "--initial-branch=main", kind)
        with contextlib.suppress(FileNotFoundError):
            shutil.copyfile(self._folder / "shallow", folder / "shallow")


def _write_refs(options: VcsOptions, folder: pathlib.Path, refs: Mapping[bytes, str], head: str) -> None:
    lines = [b"%s %s\n" % (object_id.encode(), name) for name, object_id in sorted(refs.items())]
    (folder / PACKED).write_bytes(b"# pack-refs with: sorted \n" + b"".join(lines))
    # adds what annotated tags lead to
    run_git(options, folder, "pack-refs", "--all", extra_config=DURABLE)
    branch = head.removeprefix("ref:").encode()
    if branch.startswith(HEADS) and is_possible_name(branch):
        run_git(options, folder, "symbolic-ref", HEAD, branch)


def _count_reachable(options: VcsOptions, folder: pathlib.Path) -> int:
    """Number of objects that the refs lead to. Raises CorruptObjectError where one is missing."""
    command = ("rev-list", "--count", "--objects", "--use-bitmap-index", "--all")
    return int(run_git(options, folder, *command, limits=_LIMITS))


def _count_stored(options: VcsOptions, folder: pathlib.Path) -> int:
    """Number of objects; one that is stored twice may count twice."""
    lines = run_git(options, folder, "count-objects", "--verbose", limits=_LIMITS).decode("ascii").splitlines()
    counts = dict(line.split(": ") for line in lines)
    return int(counts["count"]) + int(counts["in-pack"]) - int(counts["prune-packable"])


def _pack(
    options: VcsOptions, objects: pathlib.Path, folder: pathlib.Path, refs: Mapping[bytes, str], tell: TellProgress
) -> None:
    """Pack what the refs lead to; the objects are borrowed from the folder ``objects`` for as long as this takes."""
    if not refs:
        return
    # by a link, because git takes some characters of a path here for its own
    (folder / "others").symlink_to(objects.absolute())
    alternates = folder / "objects" / "info" / "alternates"
    alternates.write_text("../others\n")
    command = ("pack-objects", "--revs", "--delta-base-offset", "--quiet", "objects/pack/pack")
    with GitProcess(options, folder, *command, limits=_LIMITS, extra_config=DURABLE, with_input=True) as process:
        for object_id in dict.fromkeys(refs.values()):
            process.write(object_id.encode() + b"\n")
        process.end_input()
        whole = max(sum(pack.stat().st_size for pack in (objects / "pack").glob("*.pack")), 1)
        while not process.has_answered(_TICK):
            done = sum(pack.stat().st_size for pack in (folder / "objects" / "pack").iterdir())
            tell(min(_COUNTED + (_PACKED - _COUNTED) * done // whole, _PACKED), _("Packing objects"))
        process.finish()
    alternates.unlink()
    (folder / "others").unlink()
