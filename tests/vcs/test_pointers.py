"""Files whose content lies elsewhere."""

import pytest

from kallithea.vcs.pointers import LargefilePointer, LfsPointer, parse_largefile, parse_lfs_pointer

OID = b"sha256:" + b"4d7a" * 16
LFS = b"version https://git-lfs.github.com/spec/v1\noid " + OID + b"\nsize 12345\n"


def test_a_pointer_of_git_lfs() -> None:
    assert parse_lfs_pointer(LFS) == LfsPointer(OID.decode(), 12345)


def test_a_pointer_with_extensions() -> None:
    head, rest = LFS.split(b"\n", 1)
    assert parse_lfs_pointer(head + b"\next-0-foo sha256:00\next-1-bar sha256:11\n" + rest) is not None


def test_a_pointer_of_an_early_version() -> None:
    early = LFS.replace(b"git-lfs.github.com", b"hawser.github.com")
    assert parse_lfs_pointer(early) == LfsPointer(OID.decode(), 12345)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"version https://git-lfs.github.com/spec/v1\n",
        LFS.replace(b"12345", b"-1"),
        LFS.replace(b"12345", b"9" * 30),
        LFS.replace(b"sha256", b"md5"),
        LFS + b"more\n",
        b"\n" + LFS,
        LFS.replace(b"\n", b"\r\n"),
        LFS.replace(b"v1\n", b"v1\n" + b"ext-0-a b\n" * 200),
    ],
)
def test_what_is_no_pointer(data: bytes) -> None:
    assert parse_lfs_pointer(data) is None


def test_a_standin_of_largefiles() -> None:
    assert parse_largefile(b".hglf/a/b", b"1" * 40 + b"\n") == LargefilePointer(b"a/b", "1" * 40)


@pytest.mark.parametrize(
    ("path", "data"), [(b"a", b"1" * 40 + b"\n"), (b".hglf/a", b"1" * 39 + b"\n"), (b".hglf/a", b""), (b".hglf/", b"")]
)
def test_what_is_no_standin(path: bytes, data: bytes) -> None:
    assert parse_largefile(path, data) is None
