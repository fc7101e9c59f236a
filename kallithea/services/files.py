"""A file of a commit, as much of it as a page shows."""

from dataclasses import dataclass, replace

from kallithea.render.text import character_start
from kallithea.vcs.backend import Repository
from kallithea.vcs.blame import LARGEST_FILE, count_lines
from kallithea.vcs.types import Blob

#: Lines of a file on its page.
SHOWN_LINES = 20_000

#: Bytes of a file that are read to count its lines, and those of one whose later lines are asked for.
COUNTED = 4 << 20
LARGEST = LARGEST_FILE

_FEW_BYTES = 4096
_HEAD = 8_000


@dataclass(frozen=True, slots=True)
class FileLines:
    """Neighbouring lines of a file, ``blob.data``; of what is binary, ``blob`` is its begin, and nothing is counted.

    The first of them has the number ``first``, the last one, which may be ``cut``, ``last``. The file has ``count``
    lines, or, if it is not ``counted``, more; ``head`` is how it begins. ``before`` and ``after`` are the first numbers
    of lines that can be shown before and after these, None where there are none. Text that the file has in UTF-16 is
    in UTF-8 here.
    """

    blob: Blob
    head: bytes
    first: int = 1
    last: int = 0
    count: int = 0
    counted: bool = True
    before: int | None = None
    after: int | None = None
    utf16: bool = False
    cut: bool = False


def read_file(repository: Repository, commit_id: str, path: bytes, *, limit: int, first: int = 1) -> FileLines:
    """A file as a page shows it: from the line ``first`` on, ``SHOWN_LINES`` whole lines within ``limit`` bytes.

    Where there is no such line, it is the last one. Raises PathNotFoundError.
    """
    read = max(limit, COUNTED if first == 1 else LARGEST)
    stored = repository.blob(commit_id, path, limit=read)
    head, blob = stored.data[:_HEAD], stored.in_utf8()
    if blob.binary:
        return FileLines(replace(blob, data=blob.data[:limit], truncated=limit < blob.size), head)
    end = blob.data.rfind(b"\n") + 1
    # what was cut is no line, unless there is no other
    data = blob.data[:end] if blob.truncated and end else blob.data
    known = data.count(b"\n") if blob.truncated else count_lines(data)
    first = max(1, min(first, known))
    start = _find_start(data, first)
    shown = data[start : _find_stop(data, start, limit)]
    after = first + count_lines(shown)
    more = after <= known or (blob.truncated and read < LARGEST)
    return FileLines(
        replace(blob, data=shown, truncated=blob.truncated or len(shown) < len(blob.data)),
        head,
        first,
        after - 1,
        known,
        not blob.truncated,
        _find_before(data, start, first, limit),
        after if more else None,
        blob is not stored,
        not shown.endswith(b"\n") and start + len(shown) < len(blob.data),
    )


def _find_start(data: bytes, line: int) -> int:
    """Where a line begins. It is found by halves: millions of lines, one by one, would take seconds."""
    low, high, left = 0, len(data), line - 1
    while left and high - low > _FEW_BYTES:
        middle = (low + high) // 2
        ends = data.count(b"\n", low, middle)
        if ends >= left:
            high = middle
        else:
            low, left = middle, left - ends
    for _ in range(left):
        low = data.index(b"\n", low) + 1
    return low


def _find_stop(data: bytes, start: int, limit: int) -> int:
    """Where the lines end that are shown from ``start`` on; a line that is longer than the limit is cut."""
    stop = min(start + limit, len(data))
    if stop < len(data):
        stop = data.rfind(b"\n", start, stop) + 1 or max(character_start(data, stop), start + 1)
    lines = data[start:stop].split(b"\n", SHOWN_LINES)
    return stop - len(lines[-1]) if len(lines) > SHOWN_LINES else stop


def _find_before(data: bytes, start: int, first: int, limit: int) -> int | None:
    """The first of the lines to be shown before a line, which begins at ``start``."""
    if not start:
        return None
    # the line in which the limit lies is not among them
    lines = first - 1 if start <= limit else data.count(b"\n", start - limit, start) - 1
    return first - max(1, min(lines, SHOWN_LINES))
