"""The parser of diffs: the same for Git's and Mercurial's text."""

import os
import pathlib
import subprocess
import tempfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kallithea.vcs.diff import parse_diff, unquote
from kallithea.vcs.hg.mercurial_setup import mdiff
from kallithea.vcs.types import ChangeKind, Diff, DiffLimits, FileDiff


def parse(text: bytes, limits: DiffLimits | None = None, chunk: int = 1 << 20) -> Diff:
    return parse_diff((text[at : at + chunk] for at in range(0, len(text), chunk)), limits or DiffLimits())


def only(text: bytes) -> FileDiff:
    (file,) = parse(text).files
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
    ("line", "old", "new"),
    [
        (b"a/x b/x", b"x", b"x"),
        (b"a/x y b/x y", b"x y", b"x y"),
        (b"a/x b/x b/x b/x", b"x b/x", b"x b/x"),
        (b'"a/t\\ta" "b/t\\ta"', b"t\ta", b"t\ta"),
        (b'"a/t\\"a b" b/plain', b't"a b', b"plain"),
        (b'a/plain "b/t\\ta"', b"plain", b"t\ta"),
        (b"a/one b/other", b"one", b"other"),
    ],
)
def test_the_two_names_of_a_file(line: bytes, old: bytes, new: bytes) -> None:
    file = only(b"diff --git " + line + b"\nold mode 100644\nnew mode 100755\n")

    assert (file.old_path, file.path) == (old, new)
    assert (file.old_mode, file.new_mode, file.change) == ("100644", "100755", ChangeKind.MODIFIED)


def test_rename_lines_decide_ambiguous_names() -> None:
    file = only(b"diff --git a/one b/two b/three\nsimilarity index 100%\nrename from one b/two\nrename to three\n")

    assert (file.old_path, file.path, file.change) == (b"one b/two", b"three", ChangeKind.RENAMED)


def test_hunks_are_numbered() -> None:
    file = only(
        b"diff --git a/f b/f\nindex 1..2 100644\n--- a/f\n+++ b/f\n"
        b"@@ -10,3 +20,3 @@ int main(void)\n a\n-b\n+c\n d\n@@ -50 +60,0 @@\n-gone\n"
    )

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
    assert (file.added, file.deleted, file.old_mode, file.new_mode) == (1, 2, "100644", "100644")


def test_both_sides_may_lack_the_last_newline() -> None:
    file = only(
        b"diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n"
        b"\\ No newline at end of file\n"
    )

    assert [line.no_newline for line in file.hunks[0].lines] == [True, True]


def test_an_empty_context_line_may_lack_its_space() -> None:
    file = only(b"diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1,2 +1,3 @@\n\n+x\n y\n")

    assert [(line.mark, line.text) for line in file.hunks[0].lines] == [(" ", b""), ("+", b"x"), (" ", b"y")]


def test_a_last_line_without_end() -> None:
    file = only(b"diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -0,0 +1 @@\n+x")

    assert file.hunks[0].lines[0].text == b"x"


@pytest.mark.parametrize(
    "told",
    [
        b"Binary files a/f and b/f differ\n",
        b"Binary file f has changed\n",
        b"GIT binary patch\nliteral 3\nKc$}+Xs0083<N)#j\n\nliteral 0\nHcmV?d00001\n\n",
    ],
)
def test_binary_files(told: bytes) -> None:
    diff = parse(b"diff --git a/f b/f\nindex 1..2 100644\n" + told + b"diff --git a/g b/g\nnew file mode 100644\n")

    assert [(file.path, file.binary) for file in diff.files] == [(b"f", True), (b"g", False)]


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

    (file,) = parse(text, DiffLimits(lines_per_file=30)).files

    assert (file.added, file.hidden_lines) == (100, 70)
    assert [line.new_number for line in file.hunks[0].lines] == list(range(1, 31))


def test_a_line_longer_than_memory_is_not_held() -> None:
    head = b"diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n-a\n"

    def chunks() -> list[bytes]:
        return [head, b"+", *[b"x" * 65536] * 2000, b"\n b\n"]

    (file,) = parse_diff(iter(chunks()), DiffLimits(bytes=1000)).files

    assert (file.added, file.deleted, file.hidden_lines) == (1, 1, 1)


LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [b"same\n", b"other\n", b"\n", b"+++ b/x\n", b"--- a/x\n", b"@@ -1 +1 @@\n", b"diff --git a/x b/\n"]
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
    diff = parse(text, DiffLimits())

    if old == new:
        assert diff.files == ()
        return
    (file,) = diff.files
    assert (file.path, file.old_path) == (name, name)
    assert _apply(old, file) == new


@settings(max_examples=100, deadline=None)
@given(old=TEXT, new=TEXT, context=st.integers(0, 5))
def test_hunks_of_mercurial_do_so_too(old: bytes, new: bytes, context: int) -> None:
    options = mdiff.diffopts(git=True, showfunc=True, context=context)
    headers, hunks = mdiff.unidiff(old, b"", new, b"", b"f", b"f", binary=False, opts=options)
    lines = [line for _, hunk in hunks if hunk for line in hunk]

    (file,) = parse(b"diff --git a/f b/f\n" + b"".join(header + b"\n" for header in headers) + b"".join(lines)).files

    assert _apply(old, file) == new


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


def _apply(old: bytes, file: FileDiff) -> bytes:
    """The new content that the hunks make of the old one."""
    lines = old.split(b"\n")
    ends = [b"\n"] * (len(lines) - 1) + [b""]
    if lines[-1] == b"":
        lines.pop()
    result, position = [], 0
    for hunk in file.hunks:
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
