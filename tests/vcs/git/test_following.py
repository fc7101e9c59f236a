"""The history of a file under all its names, where branches were merged."""

from collections.abc import Callable, Mapping, Sequence

import pytest

from kallithea.vcs.git.repository import GitRepository
from kallithea.vcs.history import LogFilter, Merges
from tests.factories.repositories import GitBuilder

Open = Callable[[GitBuilder], GitRepository]

LINES = [b"line %d of what the file is about\n" % number for number in range(30)]


def text(*changed: int) -> bytes:
    """The file, with some lines changed."""
    return b"".join(b"another line\n" if number in changed else line for number, line in enumerate(LINES))


def moved(content: bytes, old: bytes = b"old", new: bytes = b"new") -> Mapping[bytes, bytes | None]:
    return {old: None, new: content}


def names(repository: GitRepository, start: str, path: bytes, **commits: str) -> Sequence[str]:
    """By what names the commits that changed the file go here."""
    known = {commit_id: name for name, commit_id in commits.items()}
    page = repository.log(start, LogFilter(path=path, follow=True), limit=100)
    return [known[commit.commit_id] for commit in page.commits]


@pytest.mark.parametrize("renamed_on_the_first_side", [True, False])
def test_both_sides_are_followed_where_one_has_renamed_the_file(
    builder: GitBuilder, reopened: Open, *, renamed_on_the_first_side: bool
) -> None:
    first = builder.commit({b"old": text()})
    edited = builder.commit({b"old": text(3)}, parents=(first,))
    renamed = builder.commit(moved(text()), parents=(first,))
    after = builder.commit({b"new": text(20)}, parents=(renamed,))
    if renamed_on_the_first_side:
        merge = builder.commit({b"new": text(3, 20)}, parents=(after, edited))
    else:
        merge = builder.commit(moved(text(3, 20)), parents=(edited, after))
    last = builder.commit({b"new": text(3, 20, 29)}, parents=(merge,))

    found = names(
        reopened(builder),
        last,
        b"new",
        first=first,
        edited=edited,
        renamed=renamed,
        after=after,
        merge=merge,
        last=last,
    )

    assert found == ["last", "merge", "after", "renamed", "edited", "first"]


def test_a_file_that_both_sides_have_renamed_is_followed_on_both(builder: GitBuilder, reopened: Open) -> None:
    first = builder.commit({b"old": text()})
    ours = builder.commit({b"old": text(3)}, parents=(first,))
    our_name = builder.commit(moved(text(3)), parents=(ours,))
    theirs = builder.commit({b"old": text(20)}, parents=(first,))
    their_name = builder.commit(moved(text(20)), parents=(theirs,))
    merge = builder.commit({b"new": text(3, 20)}, parents=(our_name, their_name))

    commits = {"ours": ours, "our name": our_name, "theirs": theirs, "their name": their_name}
    found = names(reopened(builder), merge, b"new", first=first, merge=merge, **commits)

    assert found == ["merge", "their name", "theirs", "our name", "ours", "first"]


def test_a_file_that_is_alike_on_the_other_side_is_another_one(builder: GitBuilder, reopened: Open) -> None:
    first = builder.commit({b"readme": b"of something else\n"})
    made = builder.commit({b"new": text()}, parents=(first,))
    alike = builder.commit({b"alike": text(3)}, parents=(first,))
    merge = builder.commit({b"new": text(20), b"alike": text(3)}, parents=(made, alike))

    assert names(reopened(builder), merge, b"new", made=made, merge=merge) == ["merge", "made"]


def test_many_sides_with_the_old_name_are_all_followed(builder: GitBuilder, reopened: Open) -> None:
    """More than are walked at once."""
    first = builder.commit({b"old": text()})
    base = builder.commit({b"old": text(0)}, parents=(first,))
    sides = [builder.commit({b"old": text(0, number)}, parents=(base,)) for number in range(1, 13)]
    tip = builder.commit(moved(text(0)), parents=(base,))
    expected = {"first": first, "base": base, "renamed": tip}
    for number, side in enumerate(sides, 1):
        tip = builder.commit({b"new": text(0, *range(1, number + 1))}, parents=(tip, side))
        expected |= {f"side {number}": side, f"merge {number}": tip}

    found = names(reopened(builder), tip, b"new", **expected)

    assert found[-2:] == ["base", "first"]
    assert set(found) == set(expected)


def test_along_first_parents_a_merge_that_brings_the_name_is_a_rename(builder: GitBuilder, reopened: Open) -> None:
    """What had that name before was another file."""
    builder.commit({b"new": b"something else\n"})
    first = builder.commit({b"new": None, b"old": text()})
    edited = builder.commit({b"old": text(3)}, parents=(first,))
    renamed = builder.commit(moved(text()), parents=(first,))
    merge = builder.commit(moved(text(3)), parents=(edited, renamed))

    wanted = LogFilter(path=b"new", follow=True, merges=Merges.FIRST)
    found = [commit.commit_id for commit in reopened(builder).log(merge, wanted).commits]

    assert found == [merge, edited, first]
