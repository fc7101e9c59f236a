"""What comparing two changesets reads."""

import collections
import pathlib
from typing import Any

import pytest
from mercurial import localrepo

from kallithea.vcs.diff import Sides
from kallithea.vcs.opener import VcsOptions, open_repository
from kallithea.vcs.types import Kind
from tests.factories.repositories import HgBuilder


def test_the_log_of_a_changed_file_is_opened_once(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    builder = HgBuilder(tmp_path / "repository")
    first = builder.commit({b"f%d" % number: b"1\n" for number in range(5)})
    second = builder.commit({b"f%d" % number: b"2\n" for number in range(5)})
    opened = collections.Counter[bytes]()
    open_log = localrepo.localrepository.file

    def counting(repository: Any, path: bytes) -> Any:
        opened[path] += 1
        return open_log(repository, path)

    with open_repository(Kind.HG, builder.path, VcsOptions()) as repository:
        monkeypatch.setattr(localrepo.localrepository, "file", counting)
        diff = repository.diff(Sides(first, second))

    assert [(change.added, change.deleted) for change in diff.changes.files] == [(1, 1)] * 5
    assert opened == {b"f%d" % number: 1 for number in range(5)}


def test_a_merge_of_files_that_are_too_large_is_cut_and_not_binary(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kallithea.vcs.hg.patches._LARGEST", 10)
    builder = HgBuilder(tmp_path / "repository")
    base = builder.commit({b"a": b"first\n"})
    sides = tuple(builder.commit({b"a": b"first\n%d\n" % number}, parents=(base,)) for number in (1, 2))
    merge = builder.commit({b"a": b"first\nboth\n"}, parents=sides)

    with open_repository(Kind.HG, builder.path, VcsOptions()) as repository:
        (file,) = repository.combined_diff(merge).files

    assert (file.binary, file.cut, file.hunks) == (False, True, ())
