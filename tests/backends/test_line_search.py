"""Lines of files that have something."""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kallithea.vcs import line_search
from kallithea.vcs.backend import Repository
from kallithea.vcs.line_patterns import PatternError
from kallithea.vcs.line_search import FoundLines, LineMatcher, LineQuery, Stopped
from kallithea.vcs.types import PathNotFoundError, RevisionNotFoundError
from tests.backends.conftest import Open
from tests.factories.repositories import Content, Executable, RepositoryBuilder, Symlink

FILES: dict[bytes, Content] = {
    b"a.py": b"import os\n\ndef read_file(path):\n    return 'a{1}[b]'\n",
    b"d/b.txt": "größe = read\r\nread_file read\nlast without end: read".encode(),
    b"d/e/c.sh": Executable(b"#!/bin/sh\nreading 12 -e --help ]x[ ^ - \\\n"),
    b"d.txt": b"Read (it)\t*now*\n",
    b"link": Symlink(b"read"),
    b"picture": b"read\0read\n",
}


def numbered(found: FoundLines) -> list[tuple[str, int]]:
    return [(file.path.decode(), line.number) for file in found.files for line in file.lines]


@pytest.fixture
def filled(builder: RepositoryBuilder, reopened: Open) -> tuple[Repository, str, str]:
    """A repository, its commit with all files, and the one after it, in which one of them has changed."""
    first = builder.commit(FILES)
    second = builder.commit({b"a.py": b"new\n"})
    return reopened(builder), first, second


A, B, C, D = "a.py", "d/b.txt", "d/e/c.sh", "d.txt"
QUERIES = [
    (LineQuery("read"), [(A, 3), (B, 1), (B, 2), (B, 3), (C, 2)]),
    (LineQuery("READ", ignore_case=True), [(A, 3), (D, 1), (B, 1), (B, 2), (B, 3), (C, 2)]),
    (LineQuery("GRÖSSE", ignore_case=True), []),
    (LineQuery("GRÖßE", ignore_case=True), [(B, 1)]),
    (LineQuery("read", whole_words=True), [(B, 1), (B, 2), (B, 3)]),
    (LineQuery("(it)\t*now*"), [(D, 1)]),
    (LineQuery("-e"), [(C, 2)]),
    (LineQuery("--help"), [(C, 2)]),
    (LineQuery("a{1}[b]"), [(A, 4)]),
    (LineQuery("read", path=b"d"), [(B, 1), (B, 2), (B, 3), (C, 2)]),
    (LineQuery("read", path=b"d/b.txt"), [(B, 1), (B, 2), (B, 3)]),
    (LineQuery("^(def|import) ", regular=True), [(A, 1), (A, 3)]),
    (LineQuery(r"\d+ -e", regular=True), [(C, 2)]),
    (LineQuery(r"read$", regular=True), [(B, 2), (B, 3)]),
    (LineQuery(r"\w+_\w+\(", regular=True), [(A, 3)]),
    (LineQuery(r"gr.{2}e", regular=True), [(B, 1)]),
    (LineQuery(r"a{1}\[b]", regular=True), []),
    (LineQuery(r"a\{1}\[b]", regular=True), [(A, 4)]),
    (LineQuery(r"f[[:space:]]*=[^a-q]*r", regular=True), []),
    (LineQuery(r"e[[:space:]]*=[^a-q]*r", regular=True), [(B, 1)]),
    (LineQuery(r"[]^\\-] [\^]", regular=True), []),
    (LineQuery(r"[][] [\^] [-] [\\]", regular=True), [(C, 2)]),
    (LineQuery(r"[]x[]+ [\^] [-] [\\]", regular=True), [(C, 2)]),
    (LineQuery(r"(it\))\t\*", regular=True), [(D, 1)]),
]


@pytest.mark.parametrize(("query", "expected"), QUERIES, ids=range(len(QUERIES)))
def test_lines_are_found_by_their_numbers(
    filled: tuple[Repository, str, str], query: LineQuery, expected: list[tuple[str, int]]
) -> None:
    repository, first, _second = filled
    found = repository.search_lines(first, query, limit=100, seconds=30)
    assert numbered(found) == expected
    assert (found.stopped, found.left_out) == (None, 0)


def test_a_line_is_whole_and_says_where_it_has_what_is_looked_for(filled: tuple[Repository, str, str]) -> None:
    repository, first, _second = filled
    (found,) = repository.search_lines(first, LineQuery("read", path=b"d/b.txt"), limit=100, seconds=30).files
    assert [(line.text, line.spans) for line in found.lines] == [
        ("größe = read\r".encode(), ((10, 14),)),
        (b"read_file read", ((0, 4), (10, 14))),
        (b"last without end: read", ((18, 22),)),
    ]
    whole = LineQuery("read", whole_words=True, path=b"d/b.txt")
    (found,) = repository.search_lines(first, whole, limit=100, seconds=30).files
    assert found.lines[1].spans == ((10, 14),)


def test_only_the_commit_that_was_named_is_looked_through(filled: tuple[Repository, str, str]) -> None:
    repository, _first, second = filled
    assert numbered(repository.search_lines(second, LineQuery("new"), limit=9, seconds=30)) == [(A, 1)]
    assert numbered(repository.search_lines(second, LineQuery("import"), limit=9, seconds=30)) == []
    with pytest.raises(RevisionNotFoundError):
        repository.search_lines("f" * 40, LineQuery("new"), limit=9, seconds=30)
    for path in (b"absent", b"../a.py", b"-d", b":/"):
        with pytest.raises(PathNotFoundError):
            repository.search_lines(second, LineQuery("new", path=path), limit=9, seconds=30)


def test_what_is_found_is_bounded(filled: tuple[Repository, str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    repository, first, _second = filled
    found = repository.search_lines(first, LineQuery("read"), limit=2, seconds=30)
    assert (numbered(found), found.stopped) == ([(A, 3), (B, 1)], Stopped.LINES)
    assert repository.search_lines(first, LineQuery("read"), limit=5, seconds=30).stopped is None
    assert repository.search_lines(first, LineQuery("read"), limit=5, seconds=0).stopped is Stopped.TIME
    monkeypatch.setattr(line_search, "MOST_BYTES", 40)
    found = repository.search_lines(first, LineQuery("read"), limit=5, seconds=30)
    assert (numbered(found), found.stopped) == ([(A, 3), (B, 1)], Stopped.BYTES)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Write what you look for"),
        ("a\nb", "Only one line"),
        ("a" * 1001, "too long"),
        ("a*", "fits every line"),
        ("^", "fits every line"),
        ("*a", "Before '\\*' stands nothing"),
        ("a*?", "Before '\\?' stands nothing"),
        ("(?i)a", "Before '\\?' stands nothing"),
        ("a(", "no regular expression"),
        ("a)", "no regular expression"),
        ("a[b", "missing after '\\['"),
        ("a\\", "missing after"),
        (r"(a)\1", "is not known here"),
        (r"\bword", "is not known here"),
        ("[[:none:]]", "no class 'none'"),
        ("[z-a]", "no range"),
        ("a{1001}", "no regular expression"),
        ("((a{1,100}){1,100}){1,100}", "no regular expression"),
    ],
)
def test_what_is_no_pattern_is_explained(text: str, words: str) -> None:
    with pytest.raises(PatternError, match=words):
        LineMatcher(LineQuery(text, regular=True))


NUMBERS = itertools.count()
LETTERS = "ab_é1]^-\\[. \t"
ATOM = st.one_of(
    st.sampled_from(
        ["a", "b", "_", "é", "1", ".", r"\d", r"\W", r"\s", r"\.", r"\\", r"\^", "[[:alnum:]]", "{", "^", "$"]
    ),
    st.tuples(
        st.sampled_from(["[", "[^"]),
        st.lists(
            st.sampled_from(["a", "b", "é", "^", "-", r"\]", r"\[", r"\\", "0-9", r"\w", "."]), min_size=1, max_size=4
        ),
    ).map(lambda made: f"{made[0]}a{''.join(made[1])}]"),
)
PATTERNS = st.recursive(
    ATOM,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        inner.map(lambda text: f"({text})*"),
        inner.map(lambda text: f"({text}){{1,2}}"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]}|{two[1]})"),
    ),
    max_leaves=5,
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    lines=st.lists(st.text(LETTERS, max_size=8), min_size=1, max_size=8),
    pattern=PATTERNS,
    whole_words=st.booleans(),
    ignore_case=st.booleans(),
)
def test_both_kinds_find_what_the_pattern_says(
    builder: RepositoryBuilder,
    reopened: Open,
    lines: list[str],
    pattern: str,
    whole_words: bool,
    ignore_case: bool,
) -> None:
    query = LineQuery(pattern, True, ignore_case, whole_words)
    try:
        matcher = LineMatcher(query)
    except PatternError:
        return
    written = [line.encode() for line in lines]
    commit_id = builder.commit({b"f": b"\n".join(written) + b"\n", b"g": b"%d" % next(NUMBERS)})
    found = reopened(builder).search_lines(commit_id, query, limit=100, seconds=30)
    expected = [("f", number) for number, line in enumerate(written, 1) if matcher.spans(line)]
    assert [row for row in numbered(found) if row[0] == "f"] == expected
