"""What takes long in this process has its time and its turn."""

import contextlib
import datetime
import pathlib
from collections.abc import Callable, Iterator

import pytest

from kallithea.vcs.diff import DiffLimits, DiffOptions, Sides
from kallithea.vcs.hg import authorship, diffs, handle, line_search, merging
from kallithea.vcs.hg.effort import working
from kallithea.vcs.hg.repository import HgRepository, open_repository
from kallithea.vcs.line_search import LineQuery
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.slots import Weight, take_slot
from kallithea.vcs.types import BusyError, LimitExceededError
from tests.factories.repositories import FIRST_DATE, HgBuilder


@pytest.fixture
def options(tmp_path: pathlib.Path) -> VcsOptions:
    return VcsOptions(slot_folder=tmp_path / "slots", heavy_processes=1)


@pytest.fixture
def sides(builder: HgBuilder) -> Sides:
    """Two changesets, of which the second merges one with other lines of the same files."""
    first = builder.commit({b"a": b"1\n", b"b": b"1\n"})
    side = builder.commit({b"a": b"1\nside\n", b"b": b"1\nside\n"}, parents=(first,))
    ours = builder.commit({b"c": b"1\n"}, parents=(first,))
    merged = builder.commit({b"a": b"1\nmerged\n", b"b": b"1\nmerged\n"}, parents=(ours, side))
    return Sides(ours, merged)


@pytest.fixture
def repository(builder: HgBuilder, sides: Sides, options: VcsOptions) -> Iterator[HgRepository]:
    with open_repository(builder.path, options) as opened:
        yield opened


_UNTIL = datetime.datetime.fromtimestamp(FIRST_DATE, datetime.UTC)
Ask = Callable[[HgRepository, Sides], object]
QUESTIONS: dict[str, Ask] = {
    "diff": lambda repository, sides: repository.diff(sides),
    "counted": lambda repository, sides: repository.changes(sides, DiffOptions()),
    "names": lambda repository, sides: repository.changes(sides, DiffOptions(), counted=False),
    "combined": lambda repository, sides: repository.combined_diff(sides.new),
    "raw": lambda repository, sides: b"".join(repository.raw_diff(sides)),
    "contributors": lambda repository, sides: repository.contributors(sides.new, limit=1, seconds=-1),
    "activity": lambda repository, sides: repository.activity(sides.new, _UNTIL),
    "merge": lambda repository, sides: repository.find_conflicts(str(sides.old), sides.new),
}


@pytest.mark.parametrize("ask", QUESTIONS.values(), ids=QUESTIONS)
def test_what_takes_too_long_is_not_answered(
    repository: HgRepository, sides: Sides, monkeypatch: pytest.MonkeyPatch, ask: Ask
) -> None:
    names = ((authorship, "_SECONDS"), (diffs, "_PAGE_SECONDS"), (diffs, "_RAW_SECONDS"), (merging, "_SECONDS"))
    for module, name in names:
        monkeypatch.setattr(module, name, -1)
    with pytest.raises(LimitExceededError, match="longer than"):
        ask(repository, sides)


def test_files_that_are_not_compared_in_time_are_named_beside_the_others(
    repository: HgRepository, sides: Sides, monkeypatch: pytest.MonkeyPatch
) -> None:
    def until_the_second(
        _options: VcsOptions, _seconds: float, **_turn: float
    ) -> contextlib.AbstractContextManager[Callable[[], None]]:
        looks = iter([None])

        def check() -> None:
            if next(looks, 0) is not None:
                raise LimitExceededError

        return contextlib.nullcontext(check)

    monkeypatch.setattr(handle, "working", until_the_second)
    found = repository.diff(sides, limits=DiffLimits(lines=1))
    assert [(file.path, file.added) for file in found.changes.files] == [(b"a", 1), (b"b", None)]


@pytest.mark.parametrize(
    "ask",
    [
        lambda repository, sides: repository.find_conflicts(str(sides.old), sides.new),
        lambda repository, sides: repository.search_lines(sides.new, LineQuery("merged"), limit=9, seconds=60),
    ],
    ids=["merge", "search"],
)
def test_heavy_work_waits_for_its_turn(
    repository: HgRepository, sides: Sides, options: VcsOptions, monkeypatch: pytest.MonkeyPatch, ask: Ask
) -> None:
    for module in (merging, line_search):
        monkeypatch.setattr(module, "_PATIENCE", 0)
    slot = take_slot(options, Weight.HEAVY, 0)
    assert slot is not None
    with slot, pytest.raises(BusyError):
        ask(repository, sides)
    ask(repository, sides)


def test_work_that_goes_on_takes_one_slot_and_gives_it_back(options: VcsOptions) -> None:
    with working(options, 60, light_seconds=0, patience=0) as check:
        check()
        check()
        with pytest.raises(BusyError):
            take_slot(options, Weight.HEAVY, 0)
    slot = take_slot(options, Weight.HEAVY, 0)
    assert slot is not None
    slot.close()


def test_usual_work_needs_no_slot(options: VcsOptions) -> None:
    slot = take_slot(options, Weight.HEAVY, 0)
    assert slot is not None
    with slot, working(options, 60) as check:
        check()
