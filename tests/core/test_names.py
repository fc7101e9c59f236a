"""Names: what may be one, and when two are the same."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kallithea.core.errors import InvalidError
from kallithea.core.names import (
    MAX_PATH,
    MAX_SEGMENT,
    RESERVED_FIRST_SEGMENTS,
    find_path_problem,
    name_key,
    natural_key,
    parse_email,
    parse_group_name,
    parse_path,
    parse_person_name,
    parse_user_name,
    prefixes,
)

GOOD_PATHS = [
    "a",
    "A/b",
    "tools/hammer.py",
    "c++",
    "naïve",
    "日本語/プロジェクト",
    "a b",
    "x_y",
    "sub/_private",
    "ß",
    "🎉",
    "sub/css",
]

BAD_PATHS = {
    "..": "begin with '-' or '.'",
    ".": "begin with '-' or '.'",
    "a/../b": "begin with '-' or '.'",
    ".git": "begin with '-' or '.'",
    ".hg": "begin with '-' or '.'",
    ".hg/hgrc": "begin with '-' or '.'",
    "x.git": "end with .git or .hg",
    "x.GIT": "end with .git or .hg",
    "x.hg": "end with .git or .hg",
    "x.git/y": "end with .git or .hg",
    "x/": "empty",
    "/x": "empty",
    "a//b": "empty",
    "": "empty",
    "-x": "begin with '-' or '.'",
    "a/--config=x": "begin with '-' or '.'",
    "x.": "end with a blank, nor end with a dot",
    "x ": "end with a blank, nor end with a dot",
    " x": "end with a blank, nor end with a dot",
    "x\u00a0": "end with a blank, nor end with a dot",
    "x\0y": "must not contain U+0000",
    "x\ny": "must not contain U+000A",
    "x\\y": "must not contain \\",
    "x?y": "must not contain ?",
    "x#y": "must not contain #",
    "x%2fy": "must not contain %",
    "x:y": "must not contain :",
    "<script>": "must not contain <",
    '"x"': 'must not contain "',
    "$(id)": "must not contain $",
    "`id`": "must not contain `",
    "a;id": "must not contain ;",
    "a\u202egit.exe": "must not contain U+202E",
    "🎉\u202e": "must not contain U+202E",
    "a\u200bb": "must not contain U+200B",
    "a\u00a0b": "must not contain U+00A0",
    "a\u2028b": "must not contain U+2028",
    "a\ud800b": "must not contain U+D800",
    "a\ue000b": "must not contain U+E000",
    "_admin": "reserved",
    "_admin/x": "reserved",
    "_1": "reserved",
    "css": "reserved",
    "CSS/x": "reserved",
    "Favicon.ico": "reserved",
    "x" * 101: "longer than 100",
    "x" * 300: "longer than 100",
    "/".join(["x" * 60] * 4): "longer than 240",
    "ﬃ" * 40: "longer than 100",
}


@pytest.mark.parametrize("path", GOOD_PATHS)
def test_good_path(path: str) -> None:
    assert parse_path(path) == path


@pytest.mark.parametrize(("path", "words"), BAD_PATHS.items(), ids=ascii)
def test_bad_path_is_refused_in_words(path: str, words: str) -> None:
    with pytest.raises(InvalidError) as caught:
        parse_path(path, "path")
    assert words in caught.value.problems["path"]


def test_pages_of_the_site_are_reserved() -> None:
    assert all(find_path_problem(name) for name in RESERVED_FIRST_SEGMENTS)


def test_path_is_kept_composed() -> None:
    assert parse_path("cafe\u0301") == "caf\u00e9"


@pytest.mark.parametrize(
    ("one", "other"), [("A/b", "a/B"), ("STRASSE", "straße"), ("É", "e\u0301"), ("Σ", "ς"), ("ΐ", "Ϊ́")]
)
def test_same_name(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("a", "b"), ("e", "é"), ("\N{LATIN SMALL LETTER DOTLESS I}", "i"), ("a", "\N{FULLWIDTH LATIN SMALL LETTER A}")],
)
def test_different_names(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@given(st.text())
@example("\u0345\u0301")
@example("ᾳ\u0301")
@example("\u1e9e\u0307")
def test_key_of_a_key_is_itself(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name)


@given(st.text())
def test_key_does_not_see_how_letters_are_composed(name: str) -> None:
    keys = {name_key(unicodedata.normalize(form, name)) for form in ("NFC", "NFD")}
    assert keys == {name_key(name)}
    assert unicodedata.is_normalized("NFC", name_key(name))


@pytest.mark.parametrize("name", ["a\0b", "a\ud800b"], ids=ascii)
def test_key_can_always_be_looked_up(name: str) -> None:
    assert name_key(name) == "a\uffffb"
    assert find_path_problem(name_key(name)) is not None


@given(st.text(st.characters(codec="ascii", exclude_characters="\0")))
def test_key_of_ascii_is_lower_case(name: str) -> None:
    assert name_key(name) == name.lower()


@given(st.text(max_size=300))
def test_accepted_path_is_harmless(text: str) -> None:
    try:
        path = parse_path(text)
    except InvalidError:
        return
    assert parse_path(path) == path
    assert max(len(path), len(name_key(path))) <= MAX_PATH
    for segment in path.split("/"):
        assert 0 < len(segment) <= MAX_SEGMENT
        assert segment not in (".", "..")
        assert segment.isprintable()


@given(st.lists(st.text(st.characters(exclude_characters="/"), min_size=1), min_size=1))
def test_prefixes_end_at_segments(segments: list[str]) -> None:
    path = "/".join(segments)
    found = prefixes(path)
    assert len(found) == len(segments)
    assert found[-1] == path
    assert all(f"{path}/".startswith(f"{prefix}/") for prefix in found)


@pytest.mark.parametrize("name", ["ada", "Ada.L", "a", "x" * 99, "ada@example.org", "0-1_2+3"])
def test_good_user_name(name: str) -> None:
    assert parse_user_name(name) == name


@pytest.mark.parametrize("name", ["", "-ada", ".ada", "_ada", "a b", "ada\n", "ädä", "a/b", "x" * 100, "a\0", "a:b"])
def test_bad_user_name(name: str) -> None:
    with pytest.raises(InvalidError, match="begin with a letter or digit"):
        parse_user_name(name)


@pytest.mark.parametrize("email", ["ada@example.org", "a.b+c@x", "jörg@müller.example", " ada@example.org "])
def test_good_email(email: str) -> None:
    assert parse_email(email) == email.strip()


@pytest.mark.parametrize(
    "email",
    [
        "ada",
        "@example.org",
        "ada@",
        "a@b@c",
        "a b@c",
        "ada@x..y",
        "Ada <a@b>",
        "a@b,c@d",
        "a@b\nBcc: c@d",
        "a\0@b",
        "a" * 251 + "@b.c",
    ],
)
def test_bad_email(email: str) -> None:
    with pytest.raises(InvalidError, match="write one address such as"):
        parse_email(email)


def test_person_name_may_be_empty_and_is_stripped() -> None:
    assert parse_person_name("", "first_name") == ""
    assert parse_person_name(" Ada  ", "first_name") == "Ada"


@pytest.mark.parametrize("name", ["a\nb", "a\u202eb", "x" * 101])
def test_bad_person_name(name: str) -> None:
    with pytest.raises(InvalidError) as caught:
        parse_person_name(name, "last_name")
    assert "last_name" in caught.value.problems


def test_name_of_a_group_of_users_may_have_blanks() -> None:
    assert parse_group_name("Tool makers") == "Tool makers"
    with pytest.raises(InvalidError):
        parse_group_name("a/b")


def test_numbers_in_names_are_compared_as_numbers() -> None:
    names = [b"1.0", b"a", b"v2", b"v2.9", b"v2.10", b"v2.10-rc1", b"v03", b"v20", b"v" + b"9" * 5000]
    shuffled = [*names[::2], *names[1::2]]
    assert sorted(shuffled, key=natural_key) == names
