"""Logs are what ``git log`` and ``hg log`` answer to the same question."""

import datetime
import random
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from kallithea.vcs.backend import Repository
from kallithea.vcs.blame import count_lines
from kallithea.vcs.history import LogFilter, Merges, Phase
from kallithea.vcs.opener import VcsOptions, open_repository
from kallithea.vcs.types import Kind
from tests.factories.commands import git, hg
from tests.factories.histories import random_history
from tests.factories.others import OTHERS, history_of_others
from tests.factories.repositories import FIRST_DATE, RepositoryBuilder

_SEEDS = (1, 2)
_COMMITS = 150
# Of a large history, so many results are compared.
_MOST = 2_000


@dataclass(frozen=True)
class Subject:
    """A repository, commits to start from, and paths that files have or had there."""

    kind: Kind
    path: Path
    starts: tuple[str, ...]
    paths: tuple[bytes, ...]


@pytest.fixture(scope="module", params=["random", *OTHERS])
def subjects(
    request: pytest.FixtureRequest, kind: Kind, tmp_path_factory: pytest.TempPathFactory, folder_of_others: Path
) -> list[Subject]:
    if request.param == "random":
        folder = tmp_path_factory.mktemp("histories")
        made = [random_history(kind, folder / f"{kind}{seed}", seed, _COMMITS) for seed in _SEEDS]
    else:
        made = [history_of_others(kind, request.param, folder_of_others)]
    return [Subject(kind, history.path, history.heads[-2:], _paths(kind, history.path)) for history in made]


def _paths(kind: Kind, path: Path) -> tuple[bytes, ...]:
    """Some of the files, and the folders that they are in."""
    if kind is Kind.GIT:
        names = git(path, "log", "--format=", "--name-only", "-z", f"-{_MOST}", "--all").split(b"\0")
    else:
        names = hg(path, "log", "-T", "{files % '{file}\\n'}", "-l", str(_MOST)).split(b"\n")
    files = random.Random(1).sample(sorted(set(filter(None, names))), 5)
    return tuple(dict.fromkeys([*files, *(file.rpartition(b"/")[0] for file in files if b"/" in file)]))


def _real(subject: Subject, start: str | None, wanted: LogFilter) -> list[str]:
    log = _git_log if subject.kind is Kind.GIT else _hg_log
    return log(subject.path, start, wanted)


def _git_log(path: Path, start: str | None, wanted: LogFilter) -> list[str]:
    options: list[str | bytes] = []
    if wanted.author or wanted.text:
        options += [b"--author=" + wanted.author, b"--grep=" + wanted.text, "-i", "-F"]
    options += [f"--since={wanted.since.isoformat()}"] if wanted.since else []
    options += [f"--until={wanted.until.isoformat()}"] if wanted.until else []
    options += {
        Merges.ALL: [],
        Merges.NONE: ["--no-merges"],
        Merges.ONLY: ["--merges"],
        Merges.FIRST: ["--first-parent"],
    }[wanted.merges]
    options += ["--follow"] if wanted.follow else []
    place = [wanted.path] if wanted.path else []
    if wanted.lines is not None:
        options += [b"-L%d,%d:%s" % (*wanted.lines, wanted.path), "-s"]
        place = []
    options.append(start or "--branches")
    output = git(path, "log", "--no-mailmap", "--format=%H", f"-{_MOST}", *options, "--", *place)
    return output.decode().split()


def _hg_log(path: Path, start: str | None, wanted: LogFilter) -> list[str]:
    if wanted.lines is not None and start is not None:
        file = b"'path:%s'" % wanted.path
        found = b"followlines(%s, %d:%d, startrev=%s)" % (file, *wanted.lines, start.encode())
        # Mercurial takes it for sorted, which it is not where a version was made twice.
        rows = hg(path, "log", "-T", "{rev} {node}\n", "-r", found).decode().splitlines()
        return [row.partition(" ")[2] for row in sorted(rows, key=lambda row: -int(row.partition(" ")[0]))][:_MOST]
    revisions = [f"::{start}" if start else "all()"]
    if wanted.merges is Merges.FIRST:
        revisions = [f"_firstancestors({start or 'heads(all())'})"]
    if wanted.phase:
        revisions.append(f"{wanted.phase}()")
    if wanted.text:
        revisions.append(f"desc('literal:{wanted.text.decode()}')")
    options: list[str | bytes] = ["-r", f"reverse({' and '.join(revisions)})"]
    if wanted.follow and start is not None:
        options = ["-r", start]
    options += ["-u", wanted.author] if wanted.author else []
    if wanted.since and wanted.until:
        options += ["-d", f"{int(wanted.since.timestamp())} 0 to {int(wanted.until.timestamp())} 0"]
    options += {Merges.ALL: [], Merges.NONE: ["--no-merges"], Merges.ONLY: ["--only-merges"], Merges.FIRST: []}[
        wanted.merges
    ]
    options += ["-b", wanted.branch] if wanted.branch else []
    if wanted.path:
        options += ["--follow" if wanted.follow else "--removed", b"path:" + wanted.path]
    return hg(path, "log", "-T", "{node}\n", "-l", str(_MOST), *options).decode().split()


def _ours(repository: Repository, start: str | None, wanted: LogFilter, limit: int) -> list[str]:
    """The log, page by page."""
    found: list[str] = []
    offset: int | None = 0
    while offset is not None and len(found) < _MOST:
        page = repository.log(start, wanted, offset=offset, limit=limit)
        assert len(page.commits) <= limit
        assert page.commits == repository.commits([commit.commit_id for commit in page.commits])
        found += [commit.commit_id for commit in page.commits]
        offset = page.next
    return found[:_MOST]


def _compare(subject: Subject, wanted: LogFilter) -> None:
    with open_repository(subject.kind, subject.path, VcsOptions()) as repository:
        # A file is followed from a commit only.
        for start in subject.starts if wanted.follow or wanted.lines else (*subject.starts, None):
            real = _real(subject, start, wanted)
            assert _ours(repository, start, wanted, 1_000) == real
            assert _ours(repository, start, wanted, 17)[:100] == real[:100]


def _day(seconds: int) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(FIRST_DATE + seconds, datetime.UTC)


_FILTERS = {
    "everything": LogFilter(),
    "no merges": LogFilter(merges=Merges.NONE),
    "merges": LogFilter(merges=Merges.ONLY),
    "first parents": LogFilter(merges=Merges.FIRST),
    "first parents of somebody": LogFilter(merges=Merges.FIRST, author=b"ada"),
    "mail address": LogFilter(author=b"BOB@"),
    "name": LogFilter(author="zoë ü".encode()),
    "no pattern": LogFilter(author=b"a.*a"),
    "text": LogFilter(text=b"c1"),
    "all together": LogFilter(author=b"ada", text=b"MERGE", merges=Merges.ONLY),
    "dates": LogFilter(since=_day(1_000), until=_day(90_000)),
}


@pytest.mark.parametrize("wanted", _FILTERS.values(), ids=_FILTERS)
def test_a_log(subjects: list[Subject], wanted: LogFilter) -> None:
    for subject in subjects:
        _compare(subject, wanted)


def test_a_log_of_paths(subjects: list[Subject]) -> None:
    for subject in subjects:
        for path in subject.paths:
            _compare(subject, LogFilter(path=path))
            _compare(subject, LogFilter(path=path, merges=Merges.FIRST))
        _compare(subject, LogFilter(path=subject.paths[-1], author=b"ada", merges=Merges.NONE))


def test_a_log_by_what_commits_hold(subjects: list[Subject]) -> None:
    chance = random.Random(4)
    for subject in subjects:
        for start in subject.starts:
            with open_repository(subject.kind, subject.path, VcsOptions()) as repository:
                commits = repository.log(start, limit=1_000).commits
            older, newer = sorted(chance.sample([commit.committer.when for commit in commits], 2))
            commit = chance.choice([commit for commit in commits if commit.subject.isascii()])
            for wanted in (
                LogFilter(author=commit.author.name),
                LogFilter(author=commit.author.email[:-3]),
                LogFilter(text=max(commit.subject.split(), key=len)),
            ):
                assert _real(subject, start, wanted) != []
                _compare(replace(subject, starts=(start,)), wanted)
            _compare(replace(subject, starts=(start,)), LogFilter(since=older, until=newer))


def test_a_log_that_follows_files(kind: Kind, tmp_path: Path) -> None:
    for seed in _SEEDS:
        history = random_history(kind, tmp_path / str(seed), seed, _COMMITS, linear=True)
        _compare_followed(Subject(kind, history.path, history.heads, ()))


def test_a_log_that_follows_files_through_merges(kind: Kind, subjects: list[Subject]) -> None:
    if kind is Kind.GIT:
        pytest.skip("where branches were merged, git follows in a way of its own")
    for subject in subjects:
        _compare_followed(subject)


def _compare_followed(subject: Subject) -> None:
    for start in subject.starts:
        for path in _files(subject, start):
            _compare(replace(subject, starts=(start,)), LogFilter(path=path, follow=True))


def test_a_log_of_lines(subjects: list[Subject]) -> None:
    chance = random.Random(3)
    compared = 0
    for subject in subjects:
        for start in subject.starts:
            for path in _files(subject, start):
                with open_repository(subject.kind, subject.path, VcsOptions()) as repository:
                    blob = repository.blob(start, path, limit=1 << 20)
                total = count_lines(blob.data)
                for _number in range(4 if total and not blob.binary else 0):
                    first = chance.randint(1, total)
                    lines = first, chance.randint(first, min(total, first + 20))
                    _compare(replace(subject, starts=(start,)), LogFilter(path=path, lines=lines))
                    if subject.kind is Kind.GIT:
                        first_parents = LogFilter(path=path, lines=lines, merges=Merges.FIRST)
                        _compare(replace(subject, starts=(start,)), first_parents)
                    compared += 1
    assert compared > 20


def test_a_log_of_lines_that_were_moved_and_merged(builder: RepositoryBuilder) -> None:
    rows = [b"line %d\n" % number for number in range(1, 11)]
    builder.commit({b"old": b"".join(rows)})
    rows[2] = b"three\n"
    base = builder.commit({b"old": None, b"new": b"".join(rows)}, renames={b"new": b"old"})
    side = builder.commit({b"new": b"".join([*rows[:7], b"eight\n", *rows[8:]])}, parents=(base,), branch=b"side")
    shifted = builder.commit({b"new": b"".join([b"above\n", b"above too\n", *rows])})
    merged = [b"above\n", b"above too\n", *rows[:7], b"eight\n", *rows[8:]]
    builder.commit({b"new": b"".join(merged)}, parents=(shifted, side))
    moved = merged[:4] + merged[6:] + merged[4:6]
    builder.commit({b"new": b"".join(moved)})
    tip = builder.commit({b"new": b"".join(moved[:-1]) + b"no end", b"other": b"1\n"})
    subject = Subject(builder.kind, builder.path, (tip,), ())
    for first in range(1, 13):
        for last in sorted({first, min(first + 2, 12), 12}):
            _compare(subject, LogFilter(path=b"new", lines=(first, last)))


def _files(subject: Subject, commit_id: str) -> list[bytes]:
    if subject.kind is Kind.GIT:
        names = git(subject.path, "ls-tree", "-r", "-z", "--name-only", commit_id).split(b"\0")
    else:
        names = hg(subject.path, "files", "-T", "{path}\n", "-r", commit_id).split(b"\n")
    files = sorted(filter(None, names))
    return random.Random(2).sample(files, min(len(files), 10))


def test_a_log_of_a_named_branch(subjects: list[Subject]) -> None:
    for subject in subjects:
        if subject.kind is Kind.HG:
            for branch in hg(subject.path, "branches", "-T", "{branch}\n").split(b"\n")[:3]:
                _compare(subject, LogFilter(branch=branch or b"default"))
        else:
            with open_repository(subject.kind, subject.path, VcsOptions()) as repository:
                assert repository.log(subject.starts[0], LogFilter(branch=b"default")).commits == ()


def test_a_log_of_a_phase(subjects: list[Subject], tmp_path: Path) -> None:
    for number, shared in enumerate(subjects):
        # others read the shared one
        subject = replace(shared, path=shutil.copytree(shared.path, tmp_path / str(number)))
        if subject.kind is Kind.HG:
            middle = hg(subject.path, "log", "-r", f"::{subject.starts[0]}", "-T", "{node}\n").split()[40]
            hg(subject.path, "phase", "--public", "-r", middle)
        for phase in Phase:
            wanted = LogFilter(phase=phase)
            if subject.kind is Kind.HG:
                for path in (b"", subject.paths[0]):
                    _compare(subject, replace(wanted, path=path))
                    _compare(subject, replace(wanted, path=path, author=b"ada", merges=Merges.NONE))
            else:
                with open_repository(subject.kind, subject.path, VcsOptions()) as repository:
                    assert repository.log(None, wanted).commits == ()
