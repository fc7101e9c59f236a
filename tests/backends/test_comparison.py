"""Two sides of a history, in one repository and in two, compared as the real commands compare them in one."""

import itertools
import pathlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from kallithea.vcs.comparison import Comparison
from kallithea.vcs.diff import Sides
from kallithea.vcs.history import AheadBehind
from kallithea.vcs.opener import VcsOptions, open_comparison
from kallithea.vcs.types import Kind, RevisionNotFoundError
from tests.factories.commands import git, hg
from tests.factories.histories import History, random_history
from tests.factories.parting import part
from tests.factories.repositories import GitBuilder, HgBuilder, RepositoryBuilder, make_builder

COMMITS = 50


@dataclass(frozen=True)
class Parted:
    """A whole history, and for some of its heads a repository that has only what led to it."""

    whole: History
    parts: dict[str, pathlib.Path]
    ancestors: dict[str, set[str]]

    def open(self, base: str, tip: str, *, apart: bool) -> Comparison:
        paths = (self.parts[base], self.parts[tip]) if apart else (self.whole.path, self.whole.path)
        return open_comparison(self.whole.kind, *paths, VcsOptions())


@pytest.fixture(scope="module", params=[3, 20])
def parted(request: pytest.FixtureRequest, kind: Kind, tmp_path_factory: pytest.TempPathFactory) -> Parted:
    folder = tmp_path_factory.mktemp("parted")
    whole = random_history(kind, folder / "whole", request.param, COMMITS)
    heads = whole.heads[-4:]
    parts = {head: part(kind, whole.path, head, folder / head) for head in heads}
    return Parted(whole, parts, {head: _ancestors(kind, whole.path, head) for head in heads})


def _ancestors(kind: Kind, path: pathlib.Path, head: str) -> set[str]:
    """The ancestors of a head. git's own ``base..tip`` holds too many where dates run backwards."""
    if kind is Kind.GIT:
        return set(git(path, "rev-list", head).decode().split())
    return set(hg(path, "log", "-T", "{node}\n", "-r", f"::{head}").decode().split())


@pytest.fixture(params=[False, True], ids=["together", "apart"])
def apart(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def _pairs(parted: Parted) -> Iterator[tuple[str, str]]:
    pairs = list(itertools.permutations(parted.parts, 2))
    assert len(pairs) > 1
    return iter(pairs)


def test_added_commits_are_those_that_only_the_tip_has(parted: Parted, apart: bool) -> None:
    for base, tip in _pairs(parted):
        with parted.open(base, tip, apart=apart) as comparison:
            found = [commit.commit_id for commit in comparison.added(base, tip, limit=200).commits]
        assert sorted(found) == sorted(parted.ancestors[tip] - parted.ancestors[base])


def test_ahead_and_behind_count_both_sides(parted: Parted, apart: bool) -> None:
    for base, tip in _pairs(parted):
        with parted.open(base, tip, apart=apart) as comparison:
            found = comparison.ahead_behind(tip, base)
        one, other = parted.ancestors[tip], parted.ancestors[base]
        assert found == AheadBehind(len(one - other), len(other - one))


def test_merge_bases_are_those_of_the_command(parted: Parted, apart: bool) -> None:
    for base, tip in _pairs(parted):
        with parted.open(base, tip, apart=apart) as comparison:
            found, best = comparison.merge_bases(base, tip), comparison.merge_base(base, tip)
        assert sorted(found) == sorted(_merge_bases(parted.whole, base, tip))
        assert best in found or (best is None and not found)


def _merge_bases(history: History, base: str, tip: str) -> list[str]:
    if history.kind is Kind.GIT:
        try:
            return git(history.path, "merge-base", "--all", base, tip).decode().split()
        except AssertionError:
            # git says so where there is none
            return []
    return hg(history.path, "log", "-T", "{node}\n", "-r", f"heads(::{base} and ::{tip})").decode().split()


def test_two_dots_compare_the_tips(parted: Parted, apart: bool) -> None:
    for base, tip in _pairs(parted):
        with parted.open(base, tip, apart=apart) as comparison:
            sides = Sides(base, tip)
            text = b"".join(comparison.raw_diff(sides))
            assert _same(text) == _same(_diff(parted.whole, base, tip))
            assert comparison.changes(sides) == comparison.diff(sides).changes
            shown = [
                line for file in comparison.diff(sides).files for hunk in file.hunks for line in hunk.text.split(b"\n")
            ]
        assert [line for line in shown if line[:1] in (b"+", b"-")] == _changed_lines(text)


def test_three_dots_compare_with_the_merge_base(parted: Parted, apart: bool) -> None:
    compared = 0
    for base, tip in _pairs(parted):
        with parted.open(base, tip, apart=apart) as comparison:
            ancestor = comparison.merge_base(base, tip)
            if ancestor is None:
                continue
            compared += 1
            text = b"".join(comparison.raw_diff(Sides(ancestor, tip)))
        if parted.whole.kind is Kind.GIT:
            assert text == git(parted.whole.path, "diff", "-M", "-l400", "--full-index", "--binary", f"{base}...{tip}")
        else:
            assert _same(text) == _same(_diff(parted.whole, ancestor, tip))
    assert compared


def _diff(history: History, old: str, new: str) -> bytes:
    if history.kind is Kind.GIT:
        return git(history.path, "diff", "-M", "-l400", "--full-index", "--binary", f"{old}..{new}")
    return hg(history.path, "diff", "--git", "-r", old, "-r", new)


def _same(text: bytes) -> bytes:
    """Without what hg tells only when it is asked for it, and files that are the same but for their history."""
    text = re.sub(rb"\nindex [0-9a-f.]+(?: \d+)?(?=\n)|(?<= @@) .*", b"", text)
    return re.sub(rb"(?:\A|(?<=\n))diff --git [^\n]*\n(?=diff --git|\Z)", b"", text)


def _changed_lines(text: bytes) -> list[bytes]:
    hunks = [part for part in re.split(rb"\n(?=@@ |diff --git )", text) if part.startswith(b"@@ ")]
    return [line for hunk in hunks for line in hunk.split(b"\n") if line[:1] in (b"+", b"-")]


def test_added_commits_come_page_by_page(kind: Kind, builder: RepositoryBuilder) -> None:
    first = builder.commit({b"a": b"0"})
    ids = [builder.commit({b"a": b"%d" % number}) for number in range(1, 6)]
    with open_comparison(kind, builder.path, builder.path, VcsOptions()) as comparison:
        page = comparison.added(first, ids[-1], limit=2)
        last = comparison.added(first, ids[-1], offset=4, limit=2)
    assert [commit.commit_id for commit in page.commits] == [ids[4], ids[3]]
    assert (page.next, last.next) == (2, None)
    assert [commit.commit_id for commit in last.commits] == [ids[0]]


def test_histories_without_a_common_commit(kind: Kind, tmp_path: pathlib.Path) -> None:
    one, other = (make_builder(kind, tmp_path / name) for name in ("one", "other"))
    base, tip = one.commit({b"a": b"1\n", b"b": b"1\n"}), other.commit({b"a": b"2\n", b"b": b"1\n"})
    with open_comparison(kind, one.path, other.path, VcsOptions()) as comparison:
        assert comparison.merge_base(base, tip) is None
        assert comparison.merge_bases(base, tip) == ()
        assert comparison.ahead_behind(tip, base) == AheadBehind(1, 1)
        (file,) = comparison.diff(Sides(base, tip)).files
    assert [(line.mark, line.text) for line in file.hunks[0].lines] == [("-", b"1"), ("+", b"2")]


def test_a_file_renamed_on_each_side_is_followed_across(
    kind: Kind, builder: RepositoryBuilder, tmp_path: pathlib.Path
) -> None:
    text = b"".join(b"%d\n" % number for number in range(20))
    first = builder.commit({b"a": text})
    base = builder.commit({b"a": None, b"b": text}, renames={b"b": b"a"})
    tip = builder.commit({b"a": None, b"c": text}, renames={b"c": b"a"}, parents=(first,), branch=b"other")
    one, other = (part(kind, builder.path, commit_id, tmp_path / commit_id) for commit_id in (base, tip))
    with open_comparison(kind, one, other, VcsOptions()) as comparison:
        (file,) = comparison.diff(Sides(base, tip)).changes.files
    assert (file.old_path, file.path) == (b"b", b"c")


def test_sizes_of_binary_files_are_those_of_both_sides(kind: Kind, tmp_path: pathlib.Path) -> None:
    one, other = (make_builder(kind, tmp_path / name) for name in ("one", "other"))
    base, tip = one.commit({b"a": b"\0" * 7}), other.commit({b"a": b"\0" * 9})
    with open_comparison(kind, one.path, other.path, VcsOptions()) as comparison:
        (file,) = comparison.diff(Sides(base, tip)).files
    assert (file.old_size, file.new_size) == (7, 9)


def test_a_secret_changeset_is_in_no_comparison(tmp_path: pathlib.Path) -> None:
    one, other = HgBuilder(tmp_path / "one"), HgBuilder(tmp_path / "other")
    first, same = (builder.commit({b"a": b"1"}) for builder in (one, other))
    shared, hidden = (builder.commit({b"a": b"2"}) for builder in (one, other))
    assert (first, shared) == (same, hidden)
    other.set_phase(hidden, "secret")
    with open_comparison(Kind.HG, one.path, other.path, VcsOptions()) as comparison:
        assert comparison.ahead_behind(first, shared) == AheadBehind(0, 1)
        assert comparison.merge_base(shared, first) == first
        with pytest.raises(RevisionNotFoundError):
            comparison.added(first, hidden)
        (file,) = comparison.diff(Sides(shared, first)).files
        assert [(line.mark, line.text) for line in file.hunks[0].lines] == [("-", b"2"), ("+", b"1")]


def test_neither_repository_learns_of_the_other(kind: Kind, parted: Parted) -> None:
    base, tip = next(_pairs(parted))
    before = [_files(parted.parts[side]) for side in (base, tip)]
    with parted.open(base, tip, apart=True) as comparison:
        comparison.ahead_behind(tip, base)
        assert comparison.added(base, tip).commits
        assert b"".join(comparison.raw_diff(Sides(base, tip)))
    assert [_files(parted.parts[side]) for side in (base, tip)] == before


def _files(folder: pathlib.Path) -> dict[pathlib.Path, bytes]:
    """All files with their contents but for Mercurial's caches, which any reader may fill."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and "cache" not in path.parts}


@pytest.mark.parametrize("odd", ["", "f" * 40, "0" * 40, "--all", "HEAD"])
def test_what_is_no_commit_is_not_found(kind: Kind, parted: Parted, odd: str, apart: bool) -> None:
    base, tip = next(_pairs(parted))
    with parted.open(base, tip, apart=apart) as comparison:
        for ask in (comparison.added, comparison.merge_base, comparison.merge_bases, comparison.ahead_behind):
            for pair in ((base, odd), (odd, tip)):
                with pytest.raises(RevisionNotFoundError):
                    ask(*pair)
        with pytest.raises(RevisionNotFoundError):
            comparison.diff(Sides(base, odd))


def test_ids_of_different_lengths_are_not_compared(tmp_path: pathlib.Path) -> None:
    one, other = GitBuilder(tmp_path / "one"), GitBuilder(tmp_path / "other", object_format="sha256")
    with pytest.raises(RevisionNotFoundError):
        open_comparison(Kind.GIT, one.path, other.path, VcsOptions())


@pytest.mark.parametrize("name", ["with:colon", 'with"quote', "with\\backslash", "#with sign", "ünïcode"])
def test_a_folder_of_any_name_lends_its_objects(tmp_path: pathlib.Path, name: str) -> None:
    builder = GitBuilder(tmp_path / name)
    first = builder.commit({b"a": b"1\n"})
    tip = builder.commit({b"a": b"2\n"})
    other = part(Kind.GIT, builder.path, first, tmp_path / "other")
    with open_comparison(Kind.GIT, builder.path, other, VcsOptions()) as comparison:
        assert comparison.ahead_behind(first, tip) == AheadBehind(0, 1)
