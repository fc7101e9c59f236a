"""Merges are journalled like pushes, for whoever asked for them."""

import pytest

from kallithea.core.access import Level, Viewer
from kallithea.core.actor import COMMAND_LINE, Actor, Way
from kallithea.core.errors import ForbiddenError
from kallithea.services.application import Application
from kallithea.services.edits import commit_files
from kallithea.services.merges import merge
from kallithea.services.repository_creation import create_repository
from kallithea.services.work import reading
from kallithea.vcs.merging import MergeConflictError, MergeRequest
from kallithea.vcs.types import Kind
from kallithea.vcs.writing import AddFile, CommitRequest, EditFile, FileChange
from tests.factories.people import Factory
from tests.factories.writing import FULL_BRANCH, TEXT, on_branch
from tests.services.disk import pushed

KINDS = [Kind.GIT, Kind.HG]
ADA = Actor(None, "ada", Way.WEB, "192.0.2.1")


def make(application: Application, kind: Kind, *theirs: FileChange) -> tuple[int, Viewer, MergeRequest]:
    """A repository with two branches, and the request to merge the second into the first."""
    viewer = Factory(application).viewer(Factory(application).user("ada", super_administrator=True))
    repository_id = create_repository(application, COMMAND_LINE, None, kind=kind, path="repository")

    def commit(expected: str | None, parent: str | None, name: bytes | None, *changes: FileChange) -> str:
        asked = CommitRequest(on_branch(kind, expected, name), TEXT, changes, parent)
        return commit_files(application, ADA, viewer, repository_id, asked)

    base = commit(None, None, None, AddFile(b"file", b"1\n"))
    ours = commit(base, None, None, EditFile(b"file", b"ours\n"))
    other = commit(None, base, b"topic", *theirs)
    return repository_id, viewer, MergeRequest(on_branch(kind, ours), other, TEXT)


@pytest.mark.parametrize("kind", KINDS)
def test_merge_is_journalled_as_a_push_by_the_web(application: Application, kind: Kind) -> None:
    repository_id, viewer, request = make(application, kind, AddFile(b"new", b"theirs"))
    made = merge(application, ADA, viewer, repository_id, request)
    assert pushed(application)[-1] == ("ada", "web", [(FULL_BRANCH[kind], request.ours, made)])


@pytest.mark.parametrize("kind", KINDS)
def test_conflicts_are_told_and_nothing_is_announced(application: Application, kind: Kind) -> None:
    repository_id, viewer, request = make(application, kind, EditFile(b"file", b"theirs\n"))
    with pytest.raises(MergeConflictError) as problem:
        merge(application, ADA, viewer, repository_id, request)
    assert [conflict.path for conflict in problem.value.report.conflicts] == [b"file"]
    assert len(pushed(application)) == 3


@pytest.mark.parametrize("kind", KINDS)
def test_right_to_write_is_needed(application: Application, kind: Kind) -> None:
    repository_id, _, request = make(application, kind, AddFile(b"new", b"theirs"))
    people = Factory(application)
    bob = people.user("bob")
    with reading(application) as services:
        row = services.repositories.get_by_id(repository_id)
    people.grant(bob, Level.READ, on=row)
    with pytest.raises(ForbiddenError):
        merge(application, ADA, people.viewer(bob), repository_id, request)
