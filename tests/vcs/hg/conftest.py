"""Mercurial repositories built by each test for itself."""

import pathlib
from collections.abc import Callable, Iterator

import pytest

from kallithea.vcs.hg.repository import HgRepository, open_repository
from kallithea.vcs.opener import VcsOptions
from tests.factories.repositories import HgBuilder


@pytest.fixture
def builder(tmp_path: pathlib.Path) -> HgBuilder:
    return HgBuilder(tmp_path / "repository")


@pytest.fixture
def reopened() -> Iterator[Callable[[HgBuilder], HgRepository]]:
    """Open what a builder has built, as often as wanted."""
    opened: list[HgRepository] = []

    def open_it(builder: HgBuilder) -> HgRepository:
        opened.append(open_repository(builder.path, VcsOptions()))
        return opened[-1]

    yield open_it
    for repository in opened:
        repository.close()
