"""What a client asks for when it fetches: read to tell whether two requests are the same (gitprotocol-v2, -pack)."""

from collections.abc import Iterator
from dataclasses import dataclass

from kallithea.vcs.git.pkt_line import MAX_DATA, PacketError

_HEADER = 4
# Flush, delimiter and end of a response.
_MARKERS = (b"0000", b"0001", b"0002")
_LS_REFS = b"command=ls-refs"
_PREFIX = b"ref-prefix "
_FORMATS = frozenset({b"object-format=sha1", b"object-format=sha256"})
# What differs between clients and changes nothing in the answer.
_ABOUT_THE_CLIENT = (b"agent=", b"session-id=")


@dataclass(frozen=True, slots=True)
class RefsQuestion:
    """A client asks which refs there are; with ``prefixes``, only those with one of these beginnings.

    ``object_format`` is the line by which the client says what kind of ids it expects, empty where it says nothing.
    """

    object_format: bytes
    prefixes: tuple[bytes, ...]
    peel: bool
    symrefs: bool
    unborn: bool


def split_request(request: bytes) -> tuple[bytes, ...]:
    """The lines of a request without their ends, markers as their four digits. Raises PacketError."""
    return tuple(_split(request))


def parse_refs_question(lines: tuple[bytes, ...]) -> RefsQuestion | None:
    """The question of version 2, None where the lines are another request or hold what is not known here."""
    if not lines or lines[0] != _LS_REFS or b"0001" not in lines or lines[-1] != b"0000":
        return None
    middle = lines.index(b"0001")
    formats = [line for line in lines[1:middle] if not line.startswith(_ABOUT_THE_CLIENT)]
    if len(formats) > 1 or not _FORMATS.issuperset(formats):
        return None
    arguments = lines[middle + 1 : -1]
    prefixes = tuple(line.removeprefix(_PREFIX) for line in arguments if line.startswith(_PREFIX))
    flags = {line for line in arguments if not line.startswith(_PREFIX)}
    if not flags <= {b"peel", b"symrefs", b"unborn"}:
        return None
    return RefsQuestion(b"".join(formats), prefixes, b"peel" in flags, b"symrefs" in flags, b"unborn" in flags)


def asks_for_all(lines: tuple[bytes, ...]) -> bool:
    """Whether a client that has nothing wants whole histories: about all that the repository holds."""
    return not any(line.startswith((b"have ", b"shallow ", b"deepen", b"filter ")) for line in lines)


def meaning_of(lines: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """The same for requests that get the same objects: without what tells of the client, wants in order."""
    wants = sorted(_want(line) for line in lines if line.startswith(b"want "))
    capabilities = [word for line in lines for word in _capabilities(line)]
    others = [line for line in lines if not line.startswith((b"want ", *_ABOUT_THE_CLIENT))]
    return (*wants, b"|", *capabilities, b"|", *others)


def _split(request: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(request):
        header = request[at : at + _HEADER]
        if header in _MARKERS:
            yield header
            at += _HEADER
            continue
        try:
            length = int(header, 16) if header.isalnum() else 0
        except ValueError:
            length = 0
        if not _HEADER < length <= MAX_DATA + _HEADER or at + length > len(request):
            raise PacketError("The request is not in git's protocol.")
        yield request[at + _HEADER : at + length].removesuffix(b"\n")
        at += length


def _want(line: bytes) -> bytes:
    return b" ".join(line.split(b" ")[:2])


def _capabilities(line: bytes) -> list[bytes]:
    """What the first line of version 0 adds to an object id."""
    words = line.split(b" ")[2:] if line.startswith(b"want ") else []
    return [word for word in words if not word.startswith(_ABOUT_THE_CLIENT)]
