"""Which refs may be pushed."""

import pytest

from kallithea.vcs.git.push_rules import find_update_problem
from kallithea.vcs.types import RefUpdate

ID = "a" * 40


@pytest.mark.parametrize(
    "name",
    [
        "refs/heads/main",
        "refs/heads/feature/a-b",
        "refs/heads/a/-b",
        "refs/heads/deadbeef",
        "refs/heads/" + "a" * 39,
        "refs/heads/HEADER",
        "refs/heads/a/HEAD",
        "refs/heads/n\u00e4me",
        "refs/tags/v1.0",
        "refs/notes/commits",
    ],
)
def test_good_names(name: str) -> None:
    assert find_update_problem(RefUpdate(name.encode(), None, ID)) is None


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (b"HEAD", "only branches"),
        (b"refs/stash", "only branches"),
        (b"refs/heads", "only branches"),
        (b"refs/pull/1/head", "only branches"),
        (b"refs/keep-around/x", "only branches"),
        (b"refs/remotes/origin/main", "only branches"),
        (b"refs/replace/" + b"a" * 40, "only branches"),
        (b"!refs/heads/x", "only branches"),
        (b"refs/heads/refs/heads/x", "begin with 'refs/'"),
        (b"refs/tags/refs/tags/v1", "begin with 'refs/'"),
        (b"refs/heads/-x", "begin with '-'"),
        (b"refs/tags/--exec=x", "begin with '-'"),
        (b"refs/heads/HEAD", "git uses itself"),
        (b"refs/heads/head", "git uses itself"),
        (b"refs/tags/FETCH_HEAD", "git uses itself"),
        (b"refs/heads/" + b"a" * 40, "id of a commit"),
        (b"refs/tags/" + b"A" * 40, "id of a commit"),
        (b"refs/heads/" + b"0" * 64, "id of a commit"),
    ],
)
def test_bad_names(name: bytes, words: str) -> None:
    problem = find_update_problem(RefUpdate(name, None, ID))
    assert problem is not None
    assert words in problem


@pytest.mark.parametrize("name", [b"refs/heads/-x", b"refs/heads/HEAD", b"refs/tags/" + b"a" * 40])
def test_bad_names_may_be_deleted(name: bytes) -> None:
    assert find_update_problem(RefUpdate(name, ID, None)) is None


def test_refs_of_the_site_may_not_be_deleted() -> None:
    assert find_update_problem(RefUpdate(b"refs/pull/1/head", ID, None)) is not None
