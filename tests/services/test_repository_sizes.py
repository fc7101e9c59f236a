"""How large repositories are, as their upkeep has found it."""

import os
import pathlib

import pytest

from kallithea.cache.file_store import FileStore
from kallithea.services import repository_sizes
from kallithea.services.application import Application
from kallithea.services.repository_sizes import RepositorySize, find_size, measure
from kallithea.services.upkeep import keep_up
from kallithea.vcs.types import Kind
from tests.services.test_settling import make


@pytest.fixture
def store(tmp_path: pathlib.Path) -> FileStore:
    return FileStore(tmp_path / "store", 1 << 20)


@pytest.fixture
def folder(tmp_path: pathlib.Path) -> pathlib.Path:
    """Three files of 113 bytes together: one lies below, and one is a link to a folder with much more."""
    folder = tmp_path / "repository"
    (folder / "below").mkdir(parents=True)
    (folder / "a").write_bytes(b"1")
    (folder / "below" / "b").write_bytes(b"1" * 100)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "large").write_bytes(b"1" * 5000)
    (folder / "link").symlink_to("../elsewhere")
    assert len((folder / "link" / "large").read_bytes()) == 5000
    return folder


@pytest.mark.parametrize("kind", Kind)
def test_upkeep_finds_it(application: Application, kind: Kind) -> None:
    repository_id, builder = make(application, kind)
    builder.commit({b"file": os.urandom(50_000)})
    assert find_size(application.caches.small, repository_id) is None
    keep_up(application, repository_id)
    found = find_size(application.caches.small, repository_id)
    assert found is not None
    assert 50_000 < found.size == sum(path.lstat().st_size for path in builder.path.rglob("*") if not path.is_dir())


def test_links_lead_nowhere_else(store: FileStore, folder: pathlib.Path) -> None:
    measure(store, 1, folder, 1000.0)
    assert find_size(store, 1) == RepositorySize(113, 3, 1000.0)
    assert find_size(store, 2) is None


def test_many_files_are_not_looked_at_after_each_push(
    store: FileStore, folder: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    measure(store, 1, folder, 0.0)
    (folder / "a").write_bytes(b"12")
    measure(store, 1, folder, 1.0)
    assert find_size(store, 1) == RepositorySize(114, 3, 1.0)
    monkeypatch.setattr(repository_sizes, "_MANY_FILES", 2)
    (folder / "a").write_bytes(b"123")
    measure(store, 1, folder, 2.0)
    assert find_size(store, 1) == RepositorySize(114, 3, 1.0)
    measure(store, 1, folder, 86_402.0)
    assert find_size(store, 1) == RepositorySize(115, 3, 86_402.0)


def test_what_takes_too_long_leaves_what_was_known(
    store: FileStore, folder: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    measure(store, 1, folder, 0.0)
    monkeypatch.setattr(repository_sizes, "_LONGEST_SECONDS", -1)
    (folder / "a").unlink()
    measure(store, 1, folder, 1.0)
    measure(store, 2, folder, 1.0)
    assert find_size(store, 1) == RepositorySize(113, 3, 0.0)
    assert find_size(store, 2) is None


def test_of_a_folder_that_is_gone_nothing_is_told(store: FileStore, tmp_path: pathlib.Path) -> None:
    measure(store, 1, tmp_path / "absent", 0.0)
    assert find_size(store, 1) is None
