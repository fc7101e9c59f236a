"""Where repositories inside others come from."""

import pytest

from kallithea.vcs.inner_sources import parse_gitmodules, parse_hgsub

GIT = rb"""
# a comment
[core]
	path = no
[submodule "lib/a"]
	path = lib/a
	url = ../a.git ; beside it
	branch = main
[SubModule "odd \"name\""] path = "second # path"
  URL="https://example.org/\"b\"" # more
[submodule "no url"]
path = c
[submodule "late"]
url = x
[submodule.old]
path = d
url = d
[submodule "late"]
path = /e/
"""


def test_gitmodules() -> None:
    assert parse_gitmodules(GIT) == {
        b"lib/a": b"../a.git",
        b"second # path": b'https://example.org/"b"',
        b"e": b"x",
    }


def test_hgsub() -> None:
    text = (
        b"# a comment\nlib/a = ../a\nb=[git]https://example.org/b\n\nno sign\n= x\ny =\n lib = continued\n"
        b"[subpaths]\nfrom = to\n"
    )
    assert parse_hgsub(text) == {b"lib/a": b"../a", b"b": b"[git]https://example.org/b"}


@pytest.mark.parametrize(
    "data", [b"", b"\xff\0", b"[submodule", b'[submodule "' + b"\\" * 50_000, b"path =" + b'"' * 50_000]
)
def test_what_is_malformed_says_nothing(data: bytes) -> None:
    assert parse_gitmodules(data) == {}
    assert parse_gitmodules(b'[submodule "a"]\n' + data + b"\npath = a\nurl = b") in ({b"a": b"b"}, {})
    parse_hgsub(data)
