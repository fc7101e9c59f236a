"""What only logs of Mercurial repositories have."""

import itertools
import types
from collections.abc import Callable

import pytest

from kallithea.vcs.hg import file_graph
from kallithea.vcs.hg import log as hg_log
from kallithea.vcs.hg.repository import HgRepository
from kallithea.vcs.history import LogFilter, Merges
from kallithea.vcs.types import LimitExceededError
from tests.factories.repositories import ADA, BOB, HgBuilder

Open = Callable[[HgBuilder], HgRepository]


def _ids(repository: HgRepository, start: str, wanted: LogFilter) -> list[str]:
    return [commit.commit_id for commit in repository.log(start, wanted).commits]


def test_a_version_that_two_changesets_made_belongs_to_the_ancestor(builder: HgBuilder, reopened: Open) -> None:
    first = builder.commit({b"a": b"1"})
    # Both make the same version of the file; Mercurial stores it once and notes the first one with it.
    other = builder.commit({b"a": b"2"}, parents=(first,), branch=b"other")
    tip = builder.commit({b"a": b"2"}, parents=(first,))
    repository = reopened(builder)

    assert _ids(repository, tip, LogFilter(path=b"a")) == [tip, first]
    assert _ids(repository, tip, LogFilter(path=b"a", follow=True)) == [tip, first]
    assert _ids(repository, other, LogFilter(path=b"a", follow=True)) == [other, first]


def test_secret_and_obsolete_changesets_are_in_no_log(builder: HgBuilder, reopened: Open) -> None:
    first = builder.commit({b"a": b"1"})
    secret = builder.commit({b"a": b"2"}, parents=(first,))
    old = builder.commit({b"a": b"3"}, parents=(first,))
    new = builder.commit({b"a": b"2"}, parents=(first,), message=b"again")
    builder.set_phase(secret, "secret")
    builder.obsolete(old, new)
    repository = reopened(builder)

    for wanted in (LogFilter(), LogFilter(path=b"a"), LogFilter(path=b"a", follow=True), LogFilter(author=b"ada")):
        assert _ids(repository, new, wanted) == [new, first]
    assert repository.count(new) == 2
    assert repository.contributors(new, limit=5).most[0].commits == 2


def test_a_closed_branch_is_told(builder: HgBuilder, reopened: Open) -> None:
    first = builder.commit({b"a": b"1"})
    side = builder.commit({b"a": b"2"}, branch=b"side", parents=(first,))
    closing = builder.close_branch(b"side", side)

    page = reopened(builder).log(closing, LogFilter(branch=b"side"))

    assert [(commit.commit_id, commit.closes_branch) for commit in page.commits] == [(closing, True), (side, False)]


def test_branch_and_merges_together(builder: HgBuilder, reopened: Open) -> None:
    first = builder.commit({b"a": b"1"})
    side = builder.commit({b"b": b"1"}, branch=b"side", parents=(first,))
    merged = builder.commit({b"b": b"1"}, branch=b"side", parents=(side, builder.commit({b"a": b"2"})))

    assert _ids(reopened(builder), merged, LogFilter(branch=b"side", merges=Merges.NONE)) == [side]


def test_a_search_hands_over_what_it_has_when_its_time_is_over(
    builder: HgBuilder, reopened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [builder.commit({b"a": b"%d" % number}, author=BOB if number == 0 else ADA) for number in range(3)]
    monkeypatch.setattr(hg_log, "SEARCH_SECONDS", 0)
    repository = reopened(builder)

    pages = [repository.log(made[-1], LogFilter(author=b"bob"))]
    while pages[-1].next is not None:
        pages.append(repository.log(made[-1], LogFilter(author=b"bob"), offset=pages[-1].next))

    assert [(page.searched, page.next) for page in pages] == [(1, 1), (1, 2), (None, None)]
    assert [commit.commit_id for page in pages for commit in page.commits] == [made[0]]


def test_looking_for_a_path_without_an_index_takes_no_longer_than_it_may(
    builder: HgBuilder, reopened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    tip = builder.commit({b"a": b"1"})
    monkeypatch.setattr(hg_log, "_SECONDS", -1)

    with pytest.raises(LimitExceededError, match="longer than"):
        reopened(builder).log(tip, LogFilter(path=b"absent"))


@pytest.mark.parametrize(
    "wanted",
    [
        LogFilter(branch=b"side"),
        LogFilter(merges=Merges.ONLY),
        LogFilter(branch=b"side", author=b"ada"),
        LogFilter(path=b"a", follow=True, branch=b"side"),
    ],
)
def test_looking_for_what_few_changesets_are_takes_no_longer_than_it_may(
    builder: HgBuilder, reopened: Open, monkeypatch: pytest.MonkeyPatch, wanted: LogFilter
) -> None:
    tip = builder.commit({b"a": b"2"}, parents=(builder.commit({b"a": b"1"}, branch=b"side"),), branch=b"default")
    monkeypatch.setattr(hg_log, "_SECONDS", -1)

    with pytest.raises(LimitExceededError, match="longer than"):
        reopened(builder).log(tip, wanted)


def test_when_the_time_is_over_those_are_shown_that_changed_the_file_so_far(
    builder: HgBuilder, reopened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [builder.commit({b"a": b"%d" % number}) for number in range(3)]
    monkeypatch.setattr(hg_log, "_SECONDS", -1)

    page = reopened(builder).log(ids[-1], LogFilter(path=b"a", follow=True))

    assert [commit.commit_id for commit in page.commits] == ids[-1:]
    assert "longer than" in page.damage


def _let_time_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is over at the tenth look at the clock: there are three of them for each changeset."""
    seconds = itertools.count(0, 0.35)
    clock = types.SimpleNamespace(monotonic=lambda: next(seconds))
    monkeypatch.setattr("kallithea.vcs.deadline.time", clock)


@pytest.mark.parametrize("conditions", [{}, {"author": b"ada"}], ids=["alone", "with words"])
def test_when_the_time_is_over_those_are_shown_that_changed_the_lines_so_far(
    builder: HgBuilder, reopened: Open, monkeypatch: pytest.MonkeyPatch, conditions: dict[str, bytes]
) -> None:
    ids = [builder.commit({b"f": b"1\n%d\n" % number}, author=ADA) for number in range(5)]
    _let_time_run(monkeypatch)

    page = reopened(builder).log(ids[-1], LogFilter(path=b"f", lines=(2, 2), **conditions))  # type: ignore[arg-type]

    assert 0 < len(page.commits) < len(ids)
    assert [commit.commit_id for commit in page.commits] == ids[: -len(page.commits) - 1 : -1]
    assert "took longer" in page.damage
    assert (page.searched, page.next) == (None, None)


def test_time_that_is_over_when_a_page_is_full_is_no_failure(
    builder: HgBuilder, reopened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [builder.commit({b"f": b"1\n%d\n" % number}) for number in range(5)]
    _let_time_run(monkeypatch)

    page = reopened(builder).log(ids[-1], LogFilter(path=b"f", lines=(2, 2)), limit=3)

    assert [commit.commit_id for commit in page.commits] == ids[:1:-1]
    assert "took longer" in page.damage


def test_an_earlier_version_that_is_too_large_ends_the_history_of_lines(
    builder: HgBuilder, reopened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    builder.commit({b"f": b"1\n" * 200})
    tip = builder.commit({b"f": b"1\nII\n"})
    monkeypatch.setattr(file_graph, "LARGEST_FILE", 100)

    with pytest.raises(LimitExceededError, match="too large"):
        reopened(builder).log(tip, LogFilter(path=b"f", lines=(2, 2)))
