"""What a movement of refs has brought."""

import pytest

from kallithea.vcs.history import Arrived
from tests.backends.conftest import Open
from tests.factories.repositories import GitBuilder, RepositoryBuilder


def test_commits_that_some_have_and_others_have_not(builder: RepositoryBuilder, reopened: Open) -> None:
    first = builder.commit({b"a": b"1"})
    second = builder.commit({b"a": b"2"}, message=b"Second")
    third = builder.commit({b"a": b"3"}, message=b"Third")
    side = builder.commit({b"b": b"1"}, parents=(first,), branch=b"side", message=b"Side")
    repository = reopened(builder)

    found = repository.arrived([third, side], [first], limit=2)

    assert found.count == 3
    assert [commit.message for commit in found.newest] == [b"Side", b"Third"]
    assert repository.arrived([third], [second, side], limit=5).newest[0].commit_id == third
    assert repository.arrived([third], [], limit=0) == Arrived(3, ())


def test_nothing_arrives_where_everything_is_known(builder: RepositoryBuilder, reopened: Open) -> None:
    first = builder.commit({b"a": b"1"})
    second = builder.commit({b"a": b"2"})
    repository = reopened(builder)
    assert repository.arrived([first], [second], limit=5) == Arrived(0, ())
    assert repository.arrived([second], [second], limit=5) == Arrived(0, ())
    assert repository.arrived([], [second], limit=5) == Arrived(0, ())


@pytest.mark.parametrize("odd", ["", "ref:refs/heads/x", "--all", "f" * 40, "x" * 40, "é" * 40])
def test_what_is_no_commit_is_passed_over(builder: RepositoryBuilder, reopened: Open, odd: str) -> None:
    first = builder.commit({b"a": b"1"})
    assert reopened(builder).arrived([first, odd], [odd], limit=5).count == 1
    assert reopened(builder).arrived([odd], [first], limit=5) == Arrived(0, ())


def test_a_tag_leads_to_its_commit(builder: RepositoryBuilder, reopened: Open) -> None:
    if not isinstance(builder, GitBuilder):
        pytest.skip("tags of Mercurial are no objects")
    first = builder.commit({b"a": b"1"})
    person = {f"GIT_COMMITTER_{part}": "ada" for part in ("NAME", "EMAIL")}
    builder.git("tag", "-a", "-m", "note", "v1", first, environment=person)
    tag = builder.git("rev-parse", "refs/tags/v1").decode().strip()
    assert tag != first
    assert reopened(builder).arrived([tag], [], limit=5).count == 1
