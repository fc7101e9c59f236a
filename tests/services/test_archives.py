"""Archives are made once, and only whole ones are kept."""

import os
import pathlib
import signal
from typing import BinaryIO

from kallithea.cache.file_store import FileStore
from kallithea.services.archives import archive_key, make_archive
from kallithea.vcs.archive import ArchiveFormat, ArchiveOrder
from kallithea.vcs.opener import VcsOptions, open_repository
from kallithea.vcs.types import Kind
from tests.factories.repositories import build_sample
from tests.processes import FRESH


def die_half_way(target: BinaryIO) -> None:
    target.write(b"x" * 100_000)
    target.flush()
    os.kill(os.getpid(), signal.SIGKILL)


def produce_and_die(folder: pathlib.Path, key: str) -> None:
    FileStore(folder, 1 << 20, shards=1).produce(key, die_half_way)


def test_what_a_killed_process_left_is_no_archive(tmp_path: pathlib.Path) -> None:
    sample = build_sample(Kind.GIT, tmp_path / "repository")
    order = ArchiveOrder(sample["odd"], b"", b"x", ArchiveFormat.TAR_GZ)
    child = FRESH.Process(target=produce_and_die, args=(tmp_path / "store", archive_key(1, order)))
    child.start()
    child.join()
    assert child.exitcode == -signal.SIGKILL

    store = FileStore(tmp_path / "store", 1 << 20, shards=1)
    with open_repository(Kind.GIT, sample.path, VcsOptions()) as repository:
        stored = make_archive(store, 1, repository, order, limit=1 << 20)
        content = stored.open().read()
        stored.close()
    assert (len(content), content[:2]) == (stored.size, b"\x1f\x8b")
    assert len(list((tmp_path / "store").glob("*/*"))) == 1


def test_another_commit_folder_name_or_format_is_another_archive() -> None:
    order = ArchiveOrder("1" * 40, b"", b"x", ArchiveFormat.TAR)
    others = (
        ArchiveOrder("2" * 40, b"", b"x", ArchiveFormat.TAR),
        ArchiveOrder("1" * 40, b"a", b"x", ArchiveFormat.TAR),
        ArchiveOrder("1" * 40, b"", b"y", ArchiveFormat.TAR),
        ArchiveOrder("1" * 40, b"", b"x", ArchiveFormat.TAR_GZ),
    )
    keys = {archive_key(1, order), archive_key(2, order), *(archive_key(1, other) for other in others)}
    assert len(keys) == 6
