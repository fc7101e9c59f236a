"""What only Mercurial has about merges, and that they are Mercurial's own."""

import pathlib
import shutil
from collections.abc import Callable

import pytest
from mercurial import merge, mergestate

from kallithea.vcs.hg.mercurial_setup import new_ui, open_local
from kallithea.vcs.hg.repository import HgRepository
from kallithea.vcs.merging import MergeRequest, MergeStyle
from kallithea.vcs.types import Kind, RefKind, RevisionNotFoundError
from kallithea.vcs.writing import RefTarget, RefusedWriteError
from tests.factories.histories import random_history
from tests.factories.repositories import HgBuilder
from tests.factories.writing import TEXT, on_branch, to_nobody, verify

Reopened = Callable[[HgBuilder], HgRepository]
Files = dict[bytes, tuple[bytes, bytes]]


def merge_by_hg(folder: pathlib.Path, ours: str, theirs: str) -> tuple[Files, set[bytes]]:
    """In a working copy: the files of Mercurial's own merge, with their flags, and the paths in conflict."""
    ui = new_ui()
    ui.setconfig(b"ui", b"forcemerge", b"internal:merge", b"test")
    ui.setconfig(b"experimental", b"merge.checkpathconflicts", b"yes", b"test")
    repository = open_local(folder, ui)
    with repository.wlock():
        merge.clean_update(repository[bytes.fromhex(ours)])
        merge.merge(repository[bytes.fromhex(theirs)])
        unresolved = set(mergestate.mergestate.read(repository).unresolved())
        working = repository[None]
        files = {path: (working[path].data(), working[path].flags()) for path in working if working[path].exists()}
        mergestate.mergestate.clean(repository)
    return files, unresolved


def files_of(repository: HgRepository, commit_id: str) -> Files:
    context = repository._repository[bytes.fromhex(commit_id)]
    return {path: (context[path].data(), context[path].flags()) for path in context}


@pytest.mark.parametrize("seed", range(4))
def test_merges_are_those_of_mercurial(tmp_path: pathlib.Path, seed: int) -> None:
    history = random_history(Kind.HG, tmp_path / "repository", seed, 60)
    clone = tmp_path / "clone"
    shutil.copytree(history.path, clone)
    builder = HgBuilder.__new__(HgBuilder)
    builder.path = history.path
    changelog = open_local(history.path).changelog
    pairs = [[parent.hex() for parent in changelog.parents(changelog.node(rev))] for rev in changelog]
    outcomes = []
    for ours, theirs in pairs:
        with HgRepository(history.path) as repository:
            nodes = [bytes.fromhex(side) for side in (ours, theirs)]
            revisions = [changelog.rev(node) for node in nodes]
            if min(revisions) < 0 or not changelog.commonancestorsheads(*nodes):
                continue
            if any(changelog.isancestorrev(*order) for order in (revisions, revisions[::-1])):
                continue
            files, unresolved = merge_by_hg(clone, ours, theirs)
            report = repository.find_conflicts(ours, theirs)
            assert {conflict.path for conflict in report.conflicts} == unresolved
            outcomes.append(report.clean)
            if report.clean:
                name = f"test{len(outcomes)}".encode()
                builder.bookmark(name, ours)
                target = RefTarget(RefKind.BOOKMARK, name, ours)
                with HgRepository(history.path) as marked:
                    made = marked.merge(MergeRequest(target, theirs, TEXT), to_nobody)
                    assert files_of(marked, made) == files
    assert any(outcomes)
    verify(Kind.HG, history.path)


def test_merge_stays_on_the_branch_that_it_is_merged_into(builder: HgBuilder, reopened: Reopened) -> None:
    base = builder.commit({b"a": b"1"})
    ours = builder.commit({b"b": b"1"})
    theirs = builder.commit({b"c": b"1"}, parents=(base,), branch=b"feature")
    closed = builder.close_branch(b"feature", theirs)
    repository = reopened(builder)
    made = repository.merge(MergeRequest(on_branch(Kind.HG, ours), closed, TEXT), to_nobody)
    assert repository.commit(made).branch == b"default"
    assert repository.state().refs == {b"heads/default": made, b"heads/feature": closed}


def test_merge_of_two_heads_of_a_branch_leaves_one(builder: HgBuilder, reopened: Reopened) -> None:
    base = builder.commit({b"a": b"1"})
    ours, theirs = (builder.commit({name: b"1"}, parents=(base,)) for name in (b"b", b"c"))
    repository = reopened(builder)
    made = repository.merge(MergeRequest(on_branch(Kind.HG, ours), theirs, TEXT), to_nobody)
    assert repository.state().refs == {b"heads/default": made}


def test_closed_branch_is_not_merged_into(builder: HgBuilder, reopened: Reopened) -> None:
    base = builder.commit({b"a": b"1"})
    theirs = builder.commit({b"c": b"1"}, parents=(base,), branch=b"feature")
    closed = builder.close_branch(b"default", base)
    with pytest.raises(RefusedWriteError, match="closed"):
        reopened(builder).merge(MergeRequest(on_branch(Kind.HG, closed), theirs, TEXT), to_nobody)


def test_named_branch_cannot_be_moved_forward(builder: HgBuilder, reopened: Reopened) -> None:
    ours = builder.commit({b"a": b"1"})
    theirs = builder.commit({b"a": b"2"}, parents=(ours,), branch=b"feature")
    request = MergeRequest(on_branch(Kind.HG, ours), theirs, TEXT, MergeStyle.FAST_FORWARD)
    with pytest.raises(RefusedWriteError, match="named branch"):
        reopened(builder).merge(request, to_nobody)


def test_merge_with_what_follows_on_the_same_branch(builder: HgBuilder, reopened: Reopened) -> None:
    ours = builder.commit({b"a": b"1"})
    theirs = builder.commit({b"a": b"2"})
    builder.bookmark(b"mark", ours)
    request = MergeRequest(RefTarget(RefKind.BOOKMARK, b"mark", ours), theirs, TEXT)
    with pytest.raises(RefusedWriteError, match="forward"):
        reopened(builder).merge(request, to_nobody)


def test_copy_is_remembered_by_the_merge(builder: HgBuilder, reopened: Reopened) -> None:
    base = builder.commit({b"a": b"1\n", b"z": b"z"})
    ours = builder.commit({b"a": b"1\n2\n"})
    theirs = builder.commit({b"a": None, b"b": b"1\n"}, parents=(base,), renames={b"b": b"a"}, branch=b"feature")
    repository = reopened(builder)
    made = repository.merge(MergeRequest(on_branch(Kind.HG, ours), theirs, TEXT), to_nobody)
    file = repository._repository[bytes.fromhex(made)][b"b"]
    assert (file.data(), file.copysource()) == (b"1\n2\n", b"a")


def test_looking_for_conflicts_takes_no_lock(builder: HgBuilder, reopened: Reopened) -> None:
    base = builder.commit({b"a": b"1"})
    ours, theirs = (builder.commit({name: b"1"}, parents=(base,)) for name in (b"b", b"c"))
    holder = builder.open()
    with holder.wlock(), holder.lock():
        assert reopened(builder).find_conflicts(ours, theirs).clean


def test_secret_changeset_cannot_be_merged(builder: HgBuilder, reopened: Reopened) -> None:
    base = builder.commit({b"a": b"1"})
    ours, theirs = (builder.commit({name: b"1"}, parents=(base,)) for name in (b"b", b"c"))
    builder.set_phase(theirs, "secret")
    with pytest.raises(RevisionNotFoundError):
        reopened(builder).find_conflicts(ours, theirs)
