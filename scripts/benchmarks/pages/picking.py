"""Picks what is asked for, by shape and at random, so that any repository will do."""

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random

from scripts.benchmarks.pages.contents import digests_of_archive
from scripts.benchmarks.pages.targets import Archive, Blame, Change, File, Folder, Log, PathLog, Raw, Summary, Target
from scripts.benchmarks.truth.truth import Truth

PAGE_OF_LOG = 50
#: Folders and files come from the newest commits, because those of a young project are small.
_NEW_COMMITS = 1000
_DEEP_OFFSET = 50_000
_SAMPLED_CHANGES = 8

THOUSAND_LINES = range(800, 1300)
MANY_LINES = range(5500, 8000)
_FEW_FILES, _FEW_LINES = range(1, 6), range(10, 400)
_MANY_FILES, _ANY_LINES = range(200, 700), range(1, 1_000_000)
_BYTES_PER_LINE = (10, 80)
_BRANCHY = range(10, 300)


@dataclass(frozen=True)
class Picker:
    """Always picks the same for the same repository and seed, and never more than ``most`` at a time."""

    truth: Truth
    seed: int
    most: int

    def commits(self, word: str, count: int) -> list[str]:
        """New commits; the word makes the choice independent of others."""
        return self._shuffled(word)[: min(count, self.most)]

    def _shuffled(self, word: str) -> list[str]:
        ids = self.commit_ids[:_NEW_COMMITS]
        return self._random(word).sample(ids, len(ids))

    def summary(self) -> list[Target]:
        """The first page, which names at least the newest commit."""
        head = self.truth.head
        return [Summary(head, b"", self.truth.log(head, 0, 1))]

    def folders(self, word: str, path: bytes, count: int) -> list[Folder]:
        """A folder in new commits that have it."""
        found = ((commit_id, self.truth.names(commit_id, path)) for commit_id in self._shuffled(word))
        folders = (Folder(commit_id, path, names) for commit_id, names in found if names)
        return list(itertools.islice(folders, min(count, self.most)))

    def root_of_head(self) -> Folder:
        """The root of the newest commit."""
        return Folder(self.truth.head, b"", self.truth.names(self.truth.head, b""))

    def root_files(self, count: int) -> list[bytes]:
        """Text files of the root, which end with a line feed."""
        head = self.truth.head
        names = sorted(path for path in self.truth.paths(head) if b"/" not in path)
        found = (path for path in self._random("root files").sample(names, len(names)) if self._is_plain(head, path))
        return list(itertools.islice(found, count))

    def deep_path(self) -> bytes:
        """A folder inside another, neither small nor large."""
        inner = {path: size for path, size in self._folder_sizes.items() if b"/" in path}
        fitting = sorted(path for path, size in inner.items() if size in _BRANCHY)
        return self._random("deep").choice(fitting or sorted(inner) or [self.wide_path()])

    def wide_path(self) -> bytes:
        """The folder with the most entries, the root aside."""
        sizes = {path: size for path, size in self._folder_sizes.items() if path}
        return max(sizes, key=lambda path: sizes[path], default=b"")

    def files(self, word: str, lines: range, count: int) -> list[Target]:
        """Files with so many lines."""
        return [File(*found) for found in self._contents(word, lines, count)]

    def raw_files(self, word: str, lines: range, count: int) -> list[Target]:
        """The same, for their bytes."""
        return [Raw(*found) for found in self._contents(word, lines, count)]

    def blames(self, word: str, lines: range, count: int) -> list[Target]:
        """The same, for who wrote them."""
        return [self._blame(commit_id, path, data) for commit_id, path, data in self._contents(word, lines, count)]

    def blames_of_busiest(self, word: str, count: int) -> list[Target]:
        """Who wrote the file that was changed most often, in new commits."""
        path = self._busiest[0]
        present = [commit_id for commit_id in self.commits(word, count) if path in self.truth.paths(commit_id)]
        return [self._blame(commit_id, path, self.truth.data(commit_id, path)) for commit_id in present]

    def newest_logs(self, count: int) -> list[Target]:
        """The newest pages of the history of the head."""
        pages = range(min(count, self.most, len(self.commit_ids) // PAGE_OF_LOG))
        return [self._log(self.truth.head, page * PAGE_OF_LOG) for page in pages or range(1)]

    def deep_logs(self, word: str, count: int) -> list[Target]:
        """Pages of the history of the head that lie about the 50,000th commit, or behind three fifths."""
        deepest = min(_DEEP_OFFSET, len(self.commit_ids) * 3 // 5) // PAGE_OF_LOG
        pages = range(deepest * 9 // 10, deepest + 1)
        chosen = self._random(word).sample(pages, min(len(pages), count, self.most))
        return [self._log(self.truth.head, page * PAGE_OF_LOG) for page in chosen]

    def path_logs(self, count: int) -> list[Target]:
        """The history of the files that were changed most often."""
        head = self.truth.head
        return [
            PathLog(head, path, self.truth.log(head, 0, PAGE_OF_LOG, path))
            for path in self._busiest[: min(count, self.most)]
        ]

    def small_changes(self, word: str, count: int) -> list[Target]:
        """Commits that changed a few files."""
        return self._changes(word, _FEW_FILES, _FEW_LINES, count)

    def huge_changes(self, word: str, count: int) -> list[Target]:
        """Commits that changed some hundred files, or the largest that there are."""
        return self._changes(word, _MANY_FILES, _ANY_LINES, count)

    def archives(self, word: str, count: int) -> list[Target]:
        """Everything, in new commits."""
        return [
            Archive(commit_id, b"", digests_of_archive(self.truth.archive(commit_id)))
            for commit_id in self.commits(word, count)
        ]

    def sample(self, word: str, names: frozenset[bytes]) -> list[bytes]:
        """Some of the entries of a folder."""
        return self._random(word).sample(sorted(names), min(len(names), _SAMPLED_CHANGES))

    @cached_property
    def commit_ids(self) -> Sequence[str]:
        """The history of the head, newest first."""
        return self.truth.commit_ids()

    def _random(self, word: str) -> Random:
        return Random(f"{self.seed} {word}")  # noqa: S311 - no secret

    def _is_plain(self, commit_id: str, path: bytes) -> bool:
        data = self.truth.data(commit_id, path)
        return data.endswith(b"\n") and _is_text(data)

    def _contents(self, word: str, lines: range, count: int) -> Iterator[tuple[str, bytes, bytes]]:
        """Commit, path and content of different files with so many lines, all of them text."""
        random, seen = self._random(word), set[bytes]()
        smallest, largest = lines.start * _BYTES_PER_LINE[0], lines.stop * _BYTES_PER_LINE[1]
        for commit_id in self.commits(word, count):
            sizes = self.truth.paths(commit_id)
            fitting = sorted(path for path, size in sizes.items() if smallest <= size <= largest)
            for path in random.sample(fitting, len(fitting)):
                data = self.truth.data(commit_id, path)
                if data not in seen and data.count(b"\n") in lines and _is_text(data):
                    seen.add(data)
                    yield commit_id, path, data
                if len(seen) >= min(count, self.most):
                    return

    def _changes(self, word: str, files: range, added: range, count: int) -> list[Target]:
        fitting = [commit_id for commit_id, paths in self._changed_files.items() if len(paths) in files]
        if not fitting:
            by_size = sorted(self._changed_files, key=lambda commit_id: len(self._changed_files[commit_id]))
            fitting = by_size[-count:]
        found: list[Target] = []
        for commit_id in self._random(word).sample(fitting, len(fitting)):
            hunks = self.truth.hunks(commit_id)
            lines = [line for hunk in hunks for line in hunk.added]
            if len(lines) in added and all(map(_is_text, lines)):
                found.append(Change(commit_id, b"", self.truth.changed_paths(commit_id), hunks))
            if len(found) >= min(count, self.most):
                break
        return found

    def _blame(self, commit_id: str, path: bytes, data: bytes) -> Blame:
        return Blame(commit_id, path, data, self.truth.blamed(commit_id, path))

    def _log(self, commit_id: str, offset: int) -> Log:
        return Log(commit_id, b"", self.truth.log(commit_id, offset, PAGE_OF_LOG), offset)

    @cached_property
    def _changed_files(self) -> Mapping[str, Sequence[bytes]]:
        return self.truth.changed_files()

    @cached_property
    def _busiest(self) -> list[bytes]:
        """Files of the head, those that were changed most often first."""
        present = self.truth.paths(self.truth.head)
        counts = Counter(path for paths in self._changed_files.values() for path in paths if path in present)
        return sorted(counts, key=lambda path: (-counts[path], path))

    @cached_property
    def _folder_sizes(self) -> Mapping[bytes, int]:
        """The number of entries of each folder of the head."""
        inside: dict[bytes, set[bytes]] = {}
        for path in self.truth.paths(self.truth.head):
            while path:
                folder, _, name = path.rpartition(b"/")
                inside.setdefault(folder, set()).add(name)
                path = folder
        return {folder: len(names) for folder, names in inside.items()}


def _is_text(data: bytes) -> bool:
    """Whether every server shows it alike: UTF-8 without control characters."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return not any(sign in data for sign in (b"\0", b"\x0c", b"\x1b", b"\r"))
