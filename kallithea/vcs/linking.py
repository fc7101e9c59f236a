"""A second name for a file where the file system can, else a copy."""

import errno
import os
import pathlib
from collections.abc import Callable

_CHUNK = 1 << 22
# Another file system, one without hard links, or a file that has as many names as it may have.
_IMPOSSIBLE = (errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOTSUP, errno.EOPNOTSUPP)


def link_or_copy(source: pathlib.Path, target: pathlib.Path, copied: Callable[[], None]) -> None:
    """Make ``target`` the same file as ``source``, or one with the same content. Only for files that never change.

    ``copied`` is called after each piece of a copy; raising there ends it. Raises OSError.
    """
    try:
        # a symbolic link would not be followed
        os.link(source, target)
    except OSError as problem:
        if problem.errno not in _IMPOSSIBLE:
            raise
    else:
        return
    with source.open("rb") as reader, target.open("xb") as writer:
        while chunk := reader.read(_CHUNK):
            writer.write(chunk)
            copied()
    target.chmod(source.stat().st_mode & 0o777)
