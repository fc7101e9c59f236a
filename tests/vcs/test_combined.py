"""The combined view as a pure function."""

from hypothesis import given, settings
from hypothesis import strategies as st

from kallithea.vcs.combined import CombinedHunk, combine
from kallithea.vcs.diff import DiffLimits, DiffOptions, Hunk
from kallithea.vcs.hg.patches import compare_options, keep_hunks
from kallithea.vcs.hunks import HunkKeeper

LINES = st.lists(st.sampled_from([b"a", b"b", b"c", b"d", b""]), max_size=12)
EVERYTHING = 1000


def view(parents: list[list[bytes]], new: list[bytes], context: int) -> tuple[CombinedHunk, ...]:
    return combine(new, [_hunks(parent, new) for parent in parents], context)


@settings(max_examples=200, deadline=None)
@given(parents=st.lists(LINES, min_size=2, max_size=4), new=LINES)
def test_every_parent_and_the_merge_can_be_read_out_of_it(parents: list[list[bytes]], new: list[bytes]) -> None:
    hunks = view(parents, new, EVERYTHING)
    if not hunks:
        # then all that differs from any differs from the same ones, and some parent is as the merge
        assert new in parents
        return
    (hunk,) = hunks
    lines = hunk.lines
    for number, parent in enumerate(parents):
        there = [line for line in lines if line.numbers[number] is not None]
        assert [line.text for line in there] == parent
        assert [line.numbers[number] for line in there] == list(range(1, len(parent) + 1))
        assert hunk.old_ranges[number] == (1, len(parent))
    assert [line.text for line in lines if line.new_number is not None] == new
    assert hunk.new_lines == len(new)


@settings(max_examples=200, deadline=None)
@given(parents=st.lists(LINES, min_size=2, max_size=3), new=LINES, context=st.integers(0, 3))
def test_hunks_are_parts_of_the_whole(parents: list[list[bytes]], new: list[bytes], context: int) -> None:
    whole = [line for hunk in view(parents, new, EVERYTHING) for line in hunk.lines]
    for hunk in view(parents, new, context):
        lines = hunk.lines
        start = next(index for index, line in enumerate(whole) if line == lines[0])
        assert whole[start : start + len(lines)] == list(lines)


def test_a_stretch_in_which_one_parent_has_its_way_is_left_out() -> None:
    base = [b"%d" % number for number in range(20)]
    ours, theirs, new = (list(base) for _ in range(3))
    ours[2] = new[2] = b"ours"
    theirs[17] = new[17] = b"theirs"
    assert view([ours, theirs], new, 3) == ()
    new[9] = b"new"
    (hunk,) = view([ours, theirs], new, 1)
    assert [line.marks for line in hunk.lines] == ["  ", "--", "++", "  "]


def _hunks(old: list[bytes], new: list[bytes]) -> tuple[Hunk, ...]:
    keeper = HunkKeeper(DiffLimits())
    keeper.start_file()
    before, after = (b"".join(line + b"\n" for line in lines) for lines in (old, new))
    if before != after:
        keep_hunks(keeper, before, after, compare_options(DiffOptions(0)))
    return keeper.end_file().hunks
