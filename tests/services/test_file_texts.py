"""Text of files: what is not changed stays byte for byte."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kallithea.services.file_texts import (
    EDIT_LIMIT,
    FileText,
    NoTextError,
    UnfitCharacterError,
    keep_line_ends,
    normalize,
    read_text,
)
from kallithea.vcs.types import Blob, EntryKind

ENCODINGS = ("utf-8", "cp1252")


def blob(data: bytes, kind: EntryKind = EntryKind.FILE, path: bytes = b"file") -> Blob:
    return Blob(path, kind, len(data), data, "0" * 40)


def sent(text: str) -> str:
    """A text as browsers send it."""
    return text.replace("\n", "\r\n")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"\n\nbegins with empty lines",
        b"one\ntwo\n",
        b"one\ntwo",
        b"one\r\ntwo\r\n",
        b"one\r\ntwo",
        b"mixed\r\nends\nof\rlines\n\r\n\r",
        "grün\n".encode(),
        "grün €\r\n".encode("cp1252"),
        b"\x81 is in no table\n",
        b"\xef\xbb\xbfmarked\r\n",
        "\u2028\x85\x0b\x0c\n".encode(),
    ],
)
def test_a_text_that_is_left_alone_stays_byte_for_byte(data: bytes) -> None:
    text = read_text(blob(data), ENCODINGS)
    assert "\r" not in text.shown
    assert text.encode(sent(text.shown)) == data


@given(st.text(alphabet="ab\r\n", max_size=40))
def test_line_ends_of_any_text_stay(old: str) -> None:
    assert keep_line_ends(old, normalize(old)) == old


@given(st.text(alphabet="ab\r\n", max_size=30), st.text(alphabet="ab\n", max_size=30))
def test_the_new_lines_are_those_that_were_written(old: str, new: str) -> None:
    assert normalize(keep_line_ends(old, new)) == new


@pytest.mark.parametrize(
    ("old", "new", "kept"),
    [
        ("a\r\nb\r\n", "a\nx\nb\n", "a\r\nx\r\nb\r\n"),
        ("a\r\nb\r\n", "a\nb", "a\r\nb"),
        ("a\r\nb\nc\r\n", "a\nb\nx\nc\n", "a\r\nb\nx\r\nc\r\n"),
        ("a\nb\nc\r\nd", "a\nX\nc\nd", "a\nX\nc\r\nd"),
        ("a\rb\r", "a\nc\n", "a\rc\r"),
        ("a\r\n", "", ""),
        # two ends that would be one
        ("a\rb\n\rc\nd\n", "a\n\nd\n", "a\r\n\nd\n"),
    ],
)
def test_changed_lines_end_as_most_do(old: str, new: str, kept: str) -> None:
    assert keep_line_ends(old, new) == kept


def test_a_character_without_a_place_is_named() -> None:
    text = read_text(blob("grün €\n".encode("cp1252")), ENCODINGS)
    assert text.encode("grau €\n") == "grau €\n".encode("cp1252")
    with pytest.raises(UnfitCharacterError, match=r"cp1252, which has no “→” \(U\+2192\)"):
        text.encode("grün → grau\n")


def test_a_new_file_is_written_in_utf_8_with_lf() -> None:
    assert FileText().encode("a\r\nä") == "a\nä".encode()


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (blob(b"README", EntryKind.SYMLINK), "Symbolic links"),
        (blob(b"a\0b"), "Binary files"),
        (blob(b"a" * 9000 + b"\0"), "Binary files"),
        (Blob(b"file", EntryKind.FILE, EDIT_LIMIT + 1, b"a", "0" * 40, truncated=True), "more than 1 MiB"),
        (
            blob(b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 5\n"),
            "stored elsewhere",
        ),
        (blob(b"0" * 40 + b"\n", path=b".hglf/big"), "stored elsewhere"),
    ],
)
def test_what_is_no_text_is_not_edited(one: Blob, words: str) -> None:
    with pytest.raises(NoTextError, match=words):
        read_text(one, ENCODINGS)


def test_an_encoding_that_would_change_the_rest_is_refused() -> None:
    # the first of two codes for the same sign
    with pytest.raises(NoTextError, match="cp932 would change more"):
        read_text(blob(b"\x87\x90\n"), ("cp932",))
