"""Mercurial's walks through the histories of files, made to end when whoever asked has no time left.

One call, such as the one that finds copies, can go through the histories of thousands of files, and hold each new file
of a merge against thousands of renamed folders. And where a version of a file was made on several branches, changesets
are read one by one until the one is found that is an ancestor.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

# What an open repository holds while somebody watches.
_CHECK = "kallithea_check"


@contextlib.contextmanager
def watching(repository: Any, check: Callable[[], None]) -> Iterator[None]:
    """Have ``check`` called at each step of such a walk in this open repository; it may raise."""
    held = vars(repository.unfiltered())
    held[_CHECK] = check
    try:
        yield
    finally:
        held.pop(_CHECK, None)


def watch_walks(file_context: Any, copies: Any) -> None:
    """Prepare Mercurial's class of a file in a changeset, and its module that finds copies, for ``watching``."""
    read_parents, find_introduction = file_context.parents, file_context._adjustlinkrev  # noqa: SLF001
    find_renamed_folders = copies._dir_renames  # noqa: SLF001

    def parents(file: Any) -> Any:
        _find_check(file.repo())()
        return read_parents(file)

    def adjust(file: Any, start: int | None, inclusive: bool = False, stoprev: int | None = None) -> Any:
        if start is None or stoprev is not None:
            return find_introduction(file, start, inclusive, stoprev)
        return _find_introduction(file, start, inclusive, _find_check(file.repo()))

    def rename_folders(repository: Any, changeset: Any, copy: Any, copied: Any, list_added: Any) -> Any:
        check = _find_check(repository)
        return find_renamed_folders(repository, changeset, copy, copied, lambda: _each(list_added(), check))

    file_context.parents, file_context._adjustlinkrev = parents, adjust  # noqa: SLF001
    copies._dir_renames = rename_folders  # noqa: SLF001


def _find_check(repository: Any) -> Callable[[], None]:
    found: Callable[[], None] = getattr(repository, _CHECK, _go_on)
    return found


def _go_on() -> None:
    """Nobody watches."""


def _each(paths: Iterable[bytes], check: Callable[[], None]) -> Iterator[bytes]:
    for path in paths:
        check()
        yield path


def _find_introduction(file: Any, start: int, inclusive: bool, check: Callable[[], None]) -> int:
    """The ancestor of the changeset ``start`` that made the version, as Mercurial's ``_adjustlinkrev`` finds it."""
    repository, path, node = file.repo().unfiltered(), file.path(), file.filenode()
    changelog, linked = repository.changelog, int(file.linkrev())
    if linked == start:
        return linked
    ancestors = changelog.ancestors([start], linked, inclusive=inclusive)
    known = getattr(file, "_ancestrycontext", None)
    if linked in (ancestors if known is None else known):
        return linked
    for revision in ancestors:
        check()
        manifest, _user, _date, files, *_rest = changelog.read(revision)
        # Content that a parent has as well was not made here.
        if path in files and repository.manifestlog[manifest].read_delta_parents(exact=False).get(path) == node:
            return int(revision)
    return linked
