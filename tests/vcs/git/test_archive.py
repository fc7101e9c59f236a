"""Archives of Git commits: as ``git archive`` makes them, from the commit alone."""

import io
import os
import pathlib
import tarfile
from collections.abc import Callable
from dataclasses import replace

import pytest

from kallithea.core.meter import Meter
from kallithea.vcs.archive import ArchiveFormat, ArchiveOrder
from kallithea.vcs.git import trees
from kallithea.vcs.git.repository import GitRepository
from kallithea.vcs.opener import VcsOptions, open_repository
from kallithea.vcs.slots import Weight, take_slot
from kallithea.vcs.types import BusyError, Kind, LimitExceededError, TooLargeError, VcsError
from tests.factories.repositories import Content, Executable, GitBuilder, Submodule, Symlink
from tests.factories.tree_bombs import commit_empty_bomb
from tests.vcs.git.test_process import fake_git

Open = Callable[[GitBuilder], GitRepository]

FILES: dict[bytes, Content] = {
    b"a.txt": b"a\n",
    b"b/run": Executable(b"#!/bin/sh\n"),
    b"b/link": Symlink(b"../a.txt"),
    b"inner": Submodule("1" * 40),
    b"caf\xe9": b"latin\n",
    b"n" * 90 + b"/" + b"m" * 90: b"long\n",
}


def archive(repository: GitRepository, commit_id: str, kind: ArchiveFormat = ArchiveFormat.TAR) -> bytes:
    target = io.BytesIO()
    repository.write_archive(ArchiveOrder(commit_id, b"", b"name-1", kind), target, seconds=60)
    return target.getvalue()


def contents(data: bytes) -> dict[str, bytes]:
    """Contents of the files of a tar file, by the name below the prefix."""
    with tarfile.open(fileobj=io.BytesIO(data)) as opened:
        files = [(entry.name, opened.extractfile(entry)) for entry in opened.getmembers() if entry.isfile()]
        return {name.removeprefix("name-1/"): file.read() for name, file in files if file is not None}


@pytest.mark.parametrize("kind", [ArchiveFormat.TAR, ArchiveFormat.ZIP])
@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_the_bytes_are_those_of_git_archive(
    tmp_path: pathlib.Path, reopened: Open, kind: ArchiveFormat, object_format: str
) -> None:
    builder = GitBuilder(tmp_path / "repository", object_format=object_format)
    files = FILES if object_format == "sha1" else FILES | {b"inner": Submodule("1" * 64)}
    commit_id = builder.commit(files)
    environment = {"TZ": "UTC"}
    theirs = builder.git("archive", f"--format={kind}", "--prefix=name-1/", commit_id, environment=environment)
    assert archive(reopened(builder), commit_id, kind) == theirs


def test_attributes_of_the_commit_count(builder: GitBuilder, reopened: Open) -> None:
    commit_id = builder.commit(
        {
            b".gitattributes": b"/secret export-ignore\n/tests export-ignore\nversion export-subst\n*.dos eol=crlf\n",
            b"secret": b"secret",
            b"tests/a": b"a",
            b"version": b"$Format:%H %s$\n",
            b"text.dos": b"1\n2\n",
        },
        message=b"the subject",
    )
    found = contents(archive(reopened(builder), commit_id))
    assert sorted(found) == [".gitattributes", "text.dos", "version"]
    assert found["version"] == commit_id.encode() + b" the subject\n"
    assert found["text.dos"] == b"1\r\n2\r\n"


def test_what_is_not_in_the_commit_does_not_count(builder: GitBuilder, reopened: Open) -> None:
    commit_id = builder.commit(
        {b".gitattributes": b"refs export-subst\n", b"refs": b"[$Format:%D%(describe:tags)$]\n", b"a": b"a"}
    )
    builder.tag(b"v1.0", commit_id)
    (builder.path / "info").mkdir(exist_ok=True)
    (builder.path / "info" / "attributes").write_text("a export-ignore\n")
    builder.git("config", "tar.umask", "0077")
    data = archive(reopened(builder), commit_id)
    assert contents(data) == {".gitattributes": b"refs export-subst\n", "refs": b"[]\n", "a": b"a"}
    with tarfile.open(fileobj=io.BytesIO(data)) as opened:
        assert opened.getmember("name-1/a").mode == 0o664


@pytest.mark.parametrize("name", [b"..", b".", b".git", b".GIT", b"git~1", ".g\u200cit".encode()])
@pytest.mark.parametrize("inside", [False, True])
def test_names_that_do_harm_are_refused(builder: GitBuilder, reopened: Open, name: bytes, inside: bool) -> None:
    blob = bytes.fromhex(builder.raw_object("blob", b"x"))
    tree = builder.raw_object("tree", b"100644 " + (b"config" if inside else name) + b"\0" + blob)
    if inside:
        tree = builder.raw_object("tree", b"40000 " + name + b"\0" + bytes.fromhex(tree))
    commit_id = builder.raw_object("commit", b"tree " + tree.encode() + b"\ncommitter A <a> 1 +0000\n\nx\n")
    with pytest.raises(VcsError, match="could do harm"):
        archive(reopened(builder), commit_id)


def test_objects_may_be_borrowed(builder: GitBuilder, tmp_path: pathlib.Path, reopened: Open) -> None:
    commit_id = builder.commit({b"a": b"a"})
    borrower = GitBuilder(tmp_path / "borrower")
    relative = os.path.relpath(builder.path / "objects", borrower.path / "objects")
    (borrower.path / "objects" / "info" / "alternates").write_text(relative + "\n")
    assert contents(archive(reopened(borrower), commit_id)) == {"a": b"a"}


def test_nothing_is_left_behind(
    builder: GitBuilder, reopened: Open, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit_id = builder.commit({b"a": b"a"})
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    archive(reopened(builder), commit_id)
    assert list((tmp_path / "temporary").iterdir()) == []


def test_a_few_objects_that_make_files_without_end(builder: GitBuilder, reopened: Open) -> None:
    item, mode = builder.raw_object("blob", b"x"), b"100644"
    for _ in range(10):
        names = [mode + b" %d\0" % number + bytes.fromhex(item) for number in range(10)]
        item, mode = builder.raw_object("tree", b"".join(names)), b"40000"
    commit_id = builder.raw_object("commit", b"tree " + item.encode() + b"\ncommitter A <a> 1 +0000\n\nx\n")
    with pytest.raises(TooLargeError, match="files"):
        archive(reopened(builder), commit_id)


def test_folders_without_files_are_counted_too(
    builder: GitBuilder, reopened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kallithea.vcs.archive.MOST_FILES", 900)
    commit_id = commit_empty_bomb(builder, 12)
    with pytest.raises(TooLargeError, match="more than 900 folders"):
        archive(reopened(builder), commit_id)


def test_counting_is_part_of_the_time(builder: GitBuilder, tmp_path: pathlib.Path) -> None:
    commit_id = builder.commit({b"a": b"a"})
    script = f'case "$*" in *ls-tree*) exec sleep 600;; *) echo "$@" >> {tmp_path}/others; exit 1;; esac\n'
    with open_repository(Kind.GIT, builder.path, fake_git(tmp_path, script)) as repository:
        order = ArchiveOrder(commit_id, b"", b"name-1", ArchiveFormat.TAR)
        with pytest.raises(LimitExceededError, match=r"0\.3 seconds"):
            repository.write_archive(order, io.BytesIO(), seconds=0.3)
    assert not (tmp_path / "others").exists()


def test_who_only_counts_waits_for_its_turn(builder: GitBuilder, tmp_path: pathlib.Path, meter: Meter) -> None:
    commit_id = builder.commit({b"a": b"a"})
    options = VcsOptions(slot_folder=tmp_path / "slots", heavy_processes=1)
    slot = take_slot(options, Weight.HEAVY, 0)
    assert slot is not None
    with open_repository(Kind.GIT, builder.path, options) as repository, slot:
        order = ArchiveOrder(commit_id, b"", b"name-1", ArchiveFormat.TAR)
        with pytest.raises(BusyError):
            repository.write_archive(order, io.BytesIO(), seconds=0.3)
    assert meter.processes == 0


def test_a_tree_without_an_end_is_not_walked_beside_the_slots(
    builder: GitBuilder, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kallithea.vcs.git.trees._WHOLE", replace(trees._WHOLE, light_seconds=0.2, patience=0))
    commit_id = commit_empty_bomb(builder, 12)
    options = VcsOptions(slot_folder=tmp_path / "slots", heavy_processes=1)
    slot = take_slot(options, Weight.HEAVY, 0)
    assert slot is not None
    with open_repository(Kind.GIT, builder.path, options) as repository, slot, pytest.raises(BusyError):
        repository.paths(commit_id, limit=10)


def test_a_tree_of_folders_alone_is_too_large_to_be_listed(
    builder: GitBuilder, reopened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kallithea.vcs.feeding.MOST_FILES", 1_000)
    with pytest.raises(TooLargeError, match="too many to be looked through"):
        reopened(builder).listing(commit_empty_bomb(builder, 12))
