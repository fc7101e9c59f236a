"""Zip files as others read them."""

import io
import subprocess
import zipfile
from pathlib import Path

import pytest

from kallithea.vcs.zip_writer import ZipWriter


def test_entries_are_read_by_others(tmp_path: Path) -> None:
    with (tmp_path / "a.zip").open("wb") as file:
        writer = ZipWriter(file, 1_600_000_000)
        writer.add_folder(b"top")
        writer.add(b"top/a", 0o755, 200_000, io.BytesIO(b"a" * 200_000))
        writer.add(b"top/empty", 0o644, 0, io.BytesIO())
        writer.add_link(b"top/link", b"a")
        writer.close()
    subprocess.run(["unzip", "-tq", tmp_path / "a.zip"], check=True, stdout=subprocess.DEVNULL)
    with zipfile.ZipFile(tmp_path / "a.zip") as opened:
        assert opened.testzip() is None
        found = {entry.filename: (entry.file_size, oct(entry.external_attr >> 16)) for entry in opened.infolist()}
    assert found == {
        "top/": (0, "0o40755"),
        "top/a": (200_000, "0o100755"),
        "top/empty": (0, "0o100644"),
        "top/link": (1, "0o120777"),
    }


@pytest.mark.parametrize(
    ("name", "is_utf8", "shown"), [(b"a", False, "a"), ("\u00e9".encode(), True, "\u00e9"), (b"\xe9", False, "\u0398")]
)
def test_names(name: bytes, is_utf8: bool, shown: str) -> None:
    target = io.BytesIO()
    writer = ZipWriter(target, 1_600_000_000)
    writer.add(name, 0o644, 1, io.BytesIO(b"x"))
    writer.close()
    with zipfile.ZipFile(target) as opened:
        (entry,) = opened.infolist()
    # bytes that are no UTF-8 are read in the encoding of DOS where no flag is set
    assert (entry.filename, bool(entry.flag_bits & 0x800)) == (shown, is_utf8)


def test_archives_of_more_than_4_gib(tmp_path: Path) -> None:
    with (tmp_path / "large.zip").open("w+b") as target:
        writer = ZipWriter(target, 1_600_000_000)
        # a file with a hole: as if so much stood before
        writer._offset = target.seek(5 << 30)
        for number in range(3):
            writer.add(b"%d" % number, 0o644, 1, io.BytesIO(b"x" * number))
        writer.close()
    with zipfile.ZipFile(tmp_path / "large.zip") as opened:
        assert [opened.read(name) for name in opened.namelist()] == [b"", b"x", b"xx"]


def test_archives_of_more_than_65535_entries() -> None:
    target = io.BytesIO()
    writer = ZipWriter(target, 1_600_000_000)
    for number in range(65_600):
        writer.add_folder(b"%d" % number)
    writer.close()
    with zipfile.ZipFile(target) as opened:
        assert len(opened.namelist()) == 65_600
