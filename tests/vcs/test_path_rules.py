"""Paths at which no file is written."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kallithea.vcs.path_rules import find_path_problem
from tests.factories.repositories import GitBuilder


@pytest.mark.parametrize(
    "path",
    [
        b"README",
        b"a/b/c.txt",
        b".gitignore",
        b".gitattributes",
        b"src/.hgignore",
        b"git",
        b".github/workflows/test.yml",
        b".git-blame-ignore-revs",
        b"digit~1",
        b"hgrc",
        b"..a/b..",
        b"a b/c",
        b"caf\xe9",
        "漢字".encode(),
        b"back\\slash",
        b"x" * 255,
    ],
)
def test_ordinary_path(path: bytes) -> None:
    assert find_path_problem(path) is None


@pytest.mark.parametrize(
    "path",
    [
        b"",
        b"/",
        b"/etc/passwd",
        b"a//b",
        b"a/",
        b".",
        b"a/./b",
        b"../x",
        b"a/..",
        b"a/... /b",
        b"a\\..\\b",
        b"a\0b",
        b"a\nb",
        b"a\x7f",
        b"x" * 256,
        b"x/" * 2048,
        b".git",
        b".GiT/config",
        b"a/.git/b",
        b".git./x",
        b".git /x",
        b".git . . /x",
        b".git::$INDEX_ALLOCATION/x",
        b"git~1/config",
        b"GIT~1",
        b"a\\.git\\b",
        b".hg/hgrc",
        b"a/.HG",
        b".hg./x",
        b"HG~1",
        b"hg8b6c~12/x",
        ".g\u200cit/config".encode(),
        "\ufeff.git".encode(),
        ".h\u206ag".encode(),
        b".gitmodules",
        b".GITMODULES",
        b"sub/.gitmodules",
        b"gitmod~1",
        b"GI7EBA~1",
        b"gi7e~123",
        b"~1234567",
        ".gitmod\u200dules".encode(),
        b".hgsub",
        b".hgsubstate ",
    ],
)
def test_refused_path(path: bytes) -> None:
    assert find_path_problem(path) is not None


_PARTS = ".git .GIT git~1 .gitmodules gitmod~4 gi7eba~1 gi7d29 ~1 a .. . : \\ .hg ~9 0 x".split()
_UNSEEN = ["\u200c", "\u200f", "\u202e", "\u206f", "\ufeff", " "]
_NAMES = st.lists(st.sampled_from(_PARTS + _UNSEEN), min_size=1, max_size=4).map("".join)
_PATHS = st.lists(_NAMES, min_size=1, max_size=3).map(lambda names: "/".join(names).encode())


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose git protects every file system that it knows."""
    builder = GitBuilder(tmp_path_factory.mktemp("strict") / "repository")
    builder.git("config", "core.protectNTFS", "true")
    builder.git("config", "core.protectHFS", "true")
    return builder.path


@given(path=_PATHS)
@example(b"git~1")
@example(b"a/.git \\b")
@example(b"~1234567")
def test_what_git_refuses_on_any_file_system_is_refused(strict: Path, path: bytes) -> None:
    """Of symbolic links, because there git protects most names."""
    if find_path_problem(path) is None:
        assert _is_valid_to_git(strict, path), path


def test_git_does_refuse(strict: Path) -> None:
    assert _is_valid_to_git(strict, b"a/b")
    for path in (b".git", b"a/.g\xe2\x80\x8cit", b"git~1", b".gitmodules", b"a/../b", b"~1234567"):
        assert not _is_valid_to_git(strict, path), path


def _is_valid_to_git(repository: Path, path: bytes) -> bool:
    entry = b"120000 %s\t%s\0" % (b"1" * 40, path)
    command = ["git", f"--git-dir={repository}", "update-index", "-z", "--index-info"]
    done = subprocess.run(command, input=entry, capture_output=True, check=False)
    return b"Ignoring path" not in done.stderr
