"""From names in URLs to commits."""

import pytest

from kallithea.vcs.backend import Repository
from kallithea.vcs.types import AmbiguousRevisionError, Kind, RevisionNotFoundError
from tests.backends.conftest import Open
from tests.factories.repositories import RepositoryBuilder, Sample


def main_branch(kind: Kind) -> bytes:
    return b"main" if kind is Kind.GIT else b"default"


def test_a_full_id_in_either_case(repository: Repository, sample: Sample) -> None:
    assert repository.resolve(sample["side"].encode()) == sample["side"]
    assert repository.resolve(sample["side"].upper().encode()) == sample["side"]


def test_a_unique_prefix(repository: Repository, sample: Sample) -> None:
    assert repository.resolve(sample["side"][:12].encode()) == sample["side"]
    assert repository.resolve(sample["side"][:7].upper().encode()) == sample["side"]


def test_a_branch_with_a_slash(repository: Repository, sample: Sample) -> None:
    assert repository.resolve(b"feature/x") == sample["side"]


def test_a_tag(repository: Repository, sample: Sample) -> None:
    assert repository.resolve(b"v1.0") == sample["second"]


def test_head_is_the_default_ref(repository: Repository) -> None:
    default = repository.refs().default

    assert default is not None
    assert repository.resolve(b"HEAD") == default.commit_id


def test_tip_is_newest(repository: Repository, sample: Sample) -> None:
    assert repository.commit(repository.resolve(b"tip")).message.startswith(
        "Ödd".encode() if sample.kind is Kind.GIT else b"Added tag"
    )


@pytest.mark.parametrize(
    "name",
    [
        b"",
        b"absent",
        b"feature",
        b"feature/",
        b"/feature/x",
        b"refs/heads/main",
        b"abc",
        b"0000000",
        b"0" * 40,
        b"f" * 40,
        b"f" * 64,
        b"f" * 65,
        b"HEAD~1",
        b"HEAD^{tree}",
        b"v1.0^{commit}",
        b"@{-1}",
        b"main..feature/x",
        b":/First",
        b":README.rst",
        b"--all",
        b"--output=/tmp/x",
        b"-1",
        b"-",
        b"all()",
        b"max(all())",
        b"branch(default)",
        b"tip^",
        b".",
        b"null",
        b"wdir()",
        b"f*",
        b"feature/?",
        b"feature/[x]",
        b"with\nnewline",
        b"with\0nul",
        b"latin\xe9",
        "ünïcode".encode(),
        b"x" * 5000,
        b"x" * 500_000,
    ],
)
def test_what_names_nothing_is_not_found(repository: Repository, name: bytes) -> None:
    with pytest.raises(RevisionNotFoundError):
        repository.resolve(name)


@pytest.mark.parametrize(
    "name", [b"-x", b"--upload-pack=id", "größe/ünï".encode(), b"a/b/c.d", b"50%", b"x;y", b"$(id)"]
)
def test_odd_names_are_found_exactly(builder: RepositoryBuilder, reopened: Open, name: bytes) -> None:
    commit_id = builder.commit({b"a": b"a"})
    builder.commit({b"a": b"b"})
    builder.bookmark(name, commit_id)

    assert reopened(builder).resolve(name) == commit_id


def test_a_branch_goes_before_a_tag(builder: RepositoryBuilder, reopened: Open) -> None:
    tagged = builder.commit({b"a": b"a"})
    marked = builder.commit({b"a": b"b"})
    builder.tag(b"same", tagged)
    builder.bookmark(b"same", marked)

    assert reopened(builder).resolve(b"same") == marked


def test_a_name_goes_before_a_prefix(builder: RepositoryBuilder, reopened: Open) -> None:
    first = builder.commit({b"a": b"a"})
    second = builder.commit({b"a": b"b"})
    builder.bookmark(second[:8].encode(), first)

    assert reopened(builder).resolve(second[:8].encode()) == first
    assert reopened(builder).resolve(second[:9].encode()) == second


def test_a_full_id_goes_before_a_name(builder: RepositoryBuilder, reopened: Open) -> None:
    first = builder.commit({b"a": b"a"})
    second = builder.commit({b"a": b"b"})
    # Git itself refuses to make such a branch, but a push can bring it.
    builder.tag(second.encode(), first)

    assert reopened(builder).resolve(second.encode()) == second


def test_a_prefix_of_two_commits_is_ambiguous(builder: RepositoryBuilder, reopened: Open) -> None:
    prefix = _make_a_collision(builder)

    with pytest.raises(AmbiguousRevisionError):
        reopened(builder).resolve(prefix)


def test_an_empty_repository_names_nothing(builder: RepositoryBuilder, reopened: Open) -> None:
    repository = reopened(builder)

    for name in (b"HEAD", b"tip", b"0", b"main", b"default"):
        with pytest.raises(RevisionNotFoundError):
            repository.resolve(name)


def _make_a_collision(builder: RepositoryBuilder) -> bytes:
    """Commit until two ids begin with the same four digits; around 300 commits on average."""
    seen = set()
    commit_id = builder.commit({b"a": b"0"})
    for number in range(1, 3000):
        if commit_id[:4] in seen:
            return commit_id[:4].encode()
        seen.add(commit_id[:4])
        commit_id = builder.commit({b"a": b"%d" % number})
    raise AssertionError("no two commits began alike")
