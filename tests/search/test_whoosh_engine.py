"""What is Whoosh's own: files that several machines share, one writer, and segments that become one."""

import contextlib
import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kallithea.search import whoosh_storage
from kallithea.search.documents import DocumentKind, Update
from kallithea.search.engine import SearchError
from kallithea.search.whoosh_engine import WhooshEngine
from kallithea.search.whoosh_vocabularies import Vocabulary
from kallithea.search.whoosh_writing import MOST_ALIKE
from tests.search.samples import GUIDE, ask, code, commit, paths
from tests.search.turns import always


@pytest.fixture
def engine(tmp_path: Path) -> WhooshEngine:
    return WhooshEngine(tmp_path / "index", always)


def generation(engine_folder: Path) -> Path:
    """The folder of the only generation."""
    (found,) = [path for path in engine_folder.iterdir() if path.is_dir()]
    return found


def segments(folder: Path) -> list[Path]:
    return list(folder.glob("MAIN_*.seg"))


def test_an_index_that_is_written_often_stays_small(
    engine: WhooshEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whoosh_storage, "GRACE_SECONDS", 0.0)
    with engine.open() as index:
        index.apply(Update(2, documents=[commit(2, number, "kept", "A", "2024-01-01") for number in range(60)]))
        for number in range(60):
            text = f"word{number} " + "padding " * 50
            index.apply(
                Update(1, branch="main", gone_files=["a.txt"], documents=code(1, "a.txt", text, "Text"), state="x")
            )
            assert paths(ask(index, "padding")) == ["1:a.txt"]
        assert ask(index, "word58").total == 0
        assert ask(index, "kept", kind=DocumentKind.COMMIT).total == 60
        folder = generation(tmp_path / "index")
        assert len(segments(folder)) <= 2 * MOST_ALIKE
        assert len(list(folder.iterdir())) <= 2 * MOST_ALIKE + 2
        for number in (1, 2, 1):
            index.forget(number)
        assert index.states() == {}
        assert segments(folder) == []


def test_processes_that_were_forked_name_their_segments_differently(engine: WhooshEngine, tmp_path: Path) -> None:
    with engine.open() as index:
        for path in ("a.txt", "b.txt"):
            random.seed(1)
            index.apply(Update(1, documents=code(1, path, GUIDE, "Text")))
        assert len(segments(generation(tmp_path / "index"))) == 2
        assert paths(ask(index, "chart")) == ["1:a.txt", "1:b.txt"]


def test_files_that_went_out_of_use_stay_while_somebody_may_read_them(engine: WhooshEngine, tmp_path: Path) -> None:
    with engine.open() as index:
        index.apply(Update(1, documents=code(1, "a.txt", GUIDE, "Text")))
        folder = generation(tmp_path / "index")
        before = segments(folder)
        index.forget(1)
        assert segments(folder) == before
        long_ago = 1.0
        for mark in folder.glob(".gone.*"):
            os.utime(mark, (long_ago, long_ago))
        index.apply(Update(1, documents=code(1, "b.txt", GUIDE, "Text")))
        assert set(segments(folder)).isdisjoint(before)
        assert list(folder.glob(".gone.MAIN_*")) == []


def test_an_old_generation_goes_with_a_later_update(engine: WhooshEngine, tmp_path: Path) -> None:
    with engine.open() as reader:
        reader.apply(Update(1, documents=code(1, "a.txt", GUIDE, "Text")))
        old = generation(tmp_path / "index")
        engine.switch(engine.begin())
        with engine.open() as index:
            index.apply(Update(1, state="new"))
        assert paths(ask(reader, "chart")) == ["1:a.txt"]
        assert old.is_dir()
        os.utime(old / ".gone.", (1.0, 1.0))
        with engine.open() as index:
            index.apply(Update(1, state="newer"))
        assert not old.exists()


def test_who_had_the_turn_before_overtakes_nobody(engine: WhooshEngine, tmp_path: Path) -> None:
    """A writer that slept until another one had its turn, and does not know it."""

    @contextlib.contextmanager
    def sleeping() -> Iterator[Callable[[], None]]:
        def meanwhile() -> None:
            with engine.open() as other:
                other.apply(Update(2, documents=code(2, "b.txt", GUIDE, "Text"), state="theirs"))

        yield meanwhile

    late = WhooshEngine(tmp_path / "index", sleeping)
    with late.open() as index, pytest.raises(SearchError, match="cannot be written"):
        index.apply(Update(1, documents=code(1, "a.txt", GUIDE, "Text"), state="ours"))
    with engine.open() as index:
        assert index.states() == {2: "theirs"}
        assert paths(ask(index, "chart")) == ["2:b.txt"]


def test_whose_turn_is_over_changes_nothing(engine: WhooshEngine, tmp_path: Path) -> None:
    @contextlib.contextmanager
    def lost() -> Iterator[Callable[[], None]]:
        def over() -> None:
            raise SearchError("somebody else's turn")

        yield over

    with engine.open() as index:
        index.apply(Update(1, state="before"))
    files = {path.name for path in generation(tmp_path / "index").iterdir()}
    with WhooshEngine(tmp_path / "index", lost).open() as index, pytest.raises(SearchError, match="somebody else's"):
        index.apply(Update(1, documents=code(1, "a.txt", GUIDE, "Text"), state="after"))
    assert {path.name for path in generation(tmp_path / "index").iterdir()} == files
    with engine.open() as index:
        assert index.states() == {1: "before"}


def test_runs_too_long_for_words_are_found_by_their_parts(engine: WhooshEngine) -> None:
    long = "x" * 300 + "needle" + "y" * 300
    with engine.open() as index:
        index.apply(Update(1, documents=[*code(1, "a.txt", long, "Text"), *code(1, "b.txt", "need", "Text")]))
        index.apply(Update(1, documents=code(1, f"{long}/c.txt", "deep", "Text")))
        assert paths(ask(index, "*needle*")) == ["1:a.txt"]
        assert paths(ask(index, "/xneedley/")) == ["1:a.txt"]
        assert paths(ask(index, "deep path:needle")) == [f"1:{long}/c.txt"]


def test_before_and_after_are_exact_within_a_day(engine: WhooshEngine) -> None:
    days = ["2024-01-01", "2024-01-02T12:00", "2024-01-03"]
    with engine.open() as index:
        index.apply(Update(1, documents=[commit(1, number, "x", "A", day) for number, day in enumerate(days)]))
        for query, expected in (("x before:2024-01-02", [0]), ("x after:2024-01-02", [1, 2]), ("x -after:2024", [])):
            found = ask(index, query, kind=DocumentKind.COMMIT)
            assert sorted(int(hit.facts.object_id, 16) for hit in found.hits) == expected


@pytest.mark.parametrize(
    ("letters", "open_before", "open_after", "expected"),
    [
        ("a", True, True, ["a", "ab", "ba", "cab"]),
        ("a", False, True, ["a", "ab"]),
        ("a", True, False, ["a", "ba"]),
        ("a", False, False, ["a"]),
        ("x", True, True, []),
    ],
)
def test_words_are_found_by_letters(letters: str, open_before: bool, open_after: bool, expected: list[str]) -> None:
    vocabulary = Vocabulary([b"a", b"ab", b"ba", b"c", b"cab"])
    assert [word.decode() for word in vocabulary.find(letters.encode(), open_before, open_after)] == expected


def test_a_damaged_index_says_so(engine: WhooshEngine, tmp_path: Path) -> None:
    with engine.open():
        pass
    for file in generation(tmp_path / "index").iterdir():
        file.unlink()
    with pytest.raises(SearchError, match="cannot be opened"), engine.open():
        pass
