"""The reader of patches, and the keeper of hunks behind it."""

import os
import pathlib
import subprocess
import tempfile
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kallithea.vcs.diff import DiffLimits, DiffOptions, Hunk
from kallithea.vcs.hg.mercurial_setup import mdiff
from kallithea.vcs.hg.patches import compare_options, keep_hunks
from kallithea.vcs.hunks import HunkKeeper
from kallithea.vcs.patch import FilePatch, PatchReader, parse_patch, unquote


def parse(text: bytes, limits: DiffLimits | None = None, chunk: int = 1 << 20) -> list[FilePatch]:
    return parse_patch((text[at : at + chunk] for at in range(0, len(text), chunk)), limits or DiffLimits())


def only(text: bytes, limits: DiffLimits | None = None) -> FilePatch:
    (file,) = parse(text, limits)
    return file


@pytest.mark.parametrize(
    ("quoted", "plain"),
    [
        (b"plain", b"plain"),
        (b'"quoted"', b"quoted"),
        (b'"caf\\303\\251"', "café".encode()),
        (b'"\\a\\b\\t\\n\\v\\f\\r\\"\\\\"', b'\a\b\t\n\v\f\r"\\'),
        (b'"\\001\\377"', b"\x01\xff"),
        (b'"\\\\101"', b"\\101"),
        (b'"', b'"'),
        (b'""', b""),
        (b'"open', b'"open'),
    ],
)
def test_quoted_paths(quoted: bytes, plain: bytes) -> None:
    assert unquote(quoted) == plain


@pytest.mark.parametrize(
    ("line", "path"),
    [
        (b"a/x b/x", b"x"),
        (b"a/x y b/x y", b"x y"),
        (b"a/x b/x b/x b/x", b"x b/x"),
        (b'"a/t\\ta" "b/t\\ta"', b"t\ta"),
        (b'"a/t\\"a b" b/plain', b"plain"),
        (b'a/plain "b/t\\ta"', b"t\ta"),
    ],
)
def test_the_name_of_a_file(line: bytes, path: bytes) -> None:
    assert only(b"diff --git " + line + b"\nold mode 100644\nnew mode 100755\n").path == path


def test_rename_lines_decide_ambiguous_names() -> None:
    file = only(b"diff --git a/one b/two b/three\nsimilarity index 100%\nrename from one b/two\nrename to three\n")

    assert file.path == b"three"


def test_hunks_are_numbered() -> None:
    file = only(
        b"diff --git a/f b/f\nindex 1..2 100644\n--- a/f\n+++ b/f\n"
        b"@@ -10,3 +20,3 @@ int main(void)\n a\n-b\n+c\n d\n@@ -50 +60,0 @@\n-gone\n"
    ).lines

    first, second = file.hunks
    assert (first.old_start, first.old_lines, first.new_start, first.new_lines) == (10, 3, 20, 3)
    assert first.section == b"int main(void)"
    assert [(line.mark, line.old_number, line.new_number) for line in first.lines] == [
        (" ", 10, 20),
        ("-", 11, None),
        ("+", None, 21),
        (" ", 12, 22),
    ]
    assert (second.old_lines, second.new_lines, second.section) == (1, 0, b"")
    assert (file.added, file.deleted) == (1, 2)


def test_both_sides_may_lack_the_last_newline() -> None:
    file = only(
        b"diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n"
        b"\\ No newline at end of file\n"
    )

    assert [line.no_newline for line in file.lines.hunks[0].lines] == [True, True]


def test_an_empty_context_line_may_lack_its_space() -> None:
    file = only(b"diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1,2 +1,3 @@\n\n+x\n y\n")

    assert [(line.mark, line.text) for line in file.lines.hunks[0].lines] == [(" ", b""), ("+", b"x"), (" ", b"y")]


def test_a_last_line_without_end() -> None:
    file = only(b"diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -0,0 +1 @@\n+x")

    assert file.lines.hunks[0].lines[0].text == b"x"


@pytest.mark.parametrize(
    "told",
    [
        b"Binary files a/f and b/f differ\n",
        b"Binary file f has changed\n",
        b"GIT binary patch\nliteral 3\nKc$}+Xs0083<N)#j\n\nliteral 0\nHcmV?d00001\n\n",
    ],
)
def test_binary_files(told: bytes) -> None:
    files = parse(b"diff --git a/f b/f\nindex 1..2 100644\n" + told + b"diff --git a/g b/g\nnew file mode 100644\n")

    assert [(file.path, file.binary) for file in files] == [(b"f", True), (b"g", False)]


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\n",
        b"no patch\n",
        b"@@ -1 +1 @@\n-a\n+b\n",
        b"+x\n-y\n",
        b"\\ No newline at end of file\n",
        b"diff --git \n",
        b"diff --git",
        b"diff --git a\n",
        b'diff --git "a/x\n',
        b"diff --git a/x b/x\n@@ -9999999999 +1 @@\n-a\n",
        b"diff --git a/x b/x\n@@ nonsense @@\n",
        b"diff --git a/x b/x\n@@ -1,5 +1,5 @@\n a\n",
        b"diff --git a/x b/x\nnew file mode \xff\n",
    ],
)
def test_what_is_no_patch_does_no_harm(text: bytes) -> None:
    parse(text)


def test_the_chunks_do_not_matter() -> None:
    text = (
        b"diff --git a/f b/f\nindex 1..2 100644\n--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n"
        b"diff --git a/g b/g\nnew file mode 100644\n--- /dev/null\n+++ b/g\n@@ -0,0 +1,2 @@\n+1\n+2\n"
    )

    assert all(parse(text, chunk=size) == parse(text) for size in range(1, 50))


def test_hidden_lines_are_counted() -> None:
    lines = b"".join(b"+%d\n" % number for number in range(100))
    text = b"diff --git a/f b/f\nnew file mode 100644\n--- /dev/null\n+++ b/f\n@@ -0,0 +1,100 @@\n" + lines

    file = only(text, DiffLimits(lines_per_file=30)).lines

    assert (file.added, file.hidden_lines, file.next_line) == (100, 70, 30)
    assert [line.new_number for line in file.hunks[0].lines] == list(range(1, 31))


def test_a_portion_goes_on_where_another_ended() -> None:
    text = b"diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -7,4 +7,4 @@\n a\n-b\n+c\n d\n e\n@@ -20 +20 @@\n-x\n+y\n"

    portions = [only(text, DiffLimits(lines_per_file=3, skipped_lines=skipped)).lines for skipped in (0, 3, 6)]

    numbered = [
        [(line.mark, line.old_number, line.new_number) for hunk in portion.hunks for line in hunk.lines]
        for portion in portions
    ]
    assert numbered[0] == [(" ", 7, 7), ("-", 8, None), ("+", None, 8)]
    assert numbered[1] == [(" ", 9, 9), (" ", 10, 10), ("-", 20, None)]
    assert numbered[2] == [("+", None, 20)]
    assert [(portion.next_line, portion.hidden_lines) for portion in portions] == [(3, 2), (6, 1), (0, 0)]
    assert portions[1].hunks[0].old_start == portions[1].hunks[0].lines[0].old_number


def test_a_limit_of_the_whole_is_told() -> None:
    one = b"diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -0,0 +1,2 @@\n+a\n+b\n"
    for limits, full in (
        (DiffLimits(files=2, lines=4, bytes=100), False),
        (DiffLimits(files=1), True),
        (DiffLimits(lines=3), True),
        (DiffLimits(bytes=10), True),
        (DiffLimits(lines_per_file=1), False),
    ):
        assert list(PatchReader(limits).read([one * 2]))[-1] is full, limits


def test_a_line_longer_than_memory_is_not_held() -> None:
    head = b"diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n-a\n"

    def chunks() -> list[bytes]:
        return [head, b"+", *[b"x" * 65536] * 2000, b"\n b\n"]

    (file,) = parse_patch(iter(chunks()), DiffLimits(bytes=1000))

    assert (file.lines.added, file.lines.deleted, file.lines.hidden_lines) == (1, 1, 1)


@pytest.mark.parametrize("chunk", [7, 100, 10_000])
def test_lines_longer_than_any_portion_are_passed_over(chunk: int) -> None:
    long = b"x" * 300 + b"\n\\ No newline at end of file\n"
    text = b"diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -3,2 +3,2 @@\n a\n-" + long + b"+" + long

    first, second = (
        parse(text, DiffLimits(bytes=100, skipped_lines=skipped), chunk)[0].lines for skipped in (0, 1)
    )  # fmt: skip

    assert ([line.text for line in first.hunks[0].lines], first.overlong_lines) == ([b"a"], 0)
    assert (first.hidden_lines, first.next_line) == (2, 1)
    assert (second.hunks, second.overlong_lines, second.hidden_lines) == ((), 2, 0)
    assert (second.added, second.deleted) == (1, 1)


LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                b"same\n",
                b"other\n",
                b"\n",
                b"long" * 30 + b"\n",
                b"+++ b/x\n",
                b"--- a/x\n",
                b"@@ -1 +1 @@\n",
                b"diff --git a/x b/\n",
            ]
        ),
        st.binary(max_size=6).map(lambda data: data.replace(b"\n", b"").replace(b"\0", b"") + b"\n"),
    ),
    max_size=25,
)
TEXT = st.tuples(LINES, st.binary(max_size=3).map(lambda data: data.replace(b"\0", b""))).map(
    lambda parts: b"".join(parts[0]) + parts[1]
)
NAME = st.binary(min_size=1, max_size=8).filter(
    lambda name: not {0, ord("/")} & set(name) and name not in (b".", b"..") and name.lower() != b".git"
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(old=TEXT, new=TEXT, name=NAME, context=st.integers(0, 5))
def test_hunks_turn_the_old_text_into_the_new(old: bytes, new: bytes, name: bytes, context: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        text = _git_diff(pathlib.Path(folder), name, old, new, context)
    files = parse(text)

    if old == new:
        assert files == []
        return
    (file,) = files
    assert file.path == name
    assert _apply(old, file.lines.hunks) == new
    assert file.lines.added == sum(line.mark == "+" for hunk in file.lines.hunks for line in hunk.lines)


@settings(max_examples=100, deadline=None)
@given(old=TEXT, new=TEXT, context=st.integers(0, 5))
def test_hunks_of_mercurial_do_so_too(old: bytes, new: bytes, context: int) -> None:
    keeper = HunkKeeper(DiffLimits())
    keeper.start_file()
    keep_hunks(keeper, old, new, compare_options(DiffOptions(context)))

    assert _apply(old, keeper.end_file().hunks) == new


@settings(max_examples=100, deadline=None)
@given(old=TEXT, new=TEXT, size=st.integers(1, 9), chunk=st.integers(1, 40), most=st.sampled_from([100, 250, 1000]))
def test_portions_make_the_whole(old: bytes, new: bytes, size: int, chunk: int, most: int) -> None:
    options = compare_options(DiffOptions(1))
    _, hunks = mdiff.unidiff(old, b"", new, b"", b"", b"", binary=False, opts=options)
    text = b"diff --git a/f b/f\n" + b"".join(line for _, lines in hunks for line in lines)
    whole = only(text).lines

    skipped, lines, overlong = 0, [], 0
    while True:
        (portion,) = parse(text, DiffLimits(lines_per_file=size, skipped_lines=skipped, bytes=most), chunk)
        overlong += portion.lines.overlong_lines
        lines += [line for hunk in portion.lines.hunks for line in hunk.lines]
        assert (portion.lines.added, portion.lines.deleted) == (whole.added, whole.deleted)
        if not portion.lines.hidden_lines:
            break
        assert portion.lines.next_line > skipped
        skipped = portion.lines.next_line
    # what follows the last change is left out of a portion that ends with it
    everything = [line for hunk in whole.hunks for line in hunk.lines]
    short = [line for line in everything if len(line.text) + len("\n+") <= most]
    assert lines == short[: len(lines)]
    assert all(line.mark == " " for line in short[len(lines) :])
    changed = sum(line.mark != " " for line in everything) - sum(line.mark != " " for line in short)
    assert changed <= overlong <= len(everything) - len(short)


def _git_diff(folder: pathlib.Path, name: bytes, old: bytes, new: bytes, context: int) -> bytes:
    """What git tells about a file of this name whose content changes from ``old`` to ``new``."""
    for side, data in (("old", old), ("new", new)):
        (folder / side).mkdir()
        (folder / side / os.fsdecode(name)).write_bytes(data)
    done = subprocess.run(
        ["git", "diff", "--no-index", "--text", "--full-index", f"--unified={context}", "--no-prefix", "old", "new"],
        cwd=folder,
        capture_output=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", "GIT_CONFIG_GLOBAL": "/dev/null"},
    )
    assert done.returncode in (0, 1), done.stderr
    return _prefixed(done.stdout)


def _prefixed(text: bytes) -> bytes:
    """The same diff with the usual prefixes of its header lines instead of the folders' names."""
    head, hunk, rest = text.partition(b"\n@@ ")
    for before, after in ((b"old/", b"a/"), (b"new/", b"b/")):
        for start in (b"diff --git ", b"--- ", b"+++ ", b" "):
            for quote in (b"", b'"'):
                head = head.replace(start + quote + before, start + quote + after)
    return head + hunk + rest


def _apply(old: bytes, hunks: Sequence[Hunk]) -> bytes:
    """The new content that the hunks make of the old one."""
    lines = old.split(b"\n")
    ends = [b"\n"] * (len(lines) - 1) + [b""]
    if lines[-1] == b"":
        lines.pop()
    result, position = [], 0
    for hunk in hunks:
        start = hunk.old_start - 1 if hunk.old_lines else hunk.old_start
        result += [line + end for line, end in zip(lines[position:start], ends[position:start], strict=True)]
        position = start + hunk.old_lines
        for line in hunk.lines:
            if line.mark != "+":
                assert line.old_number is not None
                assert lines[line.old_number - 1] == line.text
            if line.mark != "-":
                result.append(line.text + (b"" if line.no_newline else b"\n"))
                assert line.new_number == len(result)
    result += [line + end for line, end in zip(lines[position:], ends[position:], strict=False)]
    return b"".join(result)
