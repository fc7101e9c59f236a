"""Folders that appear whole or not at all."""

import pathlib

import pytest

from kallithea.vcs.placing import is_left_aside, new_folder
from kallithea.vcs.types import VcsError


def test_a_folder_appears_when_it_is_whole(tmp_path: pathlib.Path) -> None:
    with new_folder(tmp_path / "a" / "b") as folder:
        (folder / "file").write_text("content")
        (folder / "link").symlink_to("/absent")
        assert not (tmp_path / "a" / "b").exists()
        assert folder.name.startswith(".")

    assert (tmp_path / "a" / "b" / "file").read_text() == "content"


def test_a_failure_leaves_nothing(tmp_path: pathlib.Path) -> None:
    def fail() -> None:
        with new_folder(tmp_path / "a") as folder:
            (folder / "file").touch()
            raise KeyError

    with pytest.raises(KeyError):
        fail()

    assert list(tmp_path.iterdir()) == []


def test_somebody_else_may_have_been_faster(tmp_path: pathlib.Path) -> None:
    def lose() -> None:
        with new_folder(tmp_path / "a"):
            (tmp_path / "a").mkdir()
            (tmp_path / "a" / "theirs").touch()

    with pytest.raises(VcsError, match="already"):
        lose()

    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a" / "theirs").exists()


@pytest.mark.parametrize("what", ["folder", "file", "dangling link"])
def test_what_is_there_stays(tmp_path: pathlib.Path, what: str) -> None:
    path = tmp_path / "a"
    match what:
        case "folder":
            path.mkdir()
        case "file":
            path.touch()
        case _:
            path.symlink_to("/absent")

    with pytest.raises(VcsError), new_folder(path):
        pass
    assert path.is_symlink() or path.exists()


def test_what_is_being_made_is_nobody_else_s(tmp_path: pathlib.Path) -> None:
    with new_folder(tmp_path / "a") as folder:
        assert not is_left_aside(folder)
    left = tmp_path / ".a.0123456789abcdef.new"
    left.mkdir()

    assert is_left_aside(left)
    assert [is_left_aside(tmp_path / name) for name in ("a", ".a.new", "a.0123456789abcdef.new")] == [False] * 3


def test_the_longest_name(tmp_path: pathlib.Path) -> None:
    with new_folder(tmp_path / ("n" * 255)):
        pass

    assert (tmp_path / ("n" * 255)).is_dir()
