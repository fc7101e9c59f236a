"""Who wrote each line of a file: which commits are passed over, and answers that are kept.

What a repository says in a file at its root, one full commit id a line, is not taken for authorship: commits that only
changed the formatting. Git has the file's name and format; Mercurial has none, so both names count there.
"""

import datetime
import hashlib
import json
import re
from dataclasses import dataclass, replace
from urllib.parse import quote_from_bytes

from kallithea.cache.stores import Caches, Store
from kallithea.services.history_answers import keep_answer
from kallithea.vcs.backend import Repository
from kallithea.vcs.blame import PLAIN_BLAME, Blame, BlameCommit, BlameGroup, BlameOptions, FileVersion
from kallithea.vcs.types import EntryKind, Kind, PathNotFoundError, Signature

#: Files that name commits to pass over; the first that exists counts.
IGNORE_FILES = {
    Kind.GIT: (b".git-blame-ignore-revs",),
    Kind.HG: (b".hg-blame-ignore-revs", b".git-blame-ignore-revs"),
}

#: Lines whose answers are kept together: those of one page.
PAGE_LINES = 5_000

#: Of a file with more lines no more than one page is worked on at a time.
MOST_LINES = 100_000

#: More ids than these of such a file are not read, nor bytes after these.
MOST_IGNORED = 10_000
_IGNORE_LIMIT = 1 << 20

_FULL_ID = re.compile(rb"(?:[0-9a-f]{40}|[0-9a-f]{64})", re.IGNORECASE)
_FORMAT = 2


@dataclass(frozen=True, slots=True)
class BlameQuestion:
    """A page of lines, counted from 1, of a file of one commit, the commits to pass over, and what is no writing."""

    commit_id: str
    path: bytes
    page: int = 1
    ignored: tuple[str, ...] = ()
    options: BlameOptions = PLAIN_BLAME


@dataclass(frozen=True, slots=True)
class Ignored:
    """Ids of commits to pass over, and whether the file goes on after them."""

    ids: tuple[str, ...] = ()
    limited: bool = False


def parse_ignored(data: bytes) -> Ignored:
    """The ids in a file of commits to pass over; what follows ``#``, and what is no full id, says nothing."""
    words = (line.partition(b"#")[0].strip() for line in data.splitlines())
    ids = tuple(dict.fromkeys(word.decode("ascii").lower() for word in words if _FULL_ID.fullmatch(word)))
    return Ignored(ids[:MOST_IGNORED], len(ids) > MOST_IGNORED)


def read_ignored(repository: Repository, commit_id: str) -> Ignored:
    """The commits that the repository wants to be passed over, as of one commit."""
    for path in IGNORE_FILES[repository.kind]:
        try:
            blob = repository.blob(commit_id, path, limit=_IGNORE_LIMIT)
        except PathNotFoundError:
            continue
        if blob.kind is EntryKind.SYMLINK:
            return Ignored()
        found = parse_ignored(blob.data)
        return replace(found, limited=found.limited or blob.truncated)
    return Ignored()


def read_blame(
    caches: Caches,
    repository_id: int,
    repository: Repository,
    question: BlameQuestion,
    *,
    seconds: float,
    whole: bool = False,
) -> Blame:
    """The answer, found out in so many seconds and kept if that was enough.

    It is kept for the commit that changed the file last, so that it serves those that leave the file alone too. With
    ``whole`` all pages are found out: versions of a file are compared as wholes, so that one page of a long file
    takes nearly as long as all of them. Raises PathNotFoundError, LimitExceededError, CorruptObjectError.
    """
    changed_in = _read_changed_in(caches.small, repository_id, repository, question)
    ignored = hashlib.blake2b("".join(question.ignored).encode(), digest_size=16).hexdigest()
    switches = "w" * question.options.skip_spaces + "C" * question.options.follow_moves

    def key(page: int) -> str:
        lines = f"{PAGE_LINES}x{page}{switches}"
        return f"blame:{_FORMAT}:{repository_id}:{changed_in}:{lines}:{ignored}:{quote_from_bytes(question.path)}"

    stored = caches.large.get(key(question.page))
    if stored is not None:
        return _parse(stored)
    first, last = _lines_of(question.page)
    blame = repository.blame(
        changed_in,
        question.path,
        first=1 if whole else first,
        last=None if whole else last,
        ignored=question.ignored,
        options=question.options,
        seconds=seconds,
    )
    pages = range(1, max(blame.total - 1, 0) // PAGE_LINES + 2) if whole else (question.page,)
    for page in pages:
        part = blame.part(*_lines_of(page))
        if part.complete:
            keep_answer(caches.large, repository, key(page), _dump(part))
    return blame.part(first, last)


def _lines_of(page: int) -> tuple[int, int]:
    """The numbers of the first and the last line of a page."""
    return (page - 1) * PAGE_LINES + 1, page * PAGE_LINES


def _read_changed_in(store: Store, repository_id: int, repository: Repository, question: BlameQuestion) -> str:
    key = f"changed-in:{_FORMAT}:{repository_id}:{question.commit_id}:{quote_from_bytes(question.path)}"
    stored = store.get(key)
    if stored is not None:
        return stored.decode("ascii")
    changed_in = repository.changed_in(question.commit_id, question.path)
    keep_answer(store, repository, key, changed_in.encode("ascii"))
    return changed_in


def _dump(blame: Blame) -> bytes:
    """Numbers; what the lines come from, of which there is little, by its place in a list.

    Paths, names and subjects are bytes, and JSON is text: every byte becomes one character.
    """
    places: dict[FileVersion, int] = {}

    def place(version: FileVersion) -> int:
        return places.setdefault(version, len(places))

    groups = [
        (
            group.first,
            group.count,
            group.line,
            place(FileVersion(group.commit_id, group.path)),
            place(group.before) if group.before is not None else None,
            group.passed_over,
        )
        for group in blame.groups
    ]
    versions = [(version.commit_id, version.path.decode("latin-1")) for version in places]
    commits = [
        (
            commit.commit_id,
            commit.author.name.decode("latin-1"),
            commit.author.email.decode("latin-1"),
            commit.author.when.isoformat(),
            commit.subject.decode("latin-1"),
        )
        for commit in blame.commits
    ]
    value = [blame.total, blame.first, blame.last, versions, groups, commits]
    return json.dumps(value, separators=(",", ":")).encode()


def _parse(stored: bytes) -> Blame:
    total, first, last, listed, groups, commits = json.loads(stored)
    versions = [FileVersion(commit_id, path.encode("latin-1")) for commit_id, path in listed]

    def group(row: tuple[int, int, int, int, int | None, bool]) -> BlameGroup:
        start, count, line, author, before, passed_over = row
        written = versions[author]
        earlier = versions[before] if before is not None else None
        return BlameGroup(start, count, written.commit_id, written.path, line, earlier, passed_over)

    return Blame(total, first, last, tuple(map(group, groups)), tuple(map(_parse_commit, commits)))


def _parse_commit(row: tuple[str, str, str, str, str]) -> BlameCommit:
    commit_id, name, email, when, subject = row
    author = Signature(name.encode("latin-1"), email.encode("latin-1"), datetime.datetime.fromisoformat(when))
    return BlameCommit(commit_id, author, subject.encode("latin-1"))
