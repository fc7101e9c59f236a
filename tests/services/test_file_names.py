"""Names of files, and those among them that somebody means."""

import pathlib

import pytest

from kallithea.cache.file_store import FileStore
from kallithea.services import file_names
from kallithea.services.file_names import find_names, read_names, unpack_names
from kallithea.vcs.backend import Repository
from kallithea.vcs.opener import VcsOptions, open_repository
from kallithea.vcs.types import Kind
from tests.factories.repositories import make_builder

NAMES = [
    "docs/views.rst",
    "kallithea/web/files/views.py",
    "kallithea/web/views/routes.py",
    "kallithea/web/ui/diff_view.py",
    "setup.py",
    "views",
]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("", []),
        ("setup", ["setup.py"]),
        ("SETUP.PY", ["setup.py"]),
        ("views", ["views", "docs/views.rst", "kallithea/web/files/views.py", "kallithea/web/views/routes.py"]),
        ("view", ["views", "docs/views.rst", *NAMES[1:2], NAMES[3], NAMES[2]]),
        ("web/ui", ["kallithea/web/ui/diff_view.py"]),
        ("web ui", ["kallithea/web/ui/diff_view.py"]),
        ("kwfv", ["kallithea/web/files/views.py", "kallithea/web/ui/diff_view.py"]),
        ("vpy", ["kallithea/web/files/views.py", "kallithea/web/ui/diff_view.py", "kallithea/web/views/routes.py"]),
        ("zzz", []),
        ("^.*[]-\\", []),
    ],
)
def test_what_fits_better_comes_first(wanted: str, found: list[str]) -> None:
    assert [name.text for name in find_names(NAMES, wanted, most=10)] == found


def test_only_the_best_are_found() -> None:
    assert [name.text for name in find_names([f"f{n:03}" for n in range(200)], "f", most=2)] == ["f000", "f001"]


def test_letters_that_repeat_cost_no_more() -> None:
    assert find_names(["a" * 4_000] * 20, "a" * 150 + "b", most=10) == []


@pytest.fixture(params=Kind)
def repository(request: pytest.FixtureRequest, tmp_path: pathlib.Path) -> Repository:
    builder = make_builder(request.param, tmp_path / "r")
    builder.commit({b"b": b"1", b"a/\xff": b"2", "a/\u202eb".encode(): b"3"})
    return open_repository(builder.kind, builder.path, VcsOptions())


def test_paths_that_are_no_plain_text_can_be_found_and_told(repository: Repository, tmp_path: pathlib.Path) -> None:
    store = FileStore(tmp_path / "store", 1_000_000)
    with repository:
        lines = unpack_names(read_names(store, repository, repository.resolve(b"tip"), ["utf-8"]))
    assert "\u202e" not in "".join(lines)
    assert {name.path for name in find_names(lines, "a", most=10)} == {b"a/\xff", "a/\u202eb".encode()}
    assert [name.path for name in find_names(lines, "b", most=1)] == [b"b"]


def test_names_are_read_once(repository: Repository, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FileStore(tmp_path / "store", 1_000_000)
    with repository:
        commit_id = repository.resolve(b"tip")
        first = read_names(store, repository, commit_id, ["utf-8"])
        monkeypatch.setattr(type(repository), "paths", None)
        assert read_names(store, repository, commit_id, ["utf-8"]) == first


def test_more_names_than_the_limit_are_left_out(
    repository: Repository, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_names, "MOST_NAMES", 2)
    with repository:
        names = read_names(FileStore(tmp_path / "store", 1_000_000), repository, repository.resolve(b"tip"), [])
    assert len(unpack_names(names)) == 2
