"""Sizes read from indexes are those that Mercurial tells, and a folder makes few objects for them."""

import pathlib
from typing import Any

import pytest

from kallithea.vcs.hg.mercurial_setup import close_local, open_local
from kallithea.vcs.hg.repository import open_repository
from kallithea.vcs.hg.stored_sizes import find_size
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.types import Kind
from tests.factories.histories import random_history
from tests.factories.repositories import HgBuilder

LINES = b"".join(b"line %d\n" % number for number in range(2000))


def test_sizes_are_those_that_mercurial_tells_of_all_but_first_versions(tmp_path: pathlib.Path) -> None:
    repository = open_local(random_history(Kind.HG, tmp_path / "repository", 5, 80).path)
    told: dict[tuple[bytes, bytes], int | None] = {}
    for path, node in {version for number in repository for version in repository[number].manifest().items()}:
        file = repository.file(path)
        is_first = file.parents(node)[0] == repository.nullid
        told[path, node] = None if is_first else file.size(file.rev(node))
    found = {version: find_size(repository, *version) for version in told}
    close_local(repository)
    assert found == told
    assert len(set(told.values())) > 5


def test_a_version_that_may_begin_with_a_record_is_left_to_mercurial(builder: HgBuilder) -> None:
    builder.commit({b"file": b"1\n"})
    builder.commit({b"file": None, b"copy": b"1\n"}, renames={b"copy": b"file"})
    repository = open_local(builder.path)
    manifest = repository[b"tip"].manifest()
    assert find_size(repository, b"copy", manifest[b"copy"]) is None
    close_local(repository)


@pytest.mark.parametrize("data", [b"", b"\0", b"\0\1\0\1", bytes(64), b"\xff" * 200])
def test_what_is_no_index_is_left_to_mercurial(builder: HgBuilder, data: bytes) -> None:
    builder.commit({b"file": b"1\n"})
    builder.commit({b"file": b"2\n"})
    repository = open_local(builder.path)
    node = repository[b"tip"].manifest()[b"file"]
    assert find_size(repository, b"file", node) == 2
    (builder.path / ".hg/store/data/file.i").write_bytes(data)
    assert find_size(repository, b"file", node) is None
    close_local(repository)


def test_a_folder_makes_an_object_for_new_files_only(builder: HgBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    builder.commit({b"%d" % number: b"1\n" for number in range(20)})
    commit_id = builder.commit({b"%d" % number: LINES * (number % 2) for number in range(18)})
    made: list[bytes] = []
    with open_repository(builder.path, VcsOptions()) as repository:
        opened: Any = repository._repository
        make = opened.file

        def count(_repository: Any, path: bytes) -> Any:
            made.append(path)
            return make(path)

        monkeypatch.setattr(type(opened), "file", count)
        entries = repository.with_sizes(commit_id, repository.folder(commit_id, b""))
    assert [entry.size for entry in entries if int(entry.path) < 18] == [
        len(LINES) * (int(entry.path) % 2) for entry in entries if int(entry.path) < 18
    ]
    assert sorted(made) == [b"18", b"19"]
