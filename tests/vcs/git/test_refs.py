"""Refs as only Git has them."""

import pathlib
import subprocess
from collections.abc import Callable

import pytest

from kallithea.vcs.git.repository import GitRepository, open_repository
from kallithea.vcs.history import LogFilter
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.types import CorruptObjectError, RevisionNotFoundError
from tests.factories.repositories import GitBuilder

Open = Callable[[GitBuilder], GitRepository]


def tags(repository: GitRepository) -> dict[bytes, str]:
    return {tag.name: tag.commit_id for tag in repository.refs().tags}


def test_annotated_tags_are_peeled(builder: GitBuilder, reopened: Open) -> None:
    commit_id = builder.commit({b"a": b"a"})
    tag_id = builder.annotated_tag(b"v1", commit_id)
    builder.annotated_tag(b"without-tagger", commit_id, tagger=None)
    inner = builder.annotated_tag(b"nested", tag_id, target_kind="tag")
    builder.annotated_tag(b"nested-twice", inner, target_kind="tag")

    repository = reopened(builder)

    assert tags(repository) == dict.fromkeys((b"v1", b"without-tagger", b"nested", b"nested-twice"), commit_id)
    assert repository.resolve(b"nested-twice") == commit_id
    assert repository.resolve(tag_id.encode()) == commit_id
    assert repository.resolve(tag_id[:10].encode()) == commit_id


def test_tags_of_trees_and_blobs_are_no_revisions(builder: GitBuilder, reopened: Open) -> None:
    builder.commit({b"a": b"a"})
    builder.ref(b"refs/tags/tree", builder.git("rev-parse", "main^{tree}").decode().strip())
    builder.ref(b"refs/tags/blob", builder.git("rev-parse", "main:a").decode().strip())
    repository = reopened(builder)

    assert tags(repository) == {}
    for name in (b"tree", b"blob", builder.git("rev-parse", "main^{tree}").strip()):
        with pytest.raises(RevisionNotFoundError):
            repository.resolve(name)


def test_a_ref_to_a_missing_object_spoils_nothing_else(builder: GitBuilder, reopened: Open) -> None:
    commit_id = builder.commit({b"a": b"a"})
    builder.annotated_tag(b"v1", commit_id)
    (builder.path / "refs" / "tags" / "broken").write_text("1" * 40 + "\n")
    (builder.path / "refs" / "heads" / "broken").write_text("2" * 40 + "\n")
    (builder.path / "refs" / "heads" / "garbage").write_text("garbage")
    repository = reopened(builder)

    assert tags(repository) == {b"v1": commit_id}
    assert repository.resolve(b"main") == commit_id
    with pytest.raises(RevisionNotFoundError):
        repository.resolve(b"broken")


@pytest.mark.parametrize(
    ("head", "default"),
    [
        ("ref: refs/heads/develop\n", b"develop"),
        ("ref: refs/heads/absent\n", b"alpha"),
        ("ref: refs/tags/v1\n", b"alpha"),
    ],
)
def test_the_default_branch(builder: GitBuilder, reopened: Open, head: str, default: bytes) -> None:
    first = builder.commit({b"a": b"a"}, branch=b"alpha")
    second = builder.commit({b"a": b"b"}, branch=b"develop")
    (builder.path / "HEAD").write_text(head)
    repository = reopened(builder)
    found = repository.refs().default

    assert found is not None
    assert found.name == default
    assert repository.resolve(b"HEAD") == {b"alpha": first, b"develop": second}[default]


def test_a_detached_head(builder: GitBuilder, reopened: Open) -> None:
    commit_id = builder.commit({b"a": b"a"})
    builder.commit({b"a": b"b"})
    (builder.path / "HEAD").write_text(commit_id + "\n")

    state = reopened(builder).state()

    assert state.refs[b"HEAD"] == commit_id


def test_the_state_holds_every_ref_unpeeled(builder: GitBuilder, reopened: Open) -> None:
    commit_id = builder.commit({b"a": b"a"}, branch=b"latin\xe9")
    tag_id = builder.annotated_tag(b"v1", commit_id)
    builder.ref(b"refs/pull/1/head", commit_id)

    assert reopened(builder).state().refs == {
        b"HEAD": "ref:refs/heads/main",
        b"refs/heads/latin\xe9": commit_id,
        b"refs/pull/1/head": commit_id,
        b"refs/tags/v1": tag_id,
    }


def test_every_way_of_changing_refs_changes_the_fingerprint(builder: GitBuilder, reopened: Open) -> None:
    commit_id = builder.commit({b"a": b"a"})
    seen = [reopened(builder).fingerprint()]
    for arguments in (
        ("update-ref", "refs/heads/deep/er/branch", commit_id),
        ("update-ref", "refs/pull/1/head", commit_id),
        ("pack-refs", "--all", "--prune"),
        ("update-ref", "refs/heads/other", commit_id),
        ("branch", "-D", "other"),
        ("update-ref", "-d", "refs/heads/deep/er/branch"),
        ("symbolic-ref", "HEAD", "refs/heads/absent"),
        ("tag", "-m", "x", "v1", commit_id),
    ):
        builder.git(*arguments, environment={"GIT_COMMITTER_NAME": "x", "GIT_COMMITTER_EMAIL": "x@example.org"})
        seen.append(reopened(builder).fingerprint())

    assert len(set(seen)) == len(seen)


def test_a_lock_file_is_no_ref(builder: GitBuilder, reopened: Open) -> None:
    builder.commit({b"a": b"a"})
    before = reopened(builder).fingerprint()

    (builder.path / "refs" / "heads" / "main.lock").touch()

    assert reopened(builder).fingerprint() == before


def test_packed_refs_read_like_loose_ones(builder: GitBuilder, reopened: Open) -> None:
    commit_id = builder.commit({b"a": b"a"}, branch=b"feature/x")
    builder.annotated_tag(b"v1", commit_id)
    before = reopened(builder)
    loose = (before.refs(), before.state().refs)

    builder.git("pack-refs", "--all", "--prune")

    after = reopened(builder)
    assert (after.refs(), after.state().refs) == loose
    assert after.resolve(b"feature/x") == commit_id


def test_refs_with_a_missing_commit_name_it(builder: GitBuilder, reopened: Open) -> None:
    first = builder.commit({b"a": b"a"})
    second = builder.commit({b"a": b"b"})
    (builder.path / "objects" / first[:2] / first[2:]).unlink()

    with pytest.raises(CorruptObjectError, match=first):
        reopened(builder).log(second)


def test_a_repository_with_a_working_copy(tmp_path: pathlib.Path) -> None:
    subprocess.run(["git", "init", "-q", "-b", "main", tmp_path / "w"], check=True)
    builder = GitBuilder(tmp_path / "bare")
    commit_id = builder.commit({b"d/a": b"a"})
    builder.git("push", "-q", str(tmp_path / "w"), "main:other", environment={"GIT_ALLOW_PROTOCOL": "file"})

    with open_repository(tmp_path / "w", VcsOptions()) as repository:
        assert repository.resolve(b"other") == commit_id
        assert len(repository.log(commit_id, LogFilter(path=b"d")).commits) == 1
        assert b"refs/heads/other" in repository.state().refs
