"""From the bytes of a changelog entry to values; nothing in them is trusted to be well formed.

The format is: hexadecimal manifest id, author, ``seconds offset extra``, one changed file a line, an empty line, the
message. The offset counts seconds west of UTC.
"""

import re
from dataclasses import dataclass

from kallithea.vcs.signature import moment, parse_person
from kallithea.vcs.types import Signature

_TIME = re.compile(rb"(-?\d{1,20})(?:\.\d*)?(?: (-?\d{1,9}))?")


@dataclass(frozen=True, slots=True)
class ChangelogEntry:
    """A changelog entry as it is stored."""

    author: Signature
    files: tuple[bytes, ...]
    message: bytes


def parse_entry(text: bytes) -> ChangelogEntry:
    """Author, changed files and message; their bytes are not decoded."""
    head, _, message = text.partition(b"\n\n")
    _, user, date, *files = [*head.split(b"\n"), b"", b""] if head.count(b"\n") < 2 else head.split(b"\n")
    name, email = parse_person(user)
    found = _TIME.match(date)
    when = moment(int(found[1]), -int(found[2] or b"0")) if found else moment(0, 0)
    return ChangelogEntry(Signature(name, email, when), tuple(files), message)


def changed(text: bytes, path: bytes) -> bool:
    """Whether the entry names the file ``path`` or one below it."""
    head = text.partition(b"\n\n")[0] + b"\n"
    files = head.split(b"\n", 3)[-1]
    return (
        files.startswith((path + b"\n", path + b"/")) or b"\n" + path + b"\n" in files or b"\n" + path + b"/" in files
    )
