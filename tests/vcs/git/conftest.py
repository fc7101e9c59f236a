"""Git repositories built by each test for itself."""

import pathlib
from collections.abc import Callable, Iterator

import pytest

from kallithea.vcs.git.repository import GitRepository, open_repository
from kallithea.vcs.opener import VcsOptions
from tests.factories.repositories import GitBuilder


@pytest.fixture
def builder(tmp_path: pathlib.Path) -> GitBuilder:
    return GitBuilder(tmp_path / "repository")


@pytest.fixture
def reopened() -> Iterator[Callable[[GitBuilder], GitRepository]]:
    """Open what a builder has built, as often as wanted."""
    opened: list[GitRepository] = []

    def open_it(builder: GitBuilder) -> GitRepository:
        opened.append(open_repository(builder.path, VcsOptions()))
        return opened[-1]

    yield open_it
    for repository in opened:
        repository.close()
