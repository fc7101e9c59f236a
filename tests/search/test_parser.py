"""The language of queries."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kallithea.search.parser import LONGEST_QUERY, MOST_LEAVES, parse_query
from kallithea.search.query import (
    After,
    And,
    Before,
    ByAuthor,
    InLanguage,
    InPath,
    Node,
    Not,
    OfGroup,
    OfRepository,
    OnBranch,
    Or,
    Pattern,
    Phrase,
    Prefix,
    QueryError,
    Substring,
    WithExtension,
    Word,
    leaves,
)

A, B, C = Word("a"), Word("b"), Word("c")
DAY = datetime.datetime(2024, 5, 1, tzinfo=datetime.UTC)

QUERIES: list[tuple[str, Node]] = [
    ("a", A),
    ("Read_File", Word("read_file")),
    ("a b", And((A, B))),
    ("a AND b", And((A, B))),
    ("a OR b c", Or((A, And((B, C))))),
    ("(a OR b) c", And((Or((A, B)), C))),
    ("a NOT b", And((A, Not(B)))),
    ("a -b", And((A, Not(B)))),
    ("a NOT NOT b", And((A, B))),
    ('"a  b"', Phrase(("a", "b"))),
    ("a.b::c", Phrase(("a", "b", "c"))),
    ('"a b', Phrase(("a", "b"))),
    ("and or not", And((Word("and"), Word("or"), Word("not")))),
    ("stat*", Prefix("stat")),
    ("*stat*", Substring("stat")),
    ("*st*", Prefix("st")),
    (r"/a b\/c/", Pattern("a b/c")),
    ("/etc/passwd", Phrase(("etc", "passwd"))),
    ("path:Src/**.py", InPath("src/**.py")),
    ('path:"a b"', InPath("a b")),
    ("ext:.PY", WithExtension("py")),
    ("lang:C++", InLanguage("c++")),
    ("author:Ada", ByAuthor("ada")),
    ("repo:g/*", OfRepository("g/*")),
    ("group:g/", OfGroup("g")),
    ("branch:Main", OnBranch("Main")),
    ("after:2024-05", After(DAY)),
    ("before:2024-05-01", Before(DAY)),
]


@pytest.mark.parametrize(("text", "expected"), QUERIES, ids=[text for text, _ in QUERIES])
def test_what_is_read(text: str, expected: Node) -> None:
    assert parse_query(text) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Write what you look for"),
        ("   ", "Write what you look for"),
        ("NOT a", "only says what you do not look for"),
        ("(a", "not closed"),
        ("a)", "without an opening"),
        ("a OR", "missing"),
        ("OR a", "missing"),
        ("NOT", "missing"),
        ("path:", "missing after 'path:'"),
        ("before:yesterday", "no date"),
        ("a*b", "ends of a word"),
        ("a*", "at least 2 letters"),
        ("->*", "begin of a single word"),
        ("a == b", "no letters or digits"),
        ("++", "no letters or digits"),
        ("/(/", "regular expression /(/ is none"),
        ("/foo)(?:1bar/", "regular expression /foo)(?:1bar/ is none"),
        ("/a{1000}{1000}/", "regular expression"),
        ("a " * LONGEST_QUERY, "too long"),
        (" ".join("a" * (MOST_LEAVES + 1)), "too many parts"),
        ("(" * 30 + "a" + ")" * 30, "too deep"),
    ],
)
def test_what_is_none_says_why(text: str, words: str) -> None:
    with pytest.raises(QueryError) as problem:
        parse_query(text)
    assert words in str(problem.value)


@given(st.text(alphabet='ab*/"()-: \\|[]{}.?+^$ANDORNOTpath0é\n', max_size=60))
def test_whatever_is_written_is_read_or_explained(text: str) -> None:
    try:
        node = parse_query(text)
    except QueryError:
        return
    assert 1 <= len(list(leaves(node))) <= MOST_LEAVES
