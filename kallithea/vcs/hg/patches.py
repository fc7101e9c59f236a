"""What changed between two changesets: file by file as hunks, or as text in Git's extended format."""

from collections.abc import Collection, Iterator
from typing import Any

from kallithea.vcs.diff import DiffOptions, FileChange, Whitespace
from kallithea.vcs.hg import same_lines  # noqa: F401 - Mercurial asks it what two versions share
from kallithea.vcs.hg.mercurial_setup import match, mdiff
from kallithea.vcs.hunks import HunkKeeper

# Mercurial holds both sides of a file in memory while it compares them. Larger files, in bytes of both sides, are only
# named, as binary ones are.
_LARGEST = 32 << 20


def compare_options(options: DiffOptions, *, binary: bool = False) -> Any:
    """Mercurial's own options; with ``binary``, binary files come as Git's binary patches."""
    return mdiff.diffopts(
        git=True,
        showfunc=True,
        index=40,
        nobinary=not binary,
        context=options.context,
        ignorews=options.ignored is Whitespace.ALL,
        ignorewsamount=options.ignored is Whitespace.AMOUNT,
        ignoreblanklines=options.ignored is Whitespace.BLANK_LINES,
    )


def keep_hunks(keeper: HunkKeeper, old: bytes, new: bytes, options: Any) -> None:
    """Give the keeper the hunks that turn one content into the other."""
    _, hunks = mdiff.unidiff(old, b"", new, b"", b"", b"", binary=False, opts=options)
    for _, (head, *lines) in hunks:
        if keeper.start_hunk(head[len(b"@@ ") : -1]):
            keeper.take_lines(b"\n" + b"".join(lines)[:-1])


def patch_text(old: Any, new: Any, files: Collection[FileChange], options: Any) -> Iterator[bytes]:
    """The changes of these files between two contexts, in chunks; of too large ones only their names and modes."""
    large = [file for file in files if are_too_large(stored_sizes(file_sides(old, new, file)))]
    paths = {path for file in files for path in (file.path, file.old_path)}
    paths -= {path for file in large for path in (file.path, file.old_path)}
    copied = {file.path: file.old_path for file in files if file.path != file.old_path}
    yield from new.diff(old, match.exact(sorted(paths)), opts=options, copy=copied)
    for file in large:
        names = (file.path, file.path, _modes(file), file.path)
        yield b"diff --git a/%s b/%s\n%sBinary file %s has changed\n" % names


def file_sides(old: Any, new: Any, change: FileChange) -> tuple[Any, Any]:
    """The file in both contexts, None where it is not. Its log is opened once, which takes longer than reading it."""
    new_log = new.repo().file(change.path)
    old_log = new_log if change.old_path == change.path else old.repo().file(change.old_path)
    sides = ((old, change.old_path, change.old_id, old_log), (new, change.path, change.new_id, new_log))
    before, after = (
        side.filectx(path, fileid=bytes.fromhex(at), filelog=log) if at is not None else None
        for side, path, at, log in sides
    )
    return before, after


def stored_sizes(sides: tuple[Any, Any]) -> tuple[int, int]:
    """Bytes of both sides of a file; 0 where there is none."""
    before, after = (stored_size(side.filelog(), side.filenode()) if side is not None else 0 for side in sides)
    return before, after


def are_too_large(sizes: tuple[int, int]) -> bool:
    """Whether files of these sizes are not compared."""
    return sum(sizes) > _LARGEST


def stored_size(storage: Any, at: bytes) -> int:
    """Bytes of one version of a file, with what Mercurial may store before it about a copy; nothing is read for it."""
    # There is no public call that tells a size without reading the first version of a file.
    return int(storage._revlog.rawsize(storage.rev(at)))  # noqa: SLF001


def count_chunks(storage: Any, at: bytes) -> int:
    """Of how many stored pieces one version of a file is put together."""
    revisions, _whole = storage._revlog._inner._deltachain(storage.rev(at))  # noqa: SLF001 - there is no other way
    return len(revisions)


def _modes(file: FileChange) -> bytes:
    """The header lines that tell the modes of a file on both sides."""
    if file.old_mode is None:
        return b"new file mode %s\n" % (file.new_mode or "").encode()
    if file.new_mode is None:
        return b"deleted file mode %s\n" % file.old_mode.encode()
    return b"old mode %s\nnew mode %s\n" % (file.old_mode.encode(), file.new_mode.encode())
