"""From the bytes of commit and tag objects to values; nothing in them is trusted to be well formed."""

import itertools
import re
from collections.abc import Iterator

from kallithea.vcs.signature import parse_git_signature
from kallithea.vcs.types import Commit

_OBJECT_ID = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?")
# With what Python alone takes for one character, in encodings of source code.
_ASCII = bytes(range(0x20, 0x5C)) + bytes(range(0x5D, 0x7F)) + rb"\u0041"


def parse_commit(commit_id: str, data: bytes) -> Commit:
    """The commit of a commit object. Text in another encoding that the commit itself declares becomes UTF-8.

    As for git, a message ends at its first NUL, and all of a commit is in that encoding or nothing.
    """
    head, blank, message = data.partition(b"\n\n")
    text = head + blank + message.partition(b"\0")[0]
    headers, message = _split(text)
    encoding = _first(headers, b"encoding")
    if encoding and encoding.lower() not in (b"utf-8", b"utf8"):
        headers, message = _split(_transcoded(text, encoding))
    author = parse_git_signature(_first(headers, b"author"))
    return Commit(
        commit_id=commit_id,
        parent_ids=tuple(_parents(headers)),
        author=author,
        committer=parse_git_signature(committer) if (committer := _first(headers, b"committer")) else author,
        message=message,
    )


def tree_of_commit(data: bytes) -> str | None:
    """Object id of a commit's root tree; None in a damaged commit."""
    return _id_header(data, b"tree")


def target_of_tag(data: bytes) -> str | None:
    """Object id of what a tag object tags; None in a damaged tag."""
    return _id_header(data, b"object")


def _parents(headers: list[tuple[bytes, bytes]]) -> Iterator[str]:
    """What follows the tree; git knows no parents that come later."""
    for key, value in itertools.islice(headers, 1, None):
        if key != b"parent":
            return
        if _is_id(value):
            yield value.decode("ascii")


def _split(data: bytes) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """Header lines as pairs, continuation lines left out, and the message."""
    head, _, message = data.partition(b"\n\n")
    pairs = (line.partition(b" ") for line in head.split(b"\n") if not line.startswith(b" "))
    return [(key, value) for key, _, value in pairs], message


def _first(headers: list[tuple[bytes, bytes]], wanted: bytes) -> bytes:
    return next((value for key, value in headers if key == wanted), b"")


def _id_header(data: bytes, key: bytes) -> str | None:
    value = _first(_split(data)[0], key)
    return value.decode("ascii") if _is_id(value) else None


def _is_id(value: bytes) -> bool:
    return _OBJECT_ID.fullmatch(value) is not None


def _transcoded(text: bytes, encoding: bytes) -> bytes:
    """``text`` as UTF-8, or unchanged where it is not in the encoding that the commit claims."""
    try:
        # Names such as "hex" or "zip", which are no encodings of text, raise LookupError as unknown ones do.
        name = encoding.decode("ascii")
        # Headers are in ASCII, which UTF-16 and the like would take for something else.
        return text.decode(name).encode("utf-8") if _ASCII.decode(name) == _ASCII.decode("ascii") else text
    except (LookupError, ValueError):
        return text
