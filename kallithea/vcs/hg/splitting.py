"""Dividing the file of a history that has become large.

Mercurial keeps a short history in one file, index and contents together, and makes two of it when more is written. For
that it would read each version whole into memory, beside the new one, which it still holds then.
"""

import mmap
import os
import pathlib
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from mercurial import error

# So many bytes of a version are not read into memory.
_LARGE = 1 << 20
# What an entry of an index says about a version.
_OFFSET, _LENGTH = 0, 1


def spare_splitting(inner_revlog: Any) -> None:
    """Have Mercurial's class for the files of a history copy what it divides, without memory of its own."""
    split: Callable[..., Any] = inner_revlog.split_inline

    def split_mapped(inner: Any, *arguments: Any, **options: Any) -> Any:
        with ExitStack() as stack:
            inner.get_segment_for_revs = _Stored(inner, stack)
            stack.callback(delattr, inner, "get_segment_for_revs")
            return split(inner, *arguments, **options)

    inner_revlog.split_inline = split_mapped


class _Stored:
    """What ``get_segment_for_revs`` of the class tells, large versions as the disk has them: in no memory of ours.

    The file is opened with the first that is asked for: until then, Mercurial may not have written all of it. Small
    ones are read as ever: a disk that fails is an error where the system writes what is mapped, but the end of the
    process where Python copies it.
    """

    def __init__(self, inner: Any, stack: ExitStack) -> None:
        self._inner, self._stack = inner, stack
        self._read: Callable[[int, int], tuple[int, Any]] = inner.get_segment_for_revs
        self._view: memoryview | None = None

    def __call__(self, first: int, last: int) -> tuple[int, Any]:
        """Where the versions lie, and their bytes. Raises RevlogError where the file ends before."""
        index, size = self._inner.index, self._inner.index.entry_size
        begin = (index[first][_OFFSET] >> 16) + (first + 1) * size
        end = (index[last][_OFFSET] >> 16) + index[last][_LENGTH] + (last + 1) * size
        if end - begin < _LARGE:
            return self._read(first, last)
        if self._view is None:
            self._view = self._map()
        if end > len(self._view):
            raise error.RevlogError(b"partial read of a history that is divided")
        return begin, self._view[begin:end]

    def _map(self) -> memoryview:
        path = pathlib.Path(os.fsdecode(self._inner.opener.join(self._inner.index_file)))
        with path.open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        return self._stack.enter_context(memoryview(mapped))
