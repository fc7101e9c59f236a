from scripts.benchmarks.measuring import measure_in_turns
from scripts.benchmarks.pages.highlighter import Highlighter
from scripts.benchmarks.pages.targets import Change, File, Raw, Target
from scripts.benchmarks.truth.patch import Hunk

_ID = "f" * 40


def _milliseconds(*targets: Target) -> float | None:
    highlighter = Highlighter(targets)
    cells = measure_in_turns([highlighter.series(rounds=3)])
    assert [cell.requests for cell in cells] == [3 * len(targets)]
    return highlighter.milliseconds


def test_only_what_is_coloured_is_measured() -> None:
    assert _milliseconds(Raw(_ID, b"a.c", b"int a;\n")) is None
    assert _milliseconds(File(_ID, b"a.c", b"int a;\n"), File(_ID, b"b.c", b"int b;\n")) is not None


def test_a_change_that_is_too_large_to_be_coloured_takes_nothing() -> None:
    small, large = (Hunk(b"a.c", new=[b"int a;"] * count, added=[b"int a;"] * count) for count in (10, 100_000))
    assert _milliseconds(Change(_ID, b"", [b"a.c"], [small])) is not None
    assert _milliseconds(Change(_ID, b"", [b"a.c"], [large])) is None
