"""Files too large to be compared in memory."""

from collections.abc import Callable

import pytest

from kallithea.vcs.hg import patches
from kallithea.vcs.hg.repository import HgRepository
from kallithea.vcs.types import ChangeKind
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

    files = {file.path: file for file in repository.diff(commit_id).files}

    assert {path: (file.change, file.binary, file.old_mode, file.new_mode) for path, file in files.items()} == {
        b"gone": (ChangeKind.DELETED, True, "100644", None),
        b"kept": (ChangeKind.MODIFIED, True, "100644", "100755"),
        b"new file": (ChangeKind.ADDED, True, None, "100644"),
        b"small": (ChangeKind.MODIFIED, False, "100644", "100644"),
    }
    assert b"zzz" not in b"".join(repository.raw_diff(commit_id)).replace(b"\n", b"")
