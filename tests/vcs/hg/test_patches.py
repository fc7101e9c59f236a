"""Files too large to be compared in memory."""

from collections.abc import Callable

import pytest

from kallithea.vcs.diff import ChangeKind, ContentKind
from kallithea.vcs.hg import patches
from kallithea.vcs.hg.repository import HgRepository
from tests.diffs import bodies_of, raw_diff_of
from tests.factories.repositories import Executable, HgBuilder

Open = Callable[[HgBuilder], HgRepository]


@pytest.fixture(autouse=True)
def small_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patches, "_LARGEST", 1000)


def test_large_files_are_named_only(builder: HgBuilder, reopened: Open) -> None:
    builder.commit({b"gone": b"x\n" * 1000, b"kept": b"x\n" * 1000, b"small": b"a\n"})
    commit_id = builder.commit(
        {b"gone": None, b"kept": Executable(b"y\n" * 1000), b"new file": b"z\n" * 1000, b"small": b"b\n"}
    )
    repository = reopened(builder)

    files = bodies_of(repository, commit_id)

    assert {path: (file.change.kind, file.too_large, file.old_size, file.new_size) for path, file in files.items()} == {
        b"gone": (ChangeKind.DELETED, True, 2000, None),
        b"kept": (ChangeKind.MODIFIED, True, 2000, 2000),
        b"new file": (ChangeKind.ADDED, True, None, 2000),
        b"small": (ChangeKind.MODIFIED, False, None, None),
    }
    assert (files[b"kept"].change.old_mode, files[b"kept"].change.new_mode) == ("100644", "100755")
    assert files[b"kept"].change.content is ContentKind.BINARY
    assert b"zzz" not in b"".join(raw_diff_of(repository, commit_id)).replace(b"\n", b"")
