"""The files that hold a Git repository's objects, seen by another repository that takes them over.

See gitrepository-layout(5). Of a pack that is being written, the ``.idx`` comes last.
"""

import functools
import pathlib
import re
import shutil
from collections.abc import Iterator

from kallithea.core.words import _
from kallithea.vcs.forking import TellProgress
from kallithea.vcs.linking import link_or_copy

_TRIES = 5
_LOOSE_FOLDER = re.compile("[0-9a-f]{2}")
_LOOSE = re.compile("[0-9a-f]{38}(?:[0-9a-f]{24})?")
_WITH_PACKS = (".pack", ".rev", ".bitmap", ".idx")
_GRAPHS = ("info/commit-graph", "info/commit-graphs")


def link_objects(source: pathlib.Path, target: pathlib.Path, tell: TellProgress, *, percent: int) -> bool:
    """Give ``target`` the files of the folder ``source``, both of them named ``objects``; ``percent`` is the last told.

    False, and nothing is left, if the source is repacked again and again meanwhile. Raises OSError.
    """
    for _attempt in range(_TRIES):
        names = list(_files(source))
        try:
            for number, name in enumerate(names):
                tell_again = functools.partial(tell, percent * number // len(names), _("Linking objects"))
                tell_again()
                (target / name).parent.mkdir(parents=True, exist_ok=True)
                link_or_copy(source / name, target / name, tell_again)
        except FileNotFoundError:
            remove_objects(target)
        else:
            return True
    return False


def remove_objects(folder: pathlib.Path) -> None:
    """Empty a folder named ``objects``."""
    shutil.rmtree(folder)
    for name in ("info", "pack"):
        (folder / name).mkdir(parents=True)


def _files(folder: pathlib.Path) -> Iterator[str]:
    # graphs first: they never know of more commits than there are objects then
    for name in _GRAPHS:
        path = folder / name
        yield from (f"{name}/{file.name}" for file in _listed(path)) if path.is_dir() else (name,) * path.is_file()
    for index in _listed(folder / "pack"):
        if index.suffix == ".idx":
            with_it = (index.with_suffix(suffix) for suffix in _WITH_PACKS)
            yield from (f"pack/{file.name}" for file in with_it if file.exists())
    for loose in _listed(folder):
        if _LOOSE_FOLDER.fullmatch(loose.name):
            yield from (f"{loose.name}/{file.name}" for file in _listed(loose) if _LOOSE.fullmatch(file.name))


def _listed(folder: pathlib.Path) -> list[pathlib.Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []
