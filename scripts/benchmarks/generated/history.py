"""Histories made up from a seed, as a sequence of commits that either kind of repository can take."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random

FIRST_DATE = 1_500_000_000
_AUTHORS = tuple(f"Author {number} <author{number}@example.org>".encode() for number in range(40))
_WORDS = (
    "buffer offset length result handle parent commit object header packet branch remote option value index "
    "cursor entry filter status signal thread window socket stream digest record column vector engine policy"
).split()


@dataclass(frozen=True)
class MadeCommit:
    """A commit by its number. ``parents`` are numbers of earlier ones; ``files`` maps paths to contents, None removes.

    ``renames`` maps new paths to old ones; the contents are in ``files`` nevertheless.
    """

    number: int
    parents: tuple[int, ...]
    files: Mapping[bytes, bytes | None]
    message: bytes
    author: bytes
    date: int
    renames: Mapping[bytes, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Shape:
    """How large a history is. The default is like that of git/git."""

    files: int = 100_000
    root_entries: int = 561
    wide_entries: int = 1_197
    thousand_line_files: int = 40
    large_files: int = 8
    commits: int = 20_000

    def scaled(self, factor: float) -> "Shape":
        """The same in another size; nothing vanishes."""
        return Shape(
            max(int(self.files * factor), 60),
            max(int(self.root_entries * factor), 12),
            max(int(self.wide_entries * factor), 24),
            max(int(self.thousand_line_files * factor), 3),
            max(int(self.large_files * factor), 2),
            max(int(self.commits * factor), 120),
        )


class History:
    """Makes the commits. The same seed and shape give the same ones."""

    def __init__(self, shape: Shape, seed: int) -> None:
        self._shape = shape
        self._random = Random(f"history {seed}")  # noqa: S311 - no secret
        self._contents: dict[bytes, list[bytes]] = {}
        self._small: list[bytes] = []

    def commits(self) -> Iterator[MadeCommit]:
        """All, oldest first; the last one is the head."""
        self._make_files()
        yield self._commit(0, (), {path: self._data(path) for path in self._contents})
        number = 0
        while number + 1 < self._shape.commits:
            tip = number
            number += 1
            yield self._change(number, (tip,))
            if number % 20 == 0:
                # a side branch of two commits, and its merge
                side = self._change(number + 1, (tip,), prefix=b"side/")
                yield side
                number += 2
                yield self._commit(number, (number - 2, number - 1), dict(side.files), b"Merge a topic")

    def _make_files(self) -> None:
        shape = self._shape
        self._contents[b"Makefile"] = self._lines(2_500)
        for number in range(shape.thousand_line_files):
            self._contents[b"builtin/command%d.c" % number] = self._lines(self._random.randint(850, 1250))
        for number in range(shape.large_files):
            self._contents[b"large/source%d.c" % number] = self._lines(self._random.randint(6000, 7500))
        for number in range(shape.wide_entries):
            self._add_small(b"t/t%05d-case.sh" % number)
        folders = max(shape.root_entries // 8, 4)
        for number in range(max(shape.root_entries - folders - 5, 1)):
            self._add_small(b"file%03d.c" % number)
        while len(self._contents) < shape.files:
            number = len(self._contents)
            self._add_small(b"folder%02d/part%02d/unit%05d.c" % (number % folders, number // folders % 12, number))
        self._add_small(b"README.md")

    def _add_small(self, path: bytes) -> None:
        self._contents[path] = self._lines(self._random.randint(3, 12))
        self._small.append(path)

    def _change(self, number: int, parents: tuple[int, ...], prefix: bytes = b"") -> MadeCommit:
        """A few files; now and then a large one, some hundred, or one that is renamed."""
        if prefix:
            path = prefix + b"topic%05d.c" % number
            return self._commit(number, parents, {path: b"".join(self._lines(20))}, b"Work on a topic")
        if number % 100 == 50:
            return self._rename(number, parents)
        count = min(338, len(self._small)) if number % 1000 == 500 else self._random.randint(1, 4)
        paths = self._random.sample(self._small, count)
        if number % 12 == 0:
            paths.append(b"Makefile")
        elif number % 40 == 7:
            paths.append(b"builtin/command%d.c" % self._random.randrange(self._shape.thousand_line_files))
        for path in paths:
            self._edit(self._contents[path])
        return self._commit(number, parents, {path: self._data(path) for path in paths})

    def _rename(self, number: int, parents: tuple[int, ...]) -> MadeCommit:
        position = self._random.randrange(len(self._small))
        old = self._small[position]
        folder, slash, name = old.rpartition(b"/")
        new = folder + slash + b"renamed%d-" % number + name
        self._contents[new] = self._contents.pop(old)
        self._small[position] = new
        return self._commit(number, parents, {old: None, new: self._data(new)}, b"Rename a file", {new: old})

    def _commit(
        self,
        number: int,
        parents: tuple[int, ...],
        files: Mapping[bytes, bytes | None],
        message: bytes = b"Change some lines",
        renames: Mapping[bytes, bytes] | None = None,
    ) -> MadeCommit:
        text = b"%s, number %d\n\nWhat was wrong, and why this is right.\n" % (message, number)
        author = self._random.choice(_AUTHORS)
        return MadeCommit(number, parents, files, text, author, FIRST_DATE + 3600 * number, renames or {})

    def _edit(self, lines: list[bytes]) -> None:
        """Change up to ten lines that stand together."""
        start = self._random.randrange(len(lines))
        count = self._random.randint(1, 10)
        lines[start : start + count] = self._lines(self._random.randint(1, 10))

    def _lines(self, count: int) -> list[bytes]:
        return [self._line() for _ in range(count)]

    def _line(self) -> bytes:
        first, second = self._random.choices(_WORDS, k=2)
        return f"\t{first}_{second}({self._random.randrange(100_000)});\n".encode()

    def _data(self, path: bytes) -> bytes:
        return b"".join(self._contents[path])
