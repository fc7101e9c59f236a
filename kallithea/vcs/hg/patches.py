"""What a changeset changed, as text in Git's extended format."""

from collections.abc import Iterator
from typing import Any

from kallithea.vcs.hg.mercurial_setup import match, mdiff

# Mercurial holds both sides of a file in memory while it compares them. Larger files, in bytes, are only named, as
# binary ones are.
_LARGEST = 32 << 20
_MODES = {b"": b"100644", b"x": b"100755", b"l": b"120000"}


def patch_text(context: Any, *, binary: bool, lines_around: int) -> Iterator[bytes]:
    """Changes of a changeset against its first parent, in chunks.

    With ``binary``, binary files come as Git's binary patches, else they are only named.
    """
    parent = context.p1()
    options = mdiff.diffopts(git=True, showfunc=True, index=40, nobinary=not binary, context=lines_around)
    large = [path for path in _changed(parent, context) if _size(parent, path) + _size(context, path) > _LARGEST]
    matcher = match.differencematcher(match.always(), match.exact(large)) if large else None
    yield from context.diff(parent, matcher, opts=options)
    for path in large:
        yield b"diff --git a/%s b/%s\n%sBinary file %s has changed\n" % (
            path,
            path,
            _modes(parent, context, path),
            path,
        )


def stored_size(storage: Any, at: bytes) -> int:
    """Bytes of one version of a file, with what Mercurial may store before it about a copy; nothing is read for it."""
    # There is no public call that tells a size without reading the first version of a file.
    return int(storage._revlog.rawsize(storage.rev(at)))  # noqa: SLF001


def _changed(parent: Any, context: Any) -> list[bytes]:
    status = parent.status(context)
    return sorted([*status.modified, *status.added, *status.removed])


def _size(context: Any, path: bytes) -> int:
    return stored_size(context.repo().file(path), context.manifest()[path]) if path in context else 0


def _modes(parent: Any, context: Any, path: bytes) -> bytes:
    """The header lines that tell the modes of a file on both sides."""
    old = _MODES.get(parent.flags(path), _MODES[b""]) if path in parent else None
    new = _MODES.get(context.flags(path), _MODES[b""]) if path in context else None
    if old is None:
        return b"new file mode %s\n" % new
    if new is None:
        return b"deleted file mode %s\n" % old
    return b"old mode %s\nnew mode %s\n" % (old, new)
