"""Who made commits, and when."""

import datetime
from collections import Counter
from pathlib import Path

import pytest

from kallithea.vcs.opener import VcsOptions, open_repository
from kallithea.vcs.types import Kind, RevisionNotFoundError
from tests.backends.conftest import Open
from tests.factories.histories import random_history
from tests.factories.repositories import ADA, BOB, FIRST_DATE, RepositoryBuilder

_WEEK = 7 * 24 * 3600


def _at(seconds: int) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(FIRST_DATE + seconds, datetime.UTC)


def _date(seconds: int) -> str:
    return f"{FIRST_DATE + seconds} +0200"


def test_contributors(builder: RepositoryBuilder, reopened: Open) -> None:
    builder.commit({b"a": b"1"}, author=BOB, date=_date(0))
    builder.commit({b"a": b"2"}, author=ADA, date=_date(50))
    tip = builder.commit({b"a": b"3"}, author=ADA, date=_date(20))
    builder.commit({b"a": b"later"}, author=b"Late <late@example.org>")

    found = reopened(builder).contributors(tip, limit=5)

    ada, bob = found.most
    assert (ada.name, ada.email, ada.commits) == (b"Ada Lovelace", b"ada@example.org", 2)
    assert (ada.first, ada.last) == (_at(20), _at(50))
    assert (bob.name, bob.commits, bob.first, bob.last) == (b"Bob", 1, _at(0), _at(0))
    assert found.total == 2


def test_most_contributors_are_counted_only(builder: RepositoryBuilder, reopened: Open) -> None:
    made = [builder.commit({b"a": b"%d" % number}, author=b"Nr %d <n@example.org>" % number) for number in range(5)]

    found = reopened(builder).contributors(made[-1], limit=2)

    assert [contributor.name for contributor in found.most] == [b"Nr 0", b"Nr 1"]
    assert found.total == 5


def test_a_person_has_one_name_and_one_address(builder: RepositoryBuilder, reopened: Open) -> None:
    builder.commit({b"a": b"1"}, author=b"Ada <a@example.org>")
    builder.commit({b"a": b"2"}, author=b"Ada <b@example.org>")
    tip = builder.commit({b"a": b"3"}, author=b"Ada <a@example.org>")

    found = reopened(builder).contributors(tip, limit=5)

    assert [(contributor.email, contributor.commits) for contributor in found.most] == [
        (b"a@example.org", 2),
        (b"b@example.org", 1),
    ]


def test_contributors_of_a_random_history(kind: Kind, tmp_path: Path) -> None:
    history = random_history(kind, tmp_path / kind, 3, 100)
    tip = history.heads[-1]

    with open_repository(kind, history.path, VcsOptions()) as repository:
        commits = repository.log(tip, limit=100).commits
        found = repository.contributors(tip, limit=100)

    counted = Counter((commit.author.name, commit.author.email) for commit in commits)
    assert {(person.name, person.email): person.commits for person in found.most} == counted
    assert len({person.name for person in found.most}) > 2


@pytest.mark.parametrize(
    ("seconds_before", "expected"),
    [
        (-1, (0, 0, 0)),
        (0, (0, 0, 0)),
        (1, (0, 0, 1)),
        (_WEEK, (0, 0, 1)),
        (_WEEK + 1, (0, 1, 0)),
        (3 * _WEEK, (1, 0, 0)),
        (3 * _WEEK + 1, (0, 0, 0)),
    ],
)
def test_weeks(builder: RepositoryBuilder, reopened: Open, seconds_before: int, expected: tuple[int, ...]) -> None:
    tip = builder.commit({b"a": b"1"}, date=_date(-seconds_before))

    assert reopened(builder).activity(tip, _at(0), weeks=3) == expected


def test_activity_of_ancestors_only(builder: RepositoryBuilder, reopened: Open) -> None:
    first = builder.commit({b"a": b"1"}, date=_date(0))
    tip = builder.commit({b"a": b"2"}, date=_date(_WEEK))
    builder.commit({b"a": b"3"}, date=_date(_WEEK + 1), parents=(first,), branch=b"other")

    assert reopened(builder).activity(tip, _at(2 * _WEEK), weeks=4) == (0, 0, 1, 1)


@pytest.mark.parametrize("commit_id", ["", "f" * 40, "--all"])
def test_an_unknown_commit_is_not_found(builder: RepositoryBuilder, reopened: Open, commit_id: str) -> None:
    builder.commit({b"a": b"1"})
    repository = reopened(builder)

    with pytest.raises(RevisionNotFoundError):
        repository.contributors(commit_id, limit=1)
    with pytest.raises(RevisionNotFoundError):
        repository.activity(commit_id, _at(0))
