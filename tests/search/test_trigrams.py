"""What a pattern needs in a text, found from the pattern alone."""

import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st

from kallithea.search.trigrams import of_pattern, of_text, pieces

PATTERNS = [
    ("anchor", ["anc", "nch", "cho", "hor"]),
    ("an", []),
    ("anch.r", ["anc", "nch"]),
    ("anchor?s", ["anc", "nch", "cho"]),
    ("anchor+s", ["anc", "nch", "cho", "hor"]),
    ("abc|def", []),
    ("(abc|def)ghi", ["ghi"]),
    (r"abc\.def", ["abc", "bc.", "c.d", ".de", "def"]),
    (r"abc\ddef", ["abc", "def"]),
    ("[abc]def", ["def"]),
    ("[]a]bcd", ["bcd"]),
    ("[[:alpha:]]bcd", ["bcd"]),
    ("abc{2}def", ["def"]),
    ("abc def", ["abc", "def"]),
    ("ABC", ["abc"]),
    (r"\Qa|b\Ecde", []),
    (r"\x41bcd", ["bcd"]),
    (r"\p{L}bcd", ["bcd"]),
    (r"\pNbcd\PLefg", ["bcd", "efg"]),
    ("a(b(c)d)efg", ["efg"]),
]


@pytest.mark.parametrize(("pattern", "expected"), PATTERNS, ids=[pattern for pattern, _ in PATTERNS])
def test_trigrams_of_a_pattern(pattern: str, expected: list[str]) -> None:
    assert of_pattern(pattern) == expected


@given(
    st.text(alphabet="abc.*+?()[]|{}1,^$\\d- A", min_size=1, max_size=14),
    st.lists(st.text(alphabet="abcA1-. \n", max_size=30), min_size=1, max_size=5),
)
def test_every_text_in_which_a_pattern_is_found_has_its_trigrams(pattern: str, texts: list[str]) -> None:
    options = re2.Options()
    options.log_errors = False
    try:
        compiled = re2.compile(f"(?m:{pattern})", options)
    except re2.error:
        return
    for text in texts:
        if compiled.search(text):
            assert set(of_pattern(pattern)) <= set(of_text(text))


@given(st.text(max_size=60))
def test_pieces_have_the_trigrams_of_their_text(text: str) -> None:
    assert of_text(pieces(text)) == of_text(text)
