"""Every test here runs once over Git and once over Mercurial."""

import pathlib
from collections.abc import Callable, Iterator

import pytest

from kallithea.vcs.backend import Repository
from kallithea.vcs.opener import VcsOptions, open_repository
from kallithea.vcs.types import Kind
from tests.factories.repositories import RepositoryBuilder, Sample, build_sample, make_builder

Open = Callable[[RepositoryBuilder], Repository]


@pytest.fixture(scope="session", params=list(Kind), ids=str)
def kind(request: pytest.FixtureRequest) -> Kind:
    return Kind(request.param)


@pytest.fixture(scope="session")
def sample(kind: Kind, tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """The sample repository, shared: only read it."""
    return build_sample(kind, tmp_path_factory.mktemp("sample") / kind)


@pytest.fixture(scope="session")
def folder_of_others(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """Where histories of others are kept once they are made: only read them."""
    return tmp_path_factory.mktemp("others")


@pytest.fixture
def repository(sample: Sample) -> Iterator[Repository]:
    """The sample repository, open."""
    with open_repository(sample.kind, sample.path, VcsOptions()) as opened:
        yield opened


@pytest.fixture
def builder(kind: Kind, tmp_path: pathlib.Path) -> RepositoryBuilder:
    """A new empty repository of this test alone."""
    return make_builder(kind, tmp_path / "repository")


@pytest.fixture
def reopened() -> Iterator[Open]:
    """Open what a builder has built, as often as wanted."""
    opened: list[Repository] = []

    def open_it(builder: RepositoryBuilder) -> Repository:
        opened.append(open_repository(builder.kind, builder.path, VcsOptions()))
        return opened[-1]

    yield open_it
    for repository in opened:
        repository.close()
