"""Versions of files are put together from their chunks as Mercurial does it, with few calls and bounded memory."""

import random
from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import Mock

import pytest

from kallithea.vcs.hg.chunks import RememberedChunks
from kallithea.vcs.hg.mercurial_setup import close_local, error, util
from kallithea.vcs.hg.repository import HgRepository
from tests.factories.repositories import HgBuilder

Open = Callable[[HgBuilder], HgRepository]

_WORDS = [b"%d bottles" % number for number in range(4000)]


def versions(count: int) -> Iterator[bytes]:
    """Texts that differ from each other here and there; a few of them are noise, and one is empty."""
    chance = random.Random(5)
    lines = chance.sample(_WORDS, 1000)
    for number in range(count):
        if number % 20 == 7:
            yield b"" if number == 47 else chance.randbytes(60_000)
        for _ in range(chance.choice([1, 1, 30])):
            lines[chance.randrange(len(lines))] = chance.choice(_WORDS)
        yield b"\n".join(lines)


@pytest.mark.parametrize("compression", ["zstd", "zlib", "none"])
@pytest.mark.parametrize("count", [12, 70], ids=["inline", "apart"])
def test_every_version_is_what_was_committed(
    builder: HgBuilder, reopened: Open, monkeypatch: pytest.MonkeyPatch, compression: str, count: int
) -> None:
    if compression == "zlib":
        builder.compress_by_zlib()
    elif compression == "none":
        monkeypatch.setattr(util.compengines.forrevlogheader(b"("), "revlogcompressor", _Uncompressed)
    committed = {builder.commit({b"file": text, b"other": b"%d" % len(text)}): text for text in versions(count)}
    monkeypatch.undo()
    inline = not (builder.path / ".hg/store/data/file.d").exists()
    assert inline == (count == 12)
    repository = reopened(builder)

    read = {commit_id: repository.blob(commit_id, b"file", limit=1 << 20).data for commit_id in committed}

    assert read == committed


class _Uncompressed:
    def __init__(self, _options: Any) -> None: ...

    def compress(self, _data: bytes) -> None:
        """Nothing that is shorter."""


def test_what_has_been_read_is_not_read_again(builder: HgBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    for text in versions(12):
        builder.commit({b"%d" % place: text[place::7] for place in range(7)})
    repository = builder.open()
    manifests = repository.manifestlog.getstorage(b"")._revlog
    read = Mock(wraps=manifests._inner.get_segment_for_revs)
    monkeypatch.setattr(manifests._inner, "get_segment_for_revs", read)
    text = bytes(manifests.revision(11))
    assert read.call_count > 0
    read.reset_mock()

    manifests._inner.clear_cached_text(11)

    assert bytes(manifests.revision(11)) == text
    assert read.call_count == 0
    close_local(repository)


def test_of_what_has_been_read_in_part_the_rest_is_read(builder: HgBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    for text in versions(12):
        builder.commit({b"%d" % place: text[place::7] for place in range(7)})
    repository = builder.open()
    manifests = repository.manifestlog.getstorage(b"")._revlog
    expected = bytes(manifests.revision(11))
    manifests._inner._uncompressed_chunk_cache.clear()
    manifests._inner.clear_cached_text(11)
    manifests.revision(6)
    manifests._inner.clear_cached_text(6)
    read = Mock(wraps=manifests._inner.get_segment_for_revs)
    monkeypatch.setattr(manifests._inner, "get_segment_for_revs", read)

    assert bytes(manifests.revision(11)) == expected
    assert [first > 6 for first, _last in (call.args for call in read.call_args_list)] == [True] * read.call_count
    assert read.call_count > 0
    close_local(repository)


def test_more_than_may_be_remembered_is_forgotten() -> None:
    chunks = RememberedChunks(1000)
    for revision in range(10):
        chunks.insert(revision, memoryview(b"x" * 100), 100)
    assert chunks == dict.fromkeys(range(10), b"x" * 100)
    # a view would keep all that was read with it
    assert {type(chunk) for chunk in chunks.values()} == {bytes}
    chunks.insert(10, b"y", 1)
    assert chunks == {10: b"y"}
    chunks.insert(11, b"x" * 2000, 2000)
    assert chunks == {}
    chunks.maxcost = 4000
    chunks.insert(12, b"x" * 2000, 2000)
    assert list(chunks) == [12]


def test_empty_ones_are_bounded_by_their_number() -> None:
    chunks = RememberedChunks(1000)
    for revision in range(25_000):
        chunks.insert(revision, b"", 0)
        assert len(chunks) <= 10_000


def test_a_long_text_is_decompressed_in_one_piece(builder: HgBuilder) -> None:
    text = b"".join(b"%d\n" % number for number in range(300_000))
    builder.commit({b"file": text})
    repository = builder.open()
    log = repository.file(b"file")
    log._revlog._inner.decompress = None
    assert log.read(log.node(0)) == text
    close_local(repository)


@pytest.mark.parametrize("size", [-1, 0, 1, 5_000_000])
def test_a_wrong_size_in_the_index_changes_no_chunk(builder: HgBuilder, size: int) -> None:
    builder.commit({b"file": b"".join(b"%d\n" % number for number in range(300_000))})
    repository = builder.open()
    log = repository.file(b"file")._revlog
    log._inner.index = [(*log._inner.index[0][:2], size, *log._inner.index[0][3:])]
    (chunk,) = log._inner._chunks([0])
    assert len(chunk) == 1_988_890
    close_local(repository)


# A frame of zstd whose header tells far more than there is.
_TOO_LARGE = b"\x28\xb5\x2f\xfd\xe0" + (1 << 50).to_bytes(8, "little") + b"\x19\x00\x00ab"


@pytest.mark.parametrize("stored", [b"(\xff" * 20, b"x\x9c\xff\xff", b"?unknown", _TOO_LARGE])
def test_a_chunk_that_is_none_is_damage(builder: HgBuilder, stored: bytes) -> None:
    builder.commit({b"file": b"1\n"})
    repository = builder.open()
    log = repository.file(b"file")._revlog
    log._inner.get_segment_for_revs = lambda _first, _last: (0, stored)
    log._inner.inline = False
    log._inner.index = [(0, len(stored), 3, 0, 0, -1, -1, b"", 0, 0, 2)]
    with pytest.raises(error.StorageError):
        log._inner._chunks([0])
    close_local(repository)
