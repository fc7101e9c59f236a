"""Histories of files hold little in memory, and tell of copies what Mercurial itself tells."""

import os
import pathlib
import random
import re
import subprocess
import sys
from collections.abc import Callable

import pytest
from mercurial import filelog

from kallithea.vcs.diff import Sides
from kallithea.vcs.hg import file_logs
from kallithea.vcs.hg.repository import HgRepository
from kallithea.vcs.history import LogFilter
from tests.diffs import diff_of
from tests.factories.repositories import HgBuilder

Open = Callable[[HgBuilder], HgRepository]

NUMBERS = b"".join(b"line %d\n" % number for number in range(20_000))
ZEROS = bytes(200_000)
NOISE = random.Random(1).randbytes(200_000)
MEBIBYTE = 1 << 20


def pages(builder: HgBuilder, commit_id: str, *paths: str) -> tuple[int, int]:
    """What a process that reads pages of a changeset holds the most meanwhile, and more afterwards, in MiB."""
    script = pathlib.Path(__file__).with_name("memory_of_pages.py")
    command = [sys.executable, str(script), str(builder.path), commit_id, *paths]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    before, most, after = (int(number) for number in re.findall(r"-?\d+", done.stdout))
    return most // 1024, (after - before) // 1024


def test_large_files_do_not_come_into_memory(builder: HgBuilder) -> None:
    builder.commit({b"first": b"1\n"})
    text = b"".join(b"%015d\n" % number for number in range(5 * MEBIBYTE // 2))
    commit_id = builder.commit({b"text": text, b"zeros": bytes(40 * MEBIBYTE)})

    most, left = pages(builder, commit_id, "text", "zeros")

    assert most < 30
    assert left < 10


def test_what_was_read_does_not_stay(builder: HgBuilder) -> None:
    """Once with the process that reads, and without that Python has to find it."""
    commit_id = builder.commit({b"%d" % number: os.urandom(3 * MEBIBYTE) for number in range(4)})

    _, left = pages(builder, commit_id, "0", "1", "2", "3")

    assert left < 10


@pytest.mark.parametrize("content", [NUMBERS, ZEROS, NOISE], ids=["text", "zeros", "noise"])
@pytest.mark.parametrize("compression", ["zstd", "zlib"])
def test_copies_of_large_files_are_told(
    builder: HgBuilder, reopened: Open, monkeypatch: pytest.MonkeyPatch, content: bytes, compression: str
) -> None:
    if compression == "zlib":
        builder.compress_by_zlib()
    first = builder.commit({b"a": content})
    commit_id = builder.commit({b"a": None, b"b": content}, renames={b"b": b"a"})
    monkeypatch.setattr(filelog.filelog, "revision", None)
    repository = reopened(builder)

    log = repository.log(commit_id, LogFilter(path=b"b", follow=True))
    changes = repository.changes(Sides(first, commit_id), counted=False)

    assert [commit.commit_id for commit in log.commits] == [commit_id, first]
    assert [(file.kind, file.old_path, file.path) for file in changes.files] == [("renamed", b"a", b"b")]


def test_where_the_beginning_is_not_at_hand_mercurial_is_asked_but_not_of_the_largest(
    builder: HgBuilder, reopened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for a version that is stored as a difference to another one."""
    first = builder.commit({b"a": NOISE})
    commit_id = builder.commit({b"b": NOISE}, renames={b"b": b"a"})
    monkeypatch.setattr(file_logs, "_read_beginning", lambda *_: None)
    repository = reopened(builder)

    assert [file.kind for file in repository.changes(Sides(first, commit_id)).files] == ["copied"]
    monkeypatch.setattr(file_logs, "_LARGEST_WHOLE", 100_000)
    assert [file.kind for file in repository.changes(Sides(first, commit_id)).files] == ["added"]


def test_a_damaged_beginning_is_named(builder: HgBuilder, reopened: Open) -> None:
    commit_id = builder.commit({b"a": NUMBERS})
    node = reopened(builder).entry(commit_id, b"a").object_id
    assert node is not None
    path = builder.path / ".hg" / "store" / "data" / "a.i"
    data = path.read_bytes()
    path.write_bytes(data[:65] + os.urandom(len(data) - 65))

    assert node in reopened(builder).log(commit_id, LogFilter(path=b"a", follow=True)).damage
    assert [node in file.damage for file in diff_of(reopened(builder), commit_id).files] == [True]
