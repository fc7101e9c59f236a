"""Changed text in UTF-16, which git takes for binary: both sides are compared in UTF-8, by git as well."""

import pathlib
from collections.abc import Iterable, Iterator, Mapping, Sequence

from kallithea.vcs.diff import ChangeKind, DiffLimits, FileChange
from kallithea.vcs.git.batch import ObjectBatch
from kallithea.vcs.git.process import GitLimits, stream_git
from kallithea.vcs.hunks import KeptHunks
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.patch import FilePatch, parse_patch
from kallithea.vcs.types import utf8_of

#: Both sides of a file, None where it is not.
Texts = tuple[bytes | None, bytes | None]

# Of more binary files of a diff, or of more bytes of them together, the rest is left as it is.
_MOST_FILES = 100
_MOST_BYTES = 8 << 20
_OPTIONS = (
    "--no-index", "--text", "--no-renames", "--no-color", "--no-ext-diff", "--no-textconv", "--indent-heuristic",
    "--src-prefix=a/", "--dst-prefix=b/",
)  # fmt: skip


def read_texts(batch: ObjectBatch, changes: Iterable[FileChange]) -> dict[bytes, Texts]:
    """Those of binary files that are text and at least on one side in UTF-16: what they hold, in UTF-8, by path."""
    # a file that became a link or the like comes twice in a patch
    looked_at = [change for change in changes if change.kind is not ChangeKind.RETYPED][:_MOST_FILES]
    ids = list({at: None for change in looked_at for at in (change.old_id, change.new_id) if at is not None})
    sizes = {at: header.size for at, header in zip(ids, batch.headers(ids), strict=True) if header is not None}
    found, bytes_left = dict[bytes, Texts](), _MOST_BYTES
    for change in looked_at:
        there = [at for at in (change.old_id, change.new_id) if at is not None]
        size = sum(sizes.get(at, _MOST_BYTES + 1) for at in there)
        if size > bytes_left:
            continue
        bytes_left -= size
        contents = {at: item[1] for at, item in zip(there, batch.contents(there), strict=True) if item is not None}
        texts = {at: utf8_of(data) for at, data in contents.items()}
        if any(texts[at] is not contents[at] for at in texts) and not any(b"\0" in text for text in texts.values()):
            found[change.path] = texts.get(change.old_id or ""), texts.get(change.new_id or "")
    return found


def compare_texts(
    options: VcsOptions,
    place: pathlib.Path,
    texts: Mapping[bytes, Texts],
    formats: Sequence[str],
    limits: tuple[DiffLimits, GitLimits],
) -> Iterator[FilePatch]:
    """The changed lines of these files by one process; ``place`` is a folder that ``objects_alone`` has made.

    ``formats`` are options of ``git diff`` about lines. Raises LimitExceededError, BusyError.
    """
    # Paths may be of any form and length; numbers are not.
    for side, name in enumerate("ab"):
        (place / name).mkdir()
        for number, pair in enumerate(texts.values()):
            text = pair[side]
            if text is not None:
                (place / name / f"{number:04}").write_bytes(text)
    # It ends with 1 where something differs.
    output = stream_git(options, place, "diff", *_OPTIONS, *formats, "--", "a", "b", limits=limits[1], accept=(0, 1))
    found = {int(patch.path.rpartition(b"/")[2]): patch.lines for patch in parse_patch(output, limits[0])}
    for number, path in enumerate(texts):
        yield FilePatch(path, False, found.get(number, KeptHunks()))
