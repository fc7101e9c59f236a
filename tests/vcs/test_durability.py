"""What was written is on the disk."""

import pathlib

import pytest

from kallithea.vcs.durability import sync_file_system


def test_syncing_an_existing_folder(tmp_path: pathlib.Path) -> None:
    (tmp_path / "file").write_bytes(b"x" * 10_000)
    sync_file_system(tmp_path)


def test_absent_folder_is_an_error(tmp_path: pathlib.Path) -> None:
    with pytest.raises(FileNotFoundError):
        sync_file_system(tmp_path / "absent")
