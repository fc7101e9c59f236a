"""What a page says, whoever made it: its text without markup, and what of an expected text is missing in it."""

import gzip
import html
import io
import re
import tarfile
from collections.abc import Iterable, Mapping
from hashlib import sha256

_MARKUP = re.compile(rb"<(?:script|style)\b.*?</(?:script|style)>|<!--.*?-->|<[^>]*>", re.DOTALL | re.IGNORECASE)
_LINK = re.compile(rb"<a\b[^>]*>(.*?)</a>", re.DOTALL | re.IGNORECASE)
#: Pages show tabs as spaces, form feeds as pictures, and invisible characters in their own ways.
_NOT_COMPARED = re.compile(r"[\s\x00-\x1f\x7f-\xa0\u200b-\u200f\ufffd]+")


def text_of(page: bytes) -> str:
    """The text of a page without its white space."""
    return squeeze(html.unescape(_MARKUP.sub(b"", page).decode(errors="replace")))


def squeeze(text: str) -> str:
    """The text without white space, which every server shows in its own way."""
    return _NOT_COMPARED.sub("", text)


def links_of(page: bytes) -> set[str]:
    """The words of all links, without white space and the slash with which some end the names of folders."""
    return {text_of(words).rstrip("/") for words in _LINK.findall(page)}


def find_missing_line(lines: Iterable[bytes], page: bytes) -> str:
    """The first line that the page does not have behind the one before it; empty if all are there.

    Lines that are not UTF-8 are not looked for: what they are shown as is a matter of taste.
    """
    text, position = text_of(page), 0
    for line in lines:
        try:
            wanted = squeeze(line.decode())
        except UnicodeDecodeError:
            continue
        found = text.find(wanted, position)
        if found < 0:
            return line.decode()
        position = found + len(wanted)
    return ""


def digests_of_archive(data: bytes) -> dict[bytes, str]:
    """The hash of each file and the target of each link in a .tar.gz, by path without the folder around all.

    Raises ``tarfile.TarError``, ``EOFError`` or ``OSError`` for one that is torn.
    """
    found = {}
    unpacked = io.BytesIO(gzip.decompress(data))
    with tarfile.open(fileobj=unpacked, mode="r:", encoding="utf-8", errors="surrogateescape") as archive:
        for member in archive:
            path = member.name.partition("/")[2].encode(errors="surrogateescape")
            if member.issym():
                found[path] = member.linkname
            elif member.isfile():
                stream = archive.extractfile(member)
                assert stream is not None
                found[path] = sha256(stream.read()).hexdigest()
    return found


def find_difference(expected: Mapping[bytes, str], found: Mapping[bytes, str]) -> str:
    """The first path that is missing or different; more than was expected is no fault."""
    for path, digest in expected.items():
        if path not in found:
            return f"{path!r}"
        if found[path] != digest:
            return f"the right {path!r}"
    return ""
