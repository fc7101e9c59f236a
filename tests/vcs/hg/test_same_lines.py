"""Which lines two versions have in common: the same that Mercurial finds by itself."""

import random
import subprocess
import sys
from typing import Any

import pytest
from mercurial import mdiff, simplemerge

from kallithea.vcs.hg import same_lines as module
from kallithea.vcs.hg.same_lines import same_lines


@pytest.mark.parametrize("seed", range(60))
def test_hashes_tell_the_same_as_the_lines(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    monkeypatch.setattr(module, "_LONG", -1)
    chance = random.Random(seed)
    kinds = [b"a\n", b"b\n", b"\n", b"\r\n", b"a \n", b"\0\n", b"long line of text\n"]
    old, new = (
        b"".join(chance.choices(kinds, k=chance.randrange(40))) + chance.choice([b"", b"a", b"b", b"end"])
        for _ in range(2)
    )

    assert same_lines(old, new) == mdiff.blocks(old, new)


def test_long_versions_are_compared_by_hashes() -> None:
    lines = [b"\tresult = result + step(%d); /* line */\n" % number for number in range(9_000)]
    old = b"".join(lines)
    new = b"".join([*lines[:100], b"new\n", *lines[101:5000], *lines[5001:]]) + b"end"

    found = same_lines(old, new)

    assert found == mdiff.blocks(old, new)
    assert found == [(0, 100, 0, 100), (101, 5000, 101, 5000), (5001, 9000, 5000, 8999), (9000, 9000, 9000, 9000)]


def _compared(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The lengths of what is given to Mercurial's C code, the longest of each pair."""
    lengths: list[int] = []

    def find(old: bytes, new: bytes) -> Any:
        lengths.append(max(map(len, (old.split(b"\n")[0], new.split(b"\n")[0]))))
        return mdiff.blocks(old, new)

    monkeypatch.setattr(module, "_find_blocks", find)
    return lengths


def _numbered(count: int, changed: int) -> bytes:
    return b"".join(b"a longer line with its number %d\n" % (0 if n == changed else n) for n in range(1, count))


def test_diffs_of_long_versions_compare_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = _compared(monkeypatch)
    old, new = _numbered(9_000, 5), _numbered(9_000, 8_000)

    _, hunks = mdiff.unidiff(old, b"", new, b"", b"a", b"a", binary=False)

    assert [lines[0] for _, lines in hunks] == [b"@@ -2,7 +2,7 @@\n", b"@@ -7997,7 +7997,7 @@\n"]
    assert compared == [16]


def test_merges_of_long_versions_compare_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = _compared(monkeypatch)
    base, ours, theirs = _numbered(9_000, 0), _numbered(9_000, 5), _numbered(9_000, 8_000)

    merge = simplemerge.Merge3Text(base, ours, theirs)

    assert [kind for kind, _ in merge.merge_groups() if kind.startswith(b"conflict")] == []
    assert compared == [16, 16]


@pytest.mark.parametrize("name", ["patches", "merge_files"])
def test_whatever_compares_files_has_mercurial_ask_here(name: str) -> None:
    code = f"import kallithea.vcs.hg.{name}, mercurial.mdiff as m; print(m.chooseblocksfunc.__module__)"
    asked = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout
    assert asked.strip() == module.__name__
