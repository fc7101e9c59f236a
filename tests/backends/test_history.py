"""Commits and their order."""

import datetime

import pytest

from kallithea.vcs.backend import Repository
from kallithea.vcs.history import LogFilter
from kallithea.vcs.types import Kind, RevisionNotFoundError
from tests.backends.conftest import Open
from tests.backends.readings import NO_PATHS
from tests.factories.repositories import FIRST_DATE, RepositoryBuilder, Sample


def test_a_commit_tells_all(repository: Repository, sample: Sample) -> None:
    commit = repository.commit(sample["first"])

    assert commit.commit_id == sample["first"]
    assert commit.parent_ids == ()
    assert (commit.author.name, commit.author.email) == (b"Ada Lovelace", b"ada@example.org")
    assert commit.author == commit.committer
    assert commit.author.when == datetime.datetime.fromtimestamp(FIRST_DATE, datetime.UTC)
    assert commit.author.when.utcoffset() == datetime.timedelta(hours=1)
    assert commit.message.rstrip() == b"First commit\n\nWith a body."
    assert commit.subject == b"First commit"
    assert not commit.obsolete


def test_only_mercurial_has_numbers_branches_and_phases(repository: Repository, sample: Sample) -> None:
    commit = repository.commit(sample["side"])

    if sample.kind is Kind.GIT:
        assert (commit.revision, commit.branch, commit.phase) == (None, None, None)
    else:
        assert (commit.revision, commit.branch, commit.phase) == (2, b"feature/x", "draft")


def test_a_merge_has_parents_in_order(repository: Repository, sample: Sample) -> None:
    assert repository.commit(sample["merge"]).parent_ids == (sample["second"], sample["side"])


def test_text_that_is_not_ascii_is_kept(repository: Repository, sample: Sample) -> None:
    commit = repository.commit(sample["odd"])

    assert commit.subject == "Ödd — names".encode()
    assert commit.author.name == "Jürgen".encode()


def test_a_zone_with_half_an_hour(repository: Repository, sample: Sample) -> None:
    when = repository.commit(sample["odd"]).author.when

    assert when.utcoffset() == -datetime.timedelta(hours=9, minutes=30)
    assert when.timestamp() == FIRST_DATE + 1000


@pytest.mark.parametrize("commit_id", ["", "f" * 40, "0" * 40, "f" * 64, "--all", "tip"])
def test_an_unknown_commit_is_not_found(repository: Repository, commit_id: str) -> None:
    for read in (repository.commit, repository.log, repository.count):
        with pytest.raises(RevisionNotFoundError):
            read(commit_id)


def test_the_log_is_newest_first(repository: Repository, sample: Sample) -> None:
    page = repository.log(sample["odd"])

    assert [commit.commit_id for commit in page.commits] == [
        sample[name] for name in ("odd", "moved", "merge", "side", "second", "first")
    ]
    assert not page.more


def test_the_log_holds_ancestors_only(repository: Repository, sample: Sample) -> None:
    assert [commit.commit_id for commit in repository.log(sample["side"]).commits] == [sample["side"], sample["first"]]


def test_pages_of_the_log(repository: Repository, sample: Sample) -> None:
    page = repository.log(sample["odd"], offset=1, limit=2)
    last = repository.log(sample["odd"], offset=4, limit=2)
    beyond = repository.log(sample["odd"], offset=6, limit=2)

    assert ([commit.commit_id for commit in page.commits], page.more) == ([sample["moved"], sample["merge"]], True)
    assert ([commit.commit_id for commit in last.commits], last.more) == ([sample["second"], sample["first"]], False)
    assert (beyond.commits, beyond.more) == ((), False)


def test_the_log_of_a_file(repository: Repository, sample: Sample) -> None:
    page = repository.log(sample["odd"], LogFilter(path=b"README.rst"))

    assert [commit.commit_id for commit in page.commits] == [sample["second"], sample["first"]]


def test_the_log_of_a_file_has_pages(repository: Repository, sample: Sample) -> None:
    first = repository.log(sample["odd"], LogFilter(path=b"README.rst"), limit=1)
    second = repository.log(sample["odd"], LogFilter(path=b"README.rst"), limit=1, offset=1)

    assert ([commit.commit_id for commit in first.commits], first.more) == ([sample["second"]], True)
    assert ([commit.commit_id for commit in second.commits], second.more) == ([sample["first"]], False)


def test_the_log_of_a_removed_file_tells_its_removal(repository: Repository, sample: Sample) -> None:
    page = repository.log(sample["odd"], LogFilter(path=b"src/long.txt"))

    assert [commit.commit_id for commit in page.commits] == [sample["moved"], sample["first"]]


def test_the_log_of_a_folder(repository: Repository, sample: Sample) -> None:
    page = repository.log(sample["odd"], LogFilter(path=b"src"))

    assert [commit.commit_id for commit in page.commits] == [sample["moved"], sample["first"]]


@pytest.mark.parametrize(
    "path", [b"absent", b"READ", b"*", b":/", b":(glob)**", b"--all", b"-n1", b"caf", b"src\0", b"x" * 5000, *NO_PATHS]
)
def test_the_log_of_nothing_is_empty(repository: Repository, sample: Sample, path: bytes) -> None:
    assert repository.log(sample["odd"], LogFilter(path=path)).commits == ()


def test_the_log_of_a_path_that_is_not_utf8(repository: Repository, sample: Sample) -> None:
    page = repository.log(sample["odd"], LogFilter(path=b"caf\xe9.txt"))

    assert [commit.commit_id for commit in page.commits] == [sample["odd"]]


def test_the_count_of_ancestors(repository: Repository, sample: Sample) -> None:
    assert [repository.count(sample[name]) for name in ("first", "side", "merge", "odd")] == [1, 2, 4, 6]


@pytest.mark.parametrize(
    ("author", "name", "email"),
    [
        (b"Name <mail@example.org>", b"Name", b"mail@example.org"),
        (b"Latin J\xfcrgen <j@example.org>", b"Latin J\xfcrgen", b"j@example.org"),
        (b"No Mail <>", b"No Mail", b""),
        (b"<only@example.org>", b"", b"only@example.org"),
    ],
)
def test_authors(builder: RepositoryBuilder, reopened: Open, author: bytes, name: bytes, email: bytes) -> None:
    if builder.kind is Kind.HG and not author.isascii():
        pytest.skip("Mercurial stores names as UTF-8")
    commit_id = builder.commit({b"a": b"a"}, author=author)

    signature = reopened(builder).commit(commit_id).author

    assert (signature.name, signature.email) == (name, email)


@pytest.mark.parametrize(
    ("date", "seconds", "offset"),
    [
        ("0 +0000", 0, 0),
        ("1 -1200", 1, -720),
        ("2147483647 +1400", 2147483647, 840),
        ("1700000000 +0545", 1700000000, 345),
    ],
)
def test_dates(builder: RepositoryBuilder, reopened: Open, date: str, seconds: int, offset: int) -> None:
    commit_id = builder.commit({b"a": b"a"}, date=date)

    when = reopened(builder).commit(commit_id).author.when

    assert when.timestamp() == seconds
    assert when.utcoffset() == datetime.timedelta(minutes=offset)


def test_an_empty_message(builder: RepositoryBuilder, reopened: Open) -> None:
    commit_id = builder.commit({b"a": b"a"}, message=b"")

    commit = reopened(builder).commit(commit_id)

    assert (commit.message, commit.subject) == (b"", b"")


def test_a_long_history(builder: RepositoryBuilder, reopened: Open) -> None:
    for number in range(60):
        builder.commit({b"a": b"%d" % number})
    repository = reopened(builder)
    tip = repository.resolve(b"HEAD")

    assert repository.count(tip) == 60
    assert len(repository.log(tip).commits) == 50
    assert repository.log(tip).more
    assert len(repository.log(tip, offset=50).commits) == 10


def test_commits_are_found_by_what_their_ids_begin_with(repository: Repository, sample: Sample) -> None:
    first, second = sample["first"], sample["second"]
    (file,) = [entry for entry in repository.folder(second, b"") if entry.path == b"README.rst"]
    assert file.object_id is not None

    found = repository.find_commits([first, second[:9], "f" * 40, "0" * 40, "0" * 7, file.object_id, "-x", ""])

    assert found == {first: first, second[:9]: second}


def test_a_ref_is_no_begin_of_an_id(builder: RepositoryBuilder, reopened: Open) -> None:
    builder.bookmark(b"abcdef12", builder.commit({b"a": b"1"}))

    assert reopened(builder).find_commits(["abcdef12"]) == {}
