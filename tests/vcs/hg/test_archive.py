"""Archives of Mercurial changesets: the files of ``hg archive``, from the changeset alone."""

import io
import pathlib
import tarfile
import zipfile
from collections.abc import Callable

import pytest
from mercurial import archival

from kallithea.vcs.archive import ArchiveFormat, ArchiveOrder
from kallithea.vcs.hg.repository import HgRepository, open_repository
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.slots import Weight, take_slot
from kallithea.vcs.types import BusyError, VcsError
from tests.factories.repositories import Content, Executable, HgBuilder, Submodule, Symlink

Open = Callable[[HgBuilder], HgRepository]
Found = dict[str, tuple[bytes, int, float, str, bytes]]


def archive(repository: HgRepository, commit_id: str, kind: ArchiveFormat = ArchiveFormat.TAR) -> bytes:
    target = io.BytesIO()
    repository.write_archive(ArchiveOrder(commit_id, b"", b"name-1", kind), target, seconds=60)
    return target.getvalue()


def files(data: bytes) -> Found:
    """Type, mode, time, link and content of what a tar file holds, by name; without folders."""
    with tarfile.open(fileobj=io.BytesIO(data), errors="surrogateescape") as opened:
        return {
            entry.name: (entry.type, entry.mode, entry.mtime, entry.linkname, _content(opened, entry))
            for entry in opened.getmembers()
            if not entry.isdir()
        }


def _content(opened: tarfile.TarFile, entry: tarfile.TarInfo) -> bytes:
    file = opened.extractfile(entry) if entry.isfile() else None
    return file.read() if file is not None else b""


def test_the_files_are_those_of_hg_archive(builder: HgBuilder, reopened: Open) -> None:
    changes: dict[bytes, Content] = {
        b"a.txt": b"a\n",
        b"b/run": Executable(b"#!/bin/sh\n"),
        b"b/link": Symlink(b"../a.txt"),
        b"inner": Submodule("1" * 40),
        b"caf\xe9": b"latin\n",
        b"n" * 90 + b"/" + b"m" * 90: b"long\n",
    }
    commit_id = builder.commit(changes)
    theirs = io.BytesIO()
    repository = builder.open()
    repository.ui.setconfig(b"ui", b"archivemeta", b"no")
    archival.archive(repository, theirs, bytes.fromhex(commit_id), b"tar", prefix=b"name-1")
    ours = files(archive(reopened(builder), commit_id))
    assert ours.pop("name-1/.hg_archival.txt")[-1] == b"node: " + commit_id.encode() + b"\nbranch: default\n"
    assert ours == files(theirs.getvalue())


def test_a_file_with_the_name_of_the_origin_is_kept(builder: HgBuilder, reopened: Open) -> None:
    commit_id = builder.commit({b".hg_archival.txt": b"mine\n"})
    assert files(archive(reopened(builder), commit_id))["name-1/.hg_archival.txt"][-1] == b"mine\n"


@pytest.mark.parametrize("name", [b"../x", b"a/../x", b"/x", b"./x", b".git/config", b"a/.GIT/config", b"a/.hg/hgrc"])
def test_names_that_do_harm_are_refused(builder: HgBuilder, reopened: Open, name: bytes) -> None:
    commit_id = builder.commit({name: b"x"})
    with pytest.raises(VcsError, match="could do harm"):
        archive(reopened(builder), commit_id)


@pytest.mark.parametrize("date", ["-86400 +0000", "0 +0000", "4400000000 +0000", "9999999999 +0000"])
def test_dates_that_formats_cannot_hold(builder: HgBuilder, reopened: Open, date: str) -> None:
    commit_id = builder.commit({b"a": b"a"}, date=date)
    repository = reopened(builder)
    with zipfile.ZipFile(io.BytesIO(archive(repository, commit_id, ArchiveFormat.ZIP))) as opened:
        assert opened.read("name-1/a") == b"a"
    assert files(archive(repository, commit_id))["name-1/a"][2] == int(date.split()[0])


def test_a_link_or_a_path_of_any_length(builder: HgBuilder, reopened: Open) -> None:
    name = b"d/" * 60 + b"f" * 200
    commit_id = builder.commit({name: b"x", b"link": Symlink(b"../" * 60)})
    found = files(archive(reopened(builder), commit_id))
    assert found["name-1/" + name.decode()][-1] == b"x"
    assert found["name-1/link"][3] == "../" * 60


def test_archives_take_turns_with_all_heavy_work_of_the_machine(builder: HgBuilder, tmp_path: pathlib.Path) -> None:
    commit_id = builder.commit({b"a": b"a"})
    options = VcsOptions(slot_folder=tmp_path / "slots", heavy_processes=1)
    slot = take_slot(options, Weight.HEAVY, 0)
    assert slot is not None
    order = ArchiveOrder(commit_id, b"", b"name-1", ArchiveFormat.TAR)
    with open_repository(builder.path, options) as repository:
        with slot, pytest.raises(BusyError):
            repository.write_archive(order, io.BytesIO(), seconds=0.1)
        for _ in range(2):
            repository.write_archive(order, io.BytesIO(), seconds=0.1)
