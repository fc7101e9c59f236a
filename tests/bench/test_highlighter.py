from scripts.benchmarks.pages.highlighter import highlighter_milliseconds
from scripts.benchmarks.pages.targets import Change, File, Raw
from scripts.benchmarks.truth.patch import Hunk

_ID = "f" * 40


def test_only_what_is_coloured_is_measured() -> None:
    assert highlighter_milliseconds([Raw(_ID, b"a.c", b"int a;\n")]) is None
    assert highlighter_milliseconds([File(_ID, b"a.c", b"int a;\n")]) is not None


def test_a_change_that_is_too_large_to_be_coloured_takes_nothing() -> None:
    small, large = (Hunk(b"a.c", new=[b"int a;"] * count, added=[b"int a;"] * count) for count in (10, 100_000))
    assert highlighter_milliseconds([Change(_ID, b"", [b"a.c"], [small])]) is not None
    assert highlighter_milliseconds([Change(_ID, b"", [b"a.c"], [large])]) is None
