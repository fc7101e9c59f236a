"""A short history with things of a size that real projects rarely have."""

from collections.abc import Iterator
from dataclasses import dataclass

from scripts.benchmarks.generated.history import FIRST_DATE, MadeCommit

FOLDER, FILE = b"folder", b"source.c"
_AUTHOR = b"Author <author@example.org>"


@dataclass(frozen=True)
class BigShape:
    """How large the things are."""

    entries: int = 25_000
    changed_files: int = 6_000
    lines: int = 100_000
    branches: int = 10_000

    def scaled(self, factor: float) -> "BigShape":
        """The same in another size."""
        sizes = (self.entries, self.changed_files, self.lines, self.branches)
        return BigShape(*(max(int(size * factor), 20) for size in sizes))


def big_commits(shape: BigShape) -> Iterator[MadeCommit]:
    """A folder with so many entries and a file with so many lines; then a commit that changes so many files."""
    files = {FOLDER + b"/entry%05d.txt" % number: b"entry %d\n" % number for number in range(shape.entries)}
    source = b"".join(b"\tresult = result + step(%d); /* line */\n" % number for number in range(shape.lines))
    yield MadeCommit(0, (), {**files, FILE: source}, b"Add everything\n", _AUTHOR, FIRST_DATE)
    changed = {path: data + b"another line\n" for path, data in list(files.items())[: shape.changed_files]}
    yield MadeCommit(1, (0,), changed, b"Change many files\n", _AUTHOR, FIRST_DATE + 3600)
