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
