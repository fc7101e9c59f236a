"""The history of some lines of a file. That it is the one of git and hg is in ``test_log_exactness``."""

import datetime

import pytest

from kallithea.vcs import blame
from kallithea.vcs.backend import Repository
from kallithea.vcs.history import LogFilter, Merges
from kallithea.vcs.types import LimitExceededError, PathNotFoundError
from tests.backends.conftest import Open
from tests.factories.repositories import ADA, BOB, FIRST_DATE, Content, RepositoryBuilder, Submodule, Symlink

THREE = b"1\n2\n3\n"


def _ids(repository: Repository, start: str, wanted: LogFilter) -> list[str]:
    return [commit.commit_id for commit in repository.log(start, wanted).commits]


def test_commits_that_changed_the_lines_and_no_others(builder: RepositoryBuilder, reopened: Open) -> None:
    first = builder.commit({b"f": THREE})
    second = builder.commit({b"f": b"1\nII\n3\n"})
    third = builder.commit({b"f": b"I\nII\n3\n"})
    tip = builder.commit({b"other": b"1"})
    repository = reopened(builder)

    assert _ids(repository, tip, LogFilter(path=b"f", lines=(1, 1))) == [third, first]
    assert _ids(repository, tip, LogFilter(path=b"f", lines=(2, 2))) == [second, first]
    assert _ids(repository, tip, LogFilter(path=b"f", lines=(1, 2))) == [third, second, first]
    assert _ids(repository, second, LogFilter(path=b"f", lines=(1, 1))) == [first]


def test_lines_are_followed_through_renames(builder: RepositoryBuilder, reopened: Open) -> None:
    text = b"".join(b"line %d\n" % number for number in range(20))
    first = builder.commit({b"old": text})
    tip = builder.commit({b"old": None, b"new": b"above\n" + text}, renames={b"new": b"old"})

    assert _ids(reopened(builder), tip, LogFilter(path=b"new", lines=(3, 4))) == [first]


def test_other_conditions_count_as_well(builder: RepositoryBuilder, reopened: Open) -> None:
    ids = [builder.commit({b"f": b"1\n%d\n" % n}, author=BOB if n % 2 else ADA, message=b"m%d" % n) for n in range(6)]
    repository, when = reopened(builder), datetime.datetime.fromtimestamp(FIRST_DATE + 60 * 3, datetime.UTC)

    def found(**conditions: object) -> list[int]:
        wanted = LogFilter(path=b"f", lines=(2, 2), **conditions)  # type: ignore[arg-type]
        return [ids.index(commit_id) for commit_id in _ids(repository, ids[-1], wanted)]

    assert found() == [5, 4, 3, 2, 1, 0]
    assert found(author=b"bob") == [5, 3, 1]
    assert found(author=b"bob", text=b"m3") == [3]
    assert found(since=when) == [5, 4, 3]
    assert found(until=when) == [3, 2, 1, 0]
    assert found(merges=Merges.ONLY) == []
    assert found(follow=True) == found()


def test_pages_of_lines(builder: RepositoryBuilder, reopened: Open) -> None:
    ids = [builder.commit({b"f": b"1\n%d\n" % number}) for number in range(5)]
    repository, wanted = reopened(builder), LogFilter(path=b"f", lines=(2, 2))

    pages = [repository.log(ids[-1], wanted, offset=offset, limit=2) for offset in (0, 2, 4)]

    assert [[commit.commit_id for commit in page.commits] for page in pages] == [ids[:2:-1], ids[2:0:-1], ids[:1]]
    assert [page.next for page in pages] == [2, 4, None]


@pytest.mark.parametrize(
    "path",
    [
        b"a:b",
        b"1,2:x",
        b"two words",
        b"-dash",
        b"--output=x",
        b"*",
        b"[a]",
        b":(magic)x",
        b":/x",
        b"^x",
        b"\xff",
        b"d/ :",
    ],
)
def test_any_path_is_the_path_of_a_file(builder: RepositoryBuilder, reopened: Open, path: bytes) -> None:
    others: dict[bytes, Content] = {b"b": b"1\n2\n", b"x": b"1\n2\n", b"a": b"1\n2\n"}
    first = builder.commit({path: THREE, **others})
    second = builder.commit({path: b"1\nII\n3\n"})
    tip = builder.commit({path: b"1\nII\nIII\n"})

    assert _ids(reopened(builder), tip, LogFilter(path=path, lines=(1, 2))) == [second, first]


def test_lines_beyond_the_end_are_left_out(builder: RepositoryBuilder, reopened: Open) -> None:
    first = builder.commit({b"f": THREE})
    tip = builder.commit({b"f": b"1\n2\nIII"})
    repository = reopened(builder)

    assert _ids(repository, tip, LogFilter(path=b"f", lines=(3, 999_999_999))) == [tip, first]
    assert _ids(repository, tip, LogFilter(path=b"f", lines=(4, 5))) == []


@pytest.mark.parametrize("content", [b"", b"\0\n\0\n"], ids=["empty", "binary"])
def test_what_has_no_lines_has_no_history_of_them(builder: RepositoryBuilder, reopened: Open, content: bytes) -> None:
    tip = builder.commit({b"f": content})

    assert _ids(reopened(builder), tip, LogFilter(path=b"f", lines=(1, 1))) == []


def test_a_link_has_one_line(builder: RepositoryBuilder, reopened: Open) -> None:
    first = builder.commit({b"f": Symlink(b"here")})
    second = builder.commit({b"f": Symlink(b"there")})

    assert _ids(reopened(builder), second, LogFilter(path=b"f", lines=(1, 2))) == [second, first]


@pytest.mark.parametrize("path", [b"d", b"absent", b"d/f/x", b"sub"])
def test_lines_are_those_of_a_file(builder: RepositoryBuilder, reopened: Open, path: bytes) -> None:
    tip = builder.commit({b"d/f": b"1\n", b"sub": Submodule("1" * 40)})

    with pytest.raises(PathNotFoundError):
        reopened(builder).log(tip, LogFilter(path=path, lines=(1, 1)))


def test_lines_without_a_file_or_a_commit_are_none(builder: RepositoryBuilder, reopened: Open) -> None:
    tip = builder.commit({b"f": b"1\n"})
    assert reopened(builder).log(None, LogFilter(path=b"f", lines=(1, 1))).commits == ()

    assert _ids(reopened(builder), tip, LogFilter(lines=(1, 1))) == []
    assert _ids(reopened(builder), tip, LogFilter(path=b"../f", lines=(1, 1))) == []


def test_lines_of_a_large_file_are_not_followed(
    builder: RepositoryBuilder, reopened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    tip = builder.commit({b"f": b"1\n" * 100})
    for name in ("kallithea.vcs.git.log", "kallithea.vcs.hg.log"):
        monkeypatch.setattr(f"{name}.LARGEST_FILE", 100)
    assert blame.LARGEST_FILE > 100

    with pytest.raises(LimitExceededError, match="not followed"):
        reopened(builder).log(tip, LogFilter(path=b"f", lines=(1, 1)))
