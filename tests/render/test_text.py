"""From bytes to text."""

import pytest

from kallithea.render.text import decode, encoding_of, one_line, short_line, visible, visible_lines


@pytest.mark.parametrize(
    ("data", "encodings", "text", "name"),
    [
        ("größe".encode(), ("utf-8",), "größe", "utf-8"),
        (b"\xef\xbb\xbfa", ("utf-8",), "a", "utf-8"),
        ("größe".encode("cp1251", "replace"), ("cp1251",), "gr??e", "utf-8"),
        ("дом".encode("koi8-r"), ("koi8-r", "latin-2"), "дом", "koi8-r"),
        (b"\xe9", ("utf-8",), "é", "latin-1"),
        (b"\xe9", ("no-such-encoding",), "é", "latin-1"),
        (b"", (), "", "utf-8"),
    ],
)
def test_bytes_become_text(data: bytes, encodings: tuple[str, ...], text: str, name: str) -> None:
    assert decode(data, encodings) == text
    assert encoding_of(data, encodings) == name


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain\ttab", "plain\ttab"),
        ("a\nb", "a␊b"),
        ("a\x00\x1b[31m\x7f", "a␀␛[31m␡"),
        ("evil\u202etxt.exe", "evil⟨U+202E⟩txt.exe"),
        ("zero\u200bwidth\ufeff", "zero⟨U+200B⟩width⟨U+FEFF⟩"),
        ("family 👨‍👩‍👧", "family 👨‍👩‍👧"),
        ("\ud800", "⟨U+D800⟩"),
    ],
)
def test_what_is_not_seen_is_made_visible(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_line_ends_stay_in_text_of_several_lines() -> None:
    assert visible_lines("a\r\nb\rc\n\u2028d") == "a\nb␍c\n⟨U+2028⟩d"


def test_a_name_is_one_line() -> None:
    assert one_line(b"a\nb\xff") == "a␊bÿ"


def test_a_long_name_is_cut_in_a_list() -> None:
    assert short_line("ä".encode() * 500) == "ä" * 500
    assert short_line("ä".encode() * 501) == "ä" * 499 + "…"
    assert short_line(b"a\nb") == "a␊b"
