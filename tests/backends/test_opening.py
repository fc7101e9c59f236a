"""Opening, creating and recognising repositories."""

import pathlib
import subprocess
import sys

import pytest

from kallithea.vcs.opener import VcsOptions, create_repository, find_kind, open_repository
from kallithea.vcs.types import Kind, RepositoryMissingError, VcsError
from tests.diffs import diff_of
from tests.factories.repositories import Sample

OPTIONS = VcsOptions()


def test_what_is_created_is_an_empty_repository(kind: Kind, tmp_path: pathlib.Path) -> None:
    create_repository(kind, tmp_path / "a", OPTIONS)

    with open_repository(kind, tmp_path / "a", OPTIONS) as repository:
        assert repository.is_empty()
        assert (repository.kind, repository.path) == (kind, tmp_path / "a")
    assert find_kind(tmp_path / "a") is kind


def test_who_reads_imports_nothing_once_all_backends_are(kind: Kind, tmp_path: pathlib.Path) -> None:
    create_repository(kind, tmp_path / "a", OPTIONS)
    program = """
import pathlib, sys
from kallithea.vcs.opener import VcsOptions, import_backends, open_comparison, open_repository
from kallithea.vcs.types import Kind
import_backends()
known = set(sys.modules)
kind, path = Kind(sys.argv[1]), pathlib.Path(sys.argv[2])
with open_repository(kind, path, VcsOptions()) as repository:
    repository.is_empty()
with open_comparison(kind, path, path, VcsOptions()):
    pass
print(*sorted(name for name in sys.modules.keys() - known if name.startswith("kallithea.")))
"""
    command = [sys.executable, "-c", program, kind.value, str(tmp_path / "a")]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "\n"


def test_groups_above_are_made(kind: Kind, tmp_path: pathlib.Path) -> None:
    create_repository(kind, tmp_path / "group" / "sub" / "a", OPTIONS)

    assert find_kind(tmp_path / "group" / "sub" / "a") is kind


@pytest.mark.parametrize("name", ["with space", "ünï", "-x", "a'b\"c", "a%20b", "a#b", "a:b"])
def test_odd_folder_names(kind: Kind, tmp_path: pathlib.Path, name: str) -> None:
    create_repository(kind, tmp_path / name, OPTIONS)

    with open_repository(kind, tmp_path / name, OPTIONS) as repository:
        assert repository.is_empty()


def test_nothing_else_is_left_behind(kind: Kind, tmp_path: pathlib.Path) -> None:
    create_repository(kind, tmp_path / "a", OPTIONS)

    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_an_existing_folder_is_never_overwritten(kind: Kind, tmp_path: pathlib.Path) -> None:
    (tmp_path / "a").mkdir()

    with pytest.raises(VcsError):
        create_repository(kind, tmp_path / "a", OPTIONS)
    assert list((tmp_path / "a").iterdir()) == []


def test_a_failed_creation_leaves_nothing(tmp_path: pathlib.Path) -> None:
    with pytest.raises(VcsError):
        create_repository(Kind.GIT, tmp_path / "a", VcsOptions(git_path="/absent/git"))

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", ["absent", "folder", "file"])
def test_no_repository_there(kind: Kind, tmp_path: pathlib.Path, content: str) -> None:
    path = tmp_path / "a"
    if content == "folder":
        path.mkdir()
    elif content == "file":
        path.touch()

    with pytest.raises(RepositoryMissingError):
        open_repository(kind, path, OPTIONS)
    assert find_kind(path) is None


def test_the_other_kind_is_not_opened(sample: Sample) -> None:
    other = Kind.HG if sample.kind is Kind.GIT else Kind.GIT

    with pytest.raises(RepositoryMissingError):
        open_repository(other, sample.path, OPTIONS)


def test_closing_twice_does_no_harm(sample: Sample) -> None:
    repository = open_repository(sample.kind, sample.path, OPTIONS)
    repository.blob(sample["first"], b"README.rst", limit=10)

    repository.close()
    repository.close()


def test_no_file_stays_open(sample: Sample) -> None:
    before = set(pathlib.Path("/proc/self/fd").iterdir())

    with open_repository(sample.kind, sample.path, OPTIONS) as repository:
        repository.refs()
        repository.folder(sample["first"], b"")
        repository.blob(sample["first"], b"README.rst", limit=10)
        diff_of(repository, sample["odd"])

    assert len(set(pathlib.Path("/proc/self/fd").iterdir()) - before) <= 1
