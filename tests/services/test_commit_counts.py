"""Counts of commits stay small, and right in what is shown of them."""

import datetime

import pytest

from kallithea.services import commit_counts
from kallithea.services.commit_counts import FIRST_MONDAY, KEPT, SHOWN, CommitCounts, parse

_MONDAY = datetime.datetime(2029, 12, 31, tzinfo=datetime.UTC)
_WEEK = (_MONDAY.date() - FIRST_MONDAY).days // 7


def _add(counts: CommitCounts, name: str, email: str = "", times: int = 1) -> None:
    for _time in range(times):
        counts.add(name, email, _MONDAY, ())


def test_weeks_begin_on_monday_in_utc() -> None:
    counts = CommitCounts()
    for moment in (
        _MONDAY,
        _MONDAY + datetime.timedelta(days=7, seconds=-1),
        _MONDAY + datetime.timedelta(days=7),
        datetime.datetime(2029, 12, 31, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=2))),
    ):
        counts.add("ada", "", moment, ())
    assert counts.weeks == {_WEEK - 1: 1, _WEEK: 2, _WEEK + 1: 1}


@pytest.mark.parametrize("year", [1, 1969, 2101, 9999])
def test_commit_of_a_nonsensical_time_is_in_no_week(year: int) -> None:
    counts = CommitCounts()
    counts.add("ada", "", datetime.datetime(year, 6, 1, tzinfo=datetime.UTC), ["C"])
    assert (counts.total, dict(counts.weeks), dict(counts.languages)) == (1, {}, {"C": 1})


def test_author_is_known_by_the_address_and_has_the_newest_name() -> None:
    counts = CommitCounts()
    for name, email in [("ada", "ada@x"), ("Ada L.", "ADA@x"), ("", "ada@x"), ("Ada", ""), ("ada", ""), ("Bob", "b@x")]:
        _add(counts, name, email)
    assert [(one.name, one.commits) for one in counts.first_authors()] == [("Ada L.", 3), ("ada", 2), ("Bob", 1)]


def test_language_counts_once_for_each_commit() -> None:
    counts = CommitCounts()
    for languages in (["C", "C", "Rust"], ["C"]):
        counts.add("ada", "", _MONDAY, languages)
    assert counts.languages == {"C": 2, "Rust": 1}


def test_what_is_written_down_is_read_again() -> None:
    counts = CommitCounts()
    counts.add("Ada 🚀", "ada@x", _MONDAY, ["C"])
    counts.add("Bob", "", _MONDAY - datetime.timedelta(weeks=3), ["Rust"])
    assert parse(counts.dump()) == counts
    assert parse(CommitCounts().dump()) == CommitCounts()
    assert parse("") is None
    assert parse('{"format": 0}') is None


def test_no_history_needs_much_room() -> None:
    counts = CommitCounts()
    for number in range(KEPT + 500):
        when = datetime.datetime(1970 + number % 130, 1, 5, tzinfo=datetime.UTC)
        counts.add("n" * 10_000 + str(number), f"{number}@" + "x" * 10_000, when, [])
    counts.trim()
    assert len(counts.authors) == KEPT
    assert len(counts.dump()) < 140_000


def test_those_who_are_left_out_are_one_number() -> None:
    counts = CommitCounts()
    for number in range(KEPT):
        _add(counts, f"n{number}", times=2)
    _add(counts, "rare")
    counts.trim()
    assert (counts.others, counts.late, counts.trusted) == (1, 0, True)
    # whether it is the one who was left out, nobody knows
    _add(counts, "rare")
    _add(counts, "n7")
    counts.trim()
    assert (counts.total, counts.others, counts.late) == (2 * KEPT + 3, 2, 1)
    assert counts.first_authors()[0].name == "n7"


def test_all_is_counted_anew_where_somebody_may_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commit_counts, "KEPT", SHOWN + 1)
    counts = CommitCounts()
    for number in range(SHOWN):
        _add(counts, f"n{number}", times=5)
    for name in ("x", "y"):
        _add(counts, name)
    counts.trim()
    assert counts.others == 1
    _add(counts, "y", times=4)
    # five at most: nobody who is shown has fewer
    assert counts.trusted
    _add(counts, "y")
    # less than a hundredth of all
    assert counts.trusted
    _add(counts, "y")
    assert not counts.trusted
