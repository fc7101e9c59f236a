"""All refs as git tells them to those who fetch, kept as git said them, and answers made from that."""

import re
from collections.abc import Iterable, Iterator

from kallithea.vcs.git.fetch_request import RefsQuestion
from kallithea.vcs.git.pkt_line import FLUSH, packet

_PEELED = re.compile(rb" peeled:[0-9a-f]+")
_TARGET = re.compile(rb" symref-target:[^ \n]+")
_UNBORN = b"unborn "


def whole_question(object_format: bytes) -> bytes:
    """The request of which the answer is a listing; ``object_format`` is that of ``RefsQuestion``."""
    capabilities = packet(object_format + b"\n") if object_format else b""
    arguments = b"".join(packet(word + b"\n") for word in (b"peel", b"symrefs", b"unborn"))
    return packet(b"command=ls-refs\n") + capabilities + b"0001" + arguments + FLUSH


def tell_refs(listing: bytes, question: RefsQuestion) -> bytes:
    """What git answers to the question, from its answer to ``whole_question``."""
    lines: Iterable[bytes] = _lines(listing)
    if question.prefixes:
        lines = (line for line in lines if _name(line).startswith(question.prefixes))
    # Nothing else than where HEAD leads can be said of a branch that has no commit.
    if not (question.unborn and question.symrefs):
        lines = (line for line in lines if not line.startswith(_UNBORN))
    if not question.peel:
        lines = (_PEELED.sub(b"", line) for line in lines)
    if not question.symrefs:
        lines = (_TARGET.sub(b"", line) for line in lines)
    return b"".join(map(packet, lines)) + FLUSH


def _name(line: bytes) -> bytes:
    """The full name in a line, behind which more may be said of it."""
    return line.split(maxsplit=2)[1]


def _lines(listing: bytes) -> Iterator[bytes]:
    """The lines with their ends. Names of refs hold no line ends, so that the lengths need not be read."""
    return (line[4:] + b"\n" for line in listing.removesuffix(FLUSH).split(b"\n")[:-1])
