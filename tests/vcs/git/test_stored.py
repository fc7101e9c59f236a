"""Sizes of objects, read from where they are stored."""

import os
import pathlib
import random

import pytest
from dulwich.object_format import SHA1, SHA256, ObjectFormat
from dulwich.object_store import DiskObjectStore

from kallithea.vcs.git.stored import InflateError, Stored, find_packed_sizes, find_stored
from tests.factories.repositories import GitBuilder


def all_sizes(builder: GitBuilder) -> dict[str, tuple[str, int] | None]:
    """What git says of all its objects: type and size."""
    lines = builder.git("cat-file", "--batch-all-objects", "--batch-check").decode().splitlines()
    rows = (line.split() for line in lines)
    return {name: (kind, int(size)) for name, kind, size in rows}


def read_all(builder: GitBuilder, object_format: ObjectFormat = SHA1) -> dict[str, bytes]:
    """The contents of all packed objects."""
    store = DiskObjectStore(str(builder.path / "objects"), object_format=object_format)
    found = {name: find_stored(store, name) for name in all_sizes(builder)}
    contents = {name: stored.read() for name, stored in found.items() if stored is not None}
    store.close()
    return {name: content for name, content in contents.items() if content is not None}


def all_contents(builder: GitBuilder) -> dict[str, bytes]:
    """What git says that its objects hold."""
    sizes = all_sizes(builder)
    return {name: builder.git("cat-file", size[0], name) for name, size in sizes.items() if size is not None}


def repack_as_deltas(builder: GitBuilder, *, by_offset: bool) -> None:
    """Twelve versions of a text in one pack, as deltas."""
    chance = random.Random(1)
    lines = [b"%d\n" % chance.getrandbits(60) for _ in range(2000)]
    for number in range(12):
        lines[chance.randrange(2000)] = b"changed\n" * number
        builder.commit({b"text": b"".join(lines), b"small": b"%d" % number, b"empty": b"", b"big": os.urandom(300_000)})
    builder.git("-c", f"repack.useDeltaBaseOffset={str(by_offset).lower()}", "repack", "-adfq")
    verified = builder.git("verify-pack", "-v", *map(str, (builder.path / "objects/pack").glob("*.idx")))
    assert b"chain length" in verified


def found_sizes(builder: GitBuilder, object_format: ObjectFormat = SHA1) -> dict[str, tuple[str, int] | None]:
    store = DiskObjectStore(str(builder.path / "objects"), object_format=object_format)
    found = {name: find_stored(store, name) for name in all_sizes(builder)}
    store.close()
    return {name: (size.kind, size.size) if size is not None else None for name, size in found.items()}


def test_sizes_of_loose_objects_are_those_of_git(builder: GitBuilder) -> None:
    builder.commit({b"text": b"text\n" * 2000, b"small": b"1", b"empty": b"", b"big": os.urandom(300_000)})
    assert found_sizes(builder) == all_sizes(builder)
    assert read_all(builder) == {}


@pytest.mark.parametrize("by_offset", [True, False])
def test_sizes_and_contents_of_deltas_are_those_of_git(builder: GitBuilder, *, by_offset: bool) -> None:
    repack_as_deltas(builder, by_offset=by_offset)
    assert found_sizes(builder) == all_sizes(builder)
    assert read_all(builder) == all_contents(builder)


@pytest.mark.parametrize("packs", [1, 3])
def test_sizes_of_many_are_those_of_git(builder: GitBuilder, packs: int) -> None:
    for number in range(packs):
        builder.commit({b"text": b"%d\n" % number * 2000, b"small": b"%d" % number})
        builder.git("repack", "-dq")
    sizes = {name: found[1] for name, found in all_sizes(builder).items() if found is not None}
    loose_id = builder.git("hash-object", "-w", "--stdin", data=b"loose").decode().strip()
    store = DiskObjectStore(str(builder.path / "objects"), object_format=SHA1)
    assert find_packed_sizes(store, [*sizes, loose_id, "f" * 40]) == sizes
    store.close()


def test_what_is_made_from_something_large_says_so(builder: GitBuilder) -> None:
    text = b"".join(b"%d\n" % number for number in range(20_000))
    builder.commit({b"a": text})
    builder.commit({b"a": text[:9000]})
    builder.git("repack", "-adfq")
    object_id = builder.git("rev-parse", "main:a").decode().strip()
    store = DiskObjectStore(str(builder.path / "objects"), object_format=SHA1)
    assert find_stored(store, object_id) == Stored("blob", 9000, len(text))
    store.close()


def test_sha256(tmp_path: pathlib.Path) -> None:
    builder = GitBuilder(tmp_path / "repository", object_format="sha256")
    builder.commit({b"a": b"a" * 5000})
    builder.commit({b"a": b"a" * 4000})
    builder.git("repack", "-adfq")
    assert found_sizes(builder, SHA256) == all_sizes(builder)
    assert read_all(builder, SHA256) == all_contents(builder)


def test_contents_that_are_larger_when_compressed(builder: GitBuilder) -> None:
    builder.git("config", "core.compression", "0")
    builder.commit({b"a": os.urandom(100_000), b"b": os.urandom(4100), b"c": b"c"})
    builder.git("repack", "-adfq")
    assert read_all(builder) == all_contents(builder)


@pytest.mark.parametrize("position", ["start", "middle", "sum"])
def test_a_damaged_pack_is_never_read_as_if_it_were_whole(builder: GitBuilder, position: str) -> None:
    builder.commit({b"a": os.urandom(50_000)})
    builder.git("repack", "-adfq")
    object_id = builder.git("rev-parse", "main:a").decode().strip()
    index = next((builder.path / "objects/pack").glob("*.idx"))
    rows = (row.split() for row in builder.git("verify-pack", "-v", str(index)).decode().splitlines())
    stored, offset = next((int(row[3]), int(row[4])) for row in rows if row[0] == object_id)
    at = offset + {"start": 10, "middle": stored // 2, "sum": stored - 1}[position]
    pack = index.with_suffix(".pack")
    pack.chmod(0o644)
    with pack.open("r+b") as file:
        file.seek(at)
        (byte,) = file.read(1)
        file.seek(at)
        file.write(bytes([byte ^ 0xFF]))
    store = DiskObjectStore(str(builder.path / "objects"), object_format=SHA1)
    found = find_stored(store, object_id)
    assert found is not None
    with pytest.raises((InflateError, ValueError)):
        found.read()
    store.close()


@pytest.mark.parametrize("content", [b"", b"x", b"\x78\x9c", b"\x78\x9c\x4b\x4c\x04\0" * 3])
def test_of_what_is_damaged_or_absent_nothing_is_known(builder: GitBuilder, content: bytes) -> None:
    builder.commit({b"a": b"a"})
    object_id = builder.git("rev-parse", "main:a").decode().strip()
    path = builder.path / "objects" / object_id[:2] / object_id[2:]
    path.chmod(0o644)
    path.write_bytes(content)
    store = DiskObjectStore(str(builder.path / "objects"), object_format=SHA1)
    assert (find_stored(store, object_id), find_stored(store, "f" * 40)) == (None, None)
    store.close()
