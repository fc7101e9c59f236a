"""Which places are on a file system of another machine."""

import os
from pathlib import Path
from typing import Any

import pytest

from kallithea.core.file_systems import find_network_file_system


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("shared/kallithea.db", "nfs4"),
        ("shared/not/there/yet", "nfs4"),
        ("shared/local/index", None),
        ("shared/local", None),
        ("link/kallithea.db", "nfs4"),
        ("of bücher/index", "cifs"),
        ("sharedness", None),
        ("", None),
    ],
)
def test_the_last_mount_above_a_place_counts(tmp_path: Path, place: str, kind: str | None) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(
        "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
        f"23 22 0:5 / {tmp_path}/shared rw shared:1 - nfs4 host:/x rw\n"
        f"24 23 0:6 / {tmp_path}/shared/local rw - nfs4 host:/y rw\n"
        f"25 23 0:7 / {tmp_path}/shared/local rw - xfs /dev/sdb rw\n"
        f"26 23 0:8 / {tmp_path}/of\\040bücher rw - cifs //host/x rw\n"
    )
    (tmp_path / "link").symlink_to(tmp_path / "shared")
    assert find_network_file_system(tmp_path / place, mounts) == kind


@pytest.mark.parametrize(
    ("kind", "distant"),
    [
        ("fuse.s3fs", True),
        ("fuse.ceph-fuse", True),
        ("fuse", True),
        ("fuseblk", False),
        ("fuse.mergerfs", False),
        ("davfs", True),
        ("btrfs", False),
    ],
)
def test_file_systems_of_programs_are_taken_for_distant_unless_known(tmp_path: Path, kind: str, distant: bool) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"22 1 8:1 / / rw - {kind} something rw\n")
    assert find_network_file_system(tmp_path, mounts) == (kind if distant else None)


def test_what_an_automounter_mounts_when_it_is_touched_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"22 1 8:1 / / rw - ext4 /dev/sda1 rw\n23 22 0:5 / {tmp_path}/shared rw - autofs systemd-1 rw\n")
    stat = os.stat

    def touched(place: Any, **options: Any) -> os.stat_result:
        """What looks into the folder, as autofs has it: asking for the folder itself mounts nothing."""
        if str(place).startswith(f"{tmp_path}/shared/"):
            mounts.write_text(mounts.read_text() + f"24 23 0:6 / {tmp_path}/shared rw - nfs4 host:/x rw\n")
        return stat(place, **options)

    (tmp_path / "shared").mkdir()
    monkeypatch.setattr(os, "stat", touched)
    assert find_network_file_system(tmp_path / "shared", mounts) == "nfs4"


def test_a_system_that_tells_nothing_has_none(tmp_path: Path) -> None:
    assert find_network_file_system(tmp_path, tmp_path / "mountinfo") is None
