"""Pages of folders, kept under the id of the folder's content."""

import pathlib
import shutil

import pytest

from kallithea.cache.file_store import FileStore
from kallithea.services.folders import FOLDER_PAGE, read_folder
from kallithea.vcs.opener import VcsOptions, open_repository
from kallithea.vcs.types import Kind
from tests.factories.repositories import GitBuilder, RepositoryBuilder, Submodule, Symlink, make_builder


@pytest.fixture
def store(tmp_path: pathlib.Path) -> FileStore:
    return FileStore(tmp_path / "store", 10_000_000)


@pytest.fixture(params=Kind)
def builder(request: pytest.FixtureRequest, tmp_path: pathlib.Path) -> RepositoryBuilder:
    return make_builder(request.param, tmp_path / "repository")


def test_a_kept_page_is_the_one_that_was_read(builder: RepositoryBuilder, store: FileStore) -> None:
    commit_id = builder.commit(
        {
            b"d/README.md": b"# d\n",
            b"d/caf\xc3\xa9": b"1",
            b"d/link": Symlink(b"x"),
            b"d/sub": Submodule("1" * 40),
            b"x": b"2",
        }
    )
    with open_repository(builder.kind, builder.path, VcsOptions()) as repository:
        for path in (b"", b"d"):
            read = read_folder(store, repository, commit_id, path)
            assert read_folder(store, repository, commit_id, path) == read
    assert store.usage().counts.hits == 2


def test_the_same_content_elsewhere_has_its_own_paths(store: FileStore, tmp_path: pathlib.Path) -> None:
    builder = make_builder(Kind.GIT, tmp_path / "repository")
    commit_id = builder.commit({b"a/README": b"1", b"b/README": b"1"})
    with open_repository(Kind.GIT, builder.path, VcsOptions()) as repository:
        folders = [read_folder(store, repository, commit_id, path) for path in (b"a", b"b")]
    assert [folder.entries[0].path for folder in folders] == [b"a/README", b"b/README"]
    assert [folder.readme.path for folder in folders if folder.readme] == [b"a/README", b"b/README"]


def test_of_a_large_folder_only_what_is_shown_is_measured(builder: RepositoryBuilder, store: FileStore) -> None:
    commit_id = builder.commit({b"f%04d" % number: b"12345" for number in range(FOLDER_PAGE + 5)})
    with open_repository(builder.kind, builder.path, VcsOptions()) as repository:
        pages = [read_folder(store, repository, commit_id, b"", page=page) for page in (1, 2, 3)]
    assert [len(page.entries) for page in pages] == [FOLDER_PAGE, 5, 0]
    assert {page.total for page in pages} == {FOLDER_PAGE + 5}
    assert {entry.size for page in pages for entry in page.entries} == {5}


def content_of(builder: RepositoryBuilder, path: str) -> pathlib.Path:
    """The file on the disk that holds the content of a file of the newest commit."""
    if not isinstance(builder, GitBuilder):
        return builder.path / ".hg" / "store" / "data" / f"{path}.i"
    name = builder.git("rev-parse", f"main:{path}").decode().strip()
    return builder.path / "objects" / name[:2] / name[2:]


def test_damage_is_not_shown_in_a_sound_repository_nor_after_repair(
    builder: RepositoryBuilder, store: FileStore
) -> None:
    commit_id = builder.commit({b"a": b"12345", b"b": b"1"})
    sound = builder.path.with_name("sound")
    shutil.copytree(builder.path, sound)
    content = content_of(builder, "a")
    content.rename(content.with_name("away"))

    def sizes(path: pathlib.Path) -> list[int | None]:
        with open_repository(builder.kind, path, VcsOptions()) as repository:
            return [entry.size for entry in read_folder(store, repository, commit_id, b"").entries]

    assert sizes(builder.path) == [None, 1]
    assert sizes(sound) == [5, 1]
    content.with_name("away").rename(content)
    assert sizes(builder.path) == [5, 1]
    assert sizes(sound) == [5, 1]
    assert store.usage().counts.hits == 2
