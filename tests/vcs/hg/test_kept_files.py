"""Files that Mercurial puts together from many chunks are kept for those who ask for them next."""

import random
from collections.abc import Callable
from unittest.mock import create_autospec

import pytest
from mercurial import filelog

from kallithea.vcs.hg.mercurial_setup import close_local, open_local
from kallithea.vcs.hg.repository import HgRepository
from kallithea.vcs.types import CorruptObjectError
from tests.factories.repositories import HgBuilder

Open = Callable[[HgBuilder], HgRepository]


def version(number: int) -> bytes:
    """A text that differs in a few lines from the next one."""
    lines = [random.Random(line).randbytes(40).hex().encode() for line in range(200)]
    return b"\n".join([*(b"%d" % line for line in range(number)), *lines[number:]])


@pytest.fixture
def history(builder: HgBuilder) -> list[str]:
    """Changesets, each of which has the next version of a file."""
    return [builder.commit({b"file": version(number), b"plain": b"%d" % number}) for number in range(30)]


def test_a_file_of_many_chunks_is_read_once(
    builder: HgBuilder, reopened: Open, history: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = reopened(builder)
    assert repository.blob(history[29], b"file", limit=1 << 20).data == version(29)
    assert repository.blob(history[29], b"plain", limit=9).data == b"29"
    read = create_autospec(filelog.filelog.read, side_effect=filelog.filelog.read)
    monkeypatch.setattr(filelog.filelog, "read", read)

    assert repository.blob(history[29], b"file", limit=1 << 20).data == version(29)
    assert repository.blob(history[29], b"file", limit=5).data == version(29)[:5]
    assert read.call_count == 0
    assert repository.blob(history[29], b"plain", limit=9).data == b"29"
    assert repository.blob(history[28], b"file", limit=1 << 20).data == version(28)
    assert read.call_count == 2


def test_a_file_that_was_censored_since_is_kept_from_readers(
    builder: HgBuilder, reopened: Open, history: list[str]
) -> None:
    before = reopened(builder)
    assert before.blob(history[28], b"file", limit=1 << 20).data == version(28)
    other = open_local(builder.path)
    with other.lock(), other.transaction(b"censor") as transaction:
        other.file(b"file").censorrevision(transaction, [other[history[28].encode()].filenode(b"file")])
    close_local(other)

    after = reopened(builder)
    after.options = before.options
    with pytest.raises(CorruptObjectError):
        after.blob(history[28], b"file", limit=1 << 20)
    assert after.blob(history[29], b"file", limit=1 << 20).data == version(29)
