"""Which lines two versions have in common: the same that Mercurial finds by itself."""

import random

import pytest
from mercurial import mdiff

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

    assert same_lines(old, new) == mdiff.chooseblocksfunc()(old, new)


def test_long_versions_are_compared_by_hashes() -> None:
    lines = [b"\tresult = result + step(%d); /* line */\n" % number for number in range(9_000)]
    old = b"".join(lines)
    new = b"".join([*lines[:100], b"new\n", *lines[101:5000], *lines[5001:]]) + b"end"

    found = same_lines(old, new)

    assert found == mdiff.chooseblocksfunc()(old, new)
    assert found == [(0, 100, 0, 100), (101, 5000, 101, 5000), (5001, 9000, 5000, 8999), (9000, 9000, 9000, 9000)]
