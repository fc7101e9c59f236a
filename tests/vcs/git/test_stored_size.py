"""Sizes of objects, read from where they are stored."""

import os
import pathlib
import random

import pytest
from dulwich.object_format import SHA1, SHA256, ObjectFormat
from dulwich.object_store import DiskObjectStore

from kallithea.vcs.git.stored_size import StoredSize, find_packed_sizes, find_stored_size
from tests.factories.repositories import GitBuilder


def all_sizes(builder: GitBuilder) -> dict[str, tuple[str, int] | None]:
    """What git says of all its objects: type and size."""
    lines = builder.git("cat-file", "--batch-all-objects", "--batch-check").decode().splitlines()
    rows = (line.split() for line in lines)
    return {name: (kind, int(size)) for name, kind, size in rows}


def found_sizes(builder: GitBuilder, object_format: ObjectFormat = SHA1) -> dict[str, tuple[str, int] | None]:
    store = DiskObjectStore(str(builder.path / "objects"), object_format=object_format)
    found = {name: find_stored_size(store, name) for name in all_sizes(builder)}
    store.close()
    return {name: (size.kind, size.size) if size is not None else None for name, size in found.items()}


@pytest.mark.parametrize("stored", ["loose", "deltas by offset", "deltas by name"])
def test_sizes_are_those_of_git(builder: GitBuilder, stored: str) -> None:
    chance = random.Random(1)
    lines = [b"%d\n" % chance.getrandbits(60) for _ in range(2000)]
    for number in range(12):
        lines[chance.randrange(2000)] = b"changed\n" * number
        builder.commit({b"text": b"".join(lines), b"small": b"%d" % number, b"empty": b"", b"big": os.urandom(300_000)})
    if stored != "loose":
        offsets = "true" if stored == "deltas by offset" else "false"
        builder.git("-c", f"repack.useDeltaBaseOffset={offsets}", "repack", "-adfq")
        verified = builder.git("verify-pack", "-v", *map(str, (builder.path / "objects/pack").glob("*.idx")))
        assert b"chain length" in verified
    assert found_sizes(builder) == all_sizes(builder)


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
    assert find_stored_size(store, object_id) == StoredSize("blob", 9000, len(text))
    store.close()


def test_sha256(tmp_path: pathlib.Path) -> None:
    builder = GitBuilder(tmp_path / "repository", object_format="sha256")
    builder.commit({b"a": b"a" * 5000})
    builder.commit({b"a": b"a" * 4000})
    builder.git("repack", "-adfq")
    assert found_sizes(builder, SHA256) == all_sizes(builder)


@pytest.mark.parametrize("content", [b"", b"x", b"\x78\x9c", b"\x78\x9c\x4b\x4c\x04\0" * 3])
def test_of_what_is_damaged_or_absent_nothing_is_known(builder: GitBuilder, content: bytes) -> None:
    builder.commit({b"a": b"a"})
    object_id = builder.git("rev-parse", "main:a").decode().strip()
    path = builder.path / "objects" / object_id[:2] / object_id[2:]
    path.chmod(0o644)
    path.write_bytes(content)
    store = DiskObjectStore(str(builder.path / "objects"), object_format=SHA1)
    assert (find_stored_size(store, object_id), find_stored_size(store, "f" * 40)) == (None, None)
    store.close()
