"""A history that outgrows its one file is divided into two, without a copy of what is in it in memory."""

import os
import random
from collections.abc import Callable
from typing import Any

import pytest

from kallithea.vcs.hg.repository import HgRepository
from tests.factories.repositories import HgBuilder

# isort: split
# Only after the modules above have prepared Mercurial.
from mercurial import error, revlog
from mercurial.revlogutils import randomaccessfile

Open = Callable[[HgBuilder], HgRepository]

# It cannot be compressed.
_LARGE = random.Random(1).randbytes(3 << 20)


@pytest.mark.parametrize("small", [0, 1, 5])
def test_every_version_is_what_it_was(builder: HgBuilder, reopened: Open, small: int) -> None:
    texts = [b"version %d\n" % number for number in range(small)]
    committed = {builder.commit({b"file": text}): text for text in [*texts, _LARGE, b"the last\n"]}
    assert (builder.path / ".hg/store/data/file.d").exists()

    repository = reopened(builder)

    read = {commit_id: repository.blob(commit_id, b"file", limit=2 * len(_LARGE)).data for commit_id in committed}
    assert read == committed


def test_what_is_divided_is_not_read_into_memory(builder: HgBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    read = randomaccessfile.randomaccessfile.read_chunk

    def read_some(file: Any, offset: int, length: int) -> Any:
        assert length < len(_LARGE)
        return read(file, offset, length)

    monkeypatch.setattr(randomaccessfile.randomaccessfile, "read_chunk", read_some)
    builder.commit({b"file": _LARGE})

    assert (builder.path / ".hg/store/data/file.d").exists()


def test_a_file_that_ends_too_early_is_not_divided(builder: HgBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    index = builder.path / ".hg/store/data/file.i"
    split = revlog._InnerRevlog.split_inline

    def split_torn(inner: Any, *arguments: Any, **options: Any) -> Any:
        inner._writinghandles[0].flush()
        os.truncate(index, len(_LARGE) // 2)
        return split(inner, *arguments, **options)

    monkeypatch.setattr(revlog._InnerRevlog, "split_inline", split_torn)
    with pytest.raises(error.RevlogError, match="partial read"):
        builder.commit({b"file": _LARGE})
