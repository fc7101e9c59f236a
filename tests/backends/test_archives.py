"""Archives of a commit: the same bytes each time, and in them what the commit holds."""

import io
import os
import pathlib
import subprocess
import tarfile
import time
import zipfile
from collections.abc import Mapping

import pytest
from backports import zstd

from kallithea.vcs.archive import ArchiveFormat, ArchiveOrder, BoundedSink
from kallithea.vcs.backend import Repository
from kallithea.vcs.opener import VcsOptions, open_repository
from kallithea.vcs.types import (
    CorruptObjectError,
    Kind,
    LimitExceededError,
    PathNotFoundError,
    RevisionNotFoundError,
    TooLargeError,
)
from tests.backends.conftest import Open
from tests.factories.commands import git, hg
from tests.factories.others import OTHERS, history_of_others
from tests.factories.repositories import Content, Executable, RepositoryBuilder, Sample, Symlink

FILES: Mapping[bytes, Content] = {
    b"plain.txt": b"plain\n",
    b"empty": b"",
    b"run.sh": Executable(b"#!/bin/sh\n"),
    b"folder/deep/er/file": b"deep\n" * 50_000,
    b"folder/link": Symlink(b"../plain.txt"),
    "folder/gr\u00fc\u00df dich".encode(): b"utf-8\n",
    b"caf\xe9": b"latin\n",
    b"n" * 120 + b"/" + b"m" * 200: b"a long name\n",
    b"long-link": Symlink(b"t" * 150),
    b"binary": bytes(range(256)) * 100,
}
Found = dict[bytes, tuple[int, bytes]]


def archive(repository: Repository, commit_id: str, kind: ArchiveFormat, path: bytes = b"") -> bytes:
    target = io.BytesIO()
    repository.write_archive(ArchiveOrder(commit_id, path, b"name-1", kind), target, seconds=60)
    return target.getvalue()


def unpack(data: bytes, kind: ArchiveFormat, folder: pathlib.Path) -> Found:
    """Unpack by the usual programs; mode and content (of a link, where it leads to) by path. Folders have none."""
    folder.mkdir()
    (folder / "archive").write_bytes(data)
    (folder / "there").mkdir()
    options = {"tar.gz": ["--gzip"], "tar.bz2": ["--bzip2"], "tar.zst": ["--zstd"]}.get(kind, [])
    command = ["unzip", "-q"] if kind is ArchiveFormat.ZIP else ["tar", *options, "-xf"]
    subprocess.run([*command, "../archive"], cwd=folder / "there", check=True, env=os.environ | {"LC_ALL": "C.UTF-8"})
    return {os.fsencode(path.relative_to(folder / "there")): _read(path) for path in (folder / "there").rglob("*")}


def _read(path: pathlib.Path) -> tuple[int, bytes]:
    if path.is_symlink():
        return 0o120000, os.fsencode(path.readlink())
    return (0o040000, b"") if path.is_dir() else (path.stat().st_mode & 0o100111, path.read_bytes())


def expected(files: Mapping[bytes, Content]) -> Found:
    """What unpacking gives, without folders."""
    found: Found = {}
    for path, content in files.items():
        match content:
            case Executable(data):
                found[b"name-1/" + path] = (0o100111, data)
            case Symlink(target):
                found[b"name-1/" + path] = (0o120000, target)
            case bytes(data):
                found[b"name-1/" + path] = (0o100000, data)
    return found


def without_folders(found: Found) -> Found:
    return {path: value for path, value in found.items() if value[0] != 0o040000 and b".hg_archival" not in path}


@pytest.mark.parametrize("kind", ArchiveFormat)
def test_an_archive_holds_the_files_of_the_commit(
    builder: RepositoryBuilder, reopened: Open, tmp_path: pathlib.Path, kind: ArchiveFormat
) -> None:
    commit_id = builder.commit(FILES)
    data = archive(reopened(builder), commit_id, kind)
    assert without_folders(unpack(data, kind, tmp_path / "unpacked")) == expected(FILES)


@pytest.mark.parametrize("name", OTHERS)
def test_an_archive_of_others_holds_what_the_commands_put_there(
    kind: Kind, folder_of_others: pathlib.Path, name: str, tmp_path: pathlib.Path
) -> None:
    history = history_of_others(kind, name, folder_of_others)
    for commit_id in history.heads:
        if kind is Kind.GIT:
            theirs = git(history.path, "archive", "--format=tar", "--prefix=name-1/", commit_id)
        else:
            options = ["--type=tar", "--prefix=name-1", "--exclude=path:.hg_archival.txt"]
            theirs = hg(history.path, "archive", *options, f"--rev={commit_id}", "-")
        with open_repository(kind, history.path, VcsOptions()) as repository:
            ours = archive(repository, commit_id, ArchiveFormat.TAR)
        found = unpack(ours, ArchiveFormat.TAR, tmp_path / f"{commit_id}-ours")
        # which commit it is of; hg's also tells of tags, which come later
        found.pop(b"name-1/.hg_archival.txt", None)
        assert found == unpack(theirs, ArchiveFormat.TAR, tmp_path / commit_id)
        assert len(found) > 10


@pytest.mark.parametrize("kind", ArchiveFormat)
def test_the_same_bytes_each_time(
    builder: RepositoryBuilder,
    reopened: Open,
    tmp_path: pathlib.Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: ArchiveFormat,
) -> None:
    commit_id = builder.commit(FILES)
    first = archive(reopened(builder), commit_id, kind)
    # what happens later in the repository, where it lies, and the time zone, the language and the mask of the process
    builder.tag(b"v1.0", commit_id)
    builder.commit({b"more": b"more"})
    builder.path.rename(tmp_path / "elsewhere")
    builder.path = tmp_path / "elsewhere"
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("LANG", "tr_TR.UTF-8")
    time.tzset()
    before = os.umask(0o077)
    try:
        assert archive(reopened(builder), commit_id, kind) == first
    finally:
        os.umask(before)
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("kind", ArchiveFormat)
def test_an_archive_tells_neither_people_nor_times_of_the_server(
    builder: RepositoryBuilder, reopened: Open, kind: ArchiveFormat
) -> None:
    commit_id = builder.commit({b"a": b"a", b"b/c": b"c"}, date="1600000000 +0200")
    data = archive(reopened(builder), commit_id, kind)
    if kind is ArchiveFormat.ZIP:
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            assert {entry.date_time for entry in opened.infolist()} == {(2020, 9, 13, 12, 26, 40)}
        return
    plain = zstd.decompress(data) if kind is ArchiveFormat.TAR_ZST else data
    with tarfile.open(fileobj=io.BytesIO(plain)) as opened_tar:
        members = opened_tar.getmembers()
    assert {(entry.uid, entry.gid, entry.mtime) for entry in members} == {(0, 0, 1_600_000_000)}
    assert {(entry.uname, entry.gname) for entry in members} <= {("", ""), ("root", "root")}


def test_gzip_says_no_name_and_no_time(builder: RepositoryBuilder, reopened: Open) -> None:
    commit_id = builder.commit({b"a": b"a"})
    data = archive(reopened(builder), commit_id, ArchiveFormat.TAR_GZ)
    # RFC 1952: no flags, no time
    assert data[:8] == b"\x1f\x8b\x08\0\0\0\0\0"


def names(data: bytes) -> list[str]:
    with tarfile.open(fileobj=io.BytesIO(data)) as opened:
        return opened.getnames()


def test_an_archive_of_one_folder(repository: Repository, sample: Sample) -> None:
    found = names(archive(repository, sample["first"], ArchiveFormat.TAR, b"src/deep"))
    assert [name for name in found if "file" in name] == ["name-1/src/deep/er/file.c"]
    assert "name-1/src/long.txt" not in found


def test_a_subrepository_is_an_empty_folder(repository: Repository, sample: Sample) -> None:
    data = archive(repository, sample["odd"], ArchiveFormat.TAR)
    with tarfile.open(fileobj=io.BytesIO(data)) as opened:
        assert opened.getmember("name-1/sub/module").isdir()
        assert [name for name in opened.getnames() if name.startswith("name-1/sub/module/")] == []


@pytest.mark.parametrize("kind", ArchiveFormat)
def test_a_commit_without_files(
    builder: RepositoryBuilder, reopened: Open, tmp_path: pathlib.Path, kind: ArchiveFormat
) -> None:
    builder.commit({b"a": b"a"})
    commit_id = builder.commit({b"a": None})
    found = unpack(archive(reopened(builder), commit_id, kind), kind, tmp_path / "unpacked")
    assert found[b"name-1"] == (0o040000, b"")
    assert without_folders(found) == {}


@pytest.mark.parametrize("path", [b"README.rst", b"absent", b"link", b"sub/module", b"../x", b"src/"])
def test_what_is_no_folder_has_no_archive(repository: Repository, sample: Sample, path: bytes) -> None:
    with pytest.raises(PathNotFoundError):
        archive(repository, sample["odd"], ArchiveFormat.TAR, path)


@pytest.mark.parametrize("path", [b"--output=x", b"-", b"--", b":(top)a", b"*"])
def test_odd_names_of_folders(builder: RepositoryBuilder, reopened: Open, path: bytes) -> None:
    commit_id = builder.commit({path + b"/f": b"f", b"other/f": b"f"})
    found = names(archive(reopened(builder), commit_id, ArchiveFormat.TAR, path))
    assert [name for name in found if name.endswith("/f")] == [f"name-1/{path.decode()}/f"]


def test_an_unknown_commit_has_no_archive(repository: Repository) -> None:
    with pytest.raises(RevisionNotFoundError):
        archive(repository, "f" * 40, ArchiveFormat.TAR)


def test_a_damaged_file_is_named(builder: RepositoryBuilder, reopened: Open) -> None:
    commit_id = builder.commit({b"a": b"a" * 10, b"bad": os.urandom(3000)})
    object_id = reopened(builder).entry(commit_id, b"bad").object_id
    assert object_id is not None
    if builder.kind is Kind.GIT:
        (builder.path / "objects" / object_id[:2] / object_id[2:]).unlink()
    else:
        (builder.path / ".hg" / "store" / "data" / "bad.i").write_bytes(b"")
    with pytest.raises(CorruptObjectError, match=object_id):
        archive(reopened(builder), commit_id, ArchiveFormat.TAR_GZ)


@pytest.mark.parametrize("kind", ArchiveFormat)
def test_a_large_archive_ends_at_the_limit(builder: RepositoryBuilder, reopened: Open, kind: ArchiveFormat) -> None:
    commit_id = builder.commit({b"random": os.urandom(300_000)})
    order = ArchiveOrder(commit_id, b"", b"x", kind)
    target = io.BytesIO()
    bounded = BoundedSink(target, limit=100_000, limit_words="More than 100 kB.", seconds=60)
    with pytest.raises(TooLargeError, match="More than 100 kB"):
        reopened(builder).write_archive(order, bounded, seconds=60)
    assert len(target.getvalue()) <= 100_000


def test_a_slow_archive_ends_at_the_limit(builder: RepositoryBuilder, reopened: Open) -> None:
    order = ArchiveOrder(builder.commit({b"a": b"a"}), b"", b"x", ArchiveFormat.TAR)
    bounded = BoundedSink(io.BytesIO(), limit=1 << 20, limit_words="", seconds=-1)
    with pytest.raises(LimitExceededError, match="seconds"):
        reopened(builder).write_archive(order, bounded, seconds=60)


def test_too_many_files(builder: RepositoryBuilder, reopened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kallithea.vcs.archive.MOST_FILES", 3)
    commit_id = builder.commit({b"%d" % number: b"x" for number in range(4)} | {b"few/a": b"a"})
    with pytest.raises(TooLargeError, match="more than 3 files"):
        archive(reopened(builder), commit_id, ArchiveFormat.TAR)
    assert "name-1/few/a" in names(archive(reopened(builder), commit_id, ArchiveFormat.TAR, b"few"))
