"""From the bytes of a changelog entry to values; nothing in them is trusted to be well formed.

The format is: hexadecimal manifest id, author, ``seconds offset extra``, one changed file a line, an empty line, the
message. The offset counts seconds west of UTC. ``extra`` holds pairs ``key:value``, separated by NUL and escaped.
"""

import datetime
import re
from dataclasses import dataclass

from kallithea.vcs.hg.mercurial_setup import changelog
from kallithea.vcs.signature import moment, parse_person
from kallithea.vcs.types import Signature

_TIME = re.compile(rb"(-?\d{1,20})(?:\.\d*)?(?: (-?\d{1,9}))?(?: (.*))?", re.DOTALL)
_DEFAULT_BRANCH = b"default"


@dataclass(frozen=True, slots=True)
class ChangelogEntry:
    """A changelog entry as it is stored. ``user`` is the whole text that ``author`` was read from."""

    user: bytes
    author: Signature
    branch: bytes
    files: tuple[bytes, ...]
    message: bytes
    closes_branch: bool = False


def parse_entry(text: bytes) -> ChangelogEntry:
    """An entry's values; their bytes are not decoded."""
    head, _, message = text.partition(b"\n\n")
    _, user, date, *files = [*head.split(b"\n"), b"", b""] if head.count(b"\n") < 2 else head.split(b"\n")
    name, email = parse_person(user)
    found, when = _TIME.match(date), parse_time(date)
    extra = _parse_extra(found[3]) if found and found[3] else {}
    branch = extra.get(b"branch", _DEFAULT_BRANCH)
    return ChangelogEntry(user, Signature(name, email, when), branch, tuple(files), message, b"close" in extra)


def split_head(text: bytes) -> tuple[bytes, bytes]:
    """The user of an entry and its line of time; for ``parse_time``. Much faster than parsing the entry."""
    _, user, date = [*text.split(b"\n", 3), b"", b""][:3]
    # Without a user the head is over.
    return user, date if user else b""


def parse_time(date: bytes) -> datetime.datetime:
    """When an entry was made, by its line of time; 1970 for what is none."""
    found = _TIME.match(date)
    return moment(int(found[1]), -int(found[2] or b"0")) if found else moment(0, 0)


def changed(text: bytes, path: bytes) -> bool:
    """Whether the entry names the file ``path`` or one below it."""
    if path not in text:
        return False
    head = text.partition(b"\n\n")[0] + b"\n"
    files = head.split(b"\n", 3)[-1]
    return (
        files.startswith((path + b"\n", path + b"/")) or b"\n" + path + b"\n" in files or b"\n" + path + b"/" in files
    )


def _parse_extra(extra: bytes) -> dict[bytes, bytes]:
    try:
        return dict(changelog.decodeextra(extra))
    except ValueError:
        return {}
