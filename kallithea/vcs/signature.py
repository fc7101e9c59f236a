"""Names, mail addresses and times as commits carry them, however odd."""

import datetime
import functools
import re

from kallithea.vcs.types import Signature

_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
# A day is left at both ends, so that converting to any zone stays inside what datetime can hold.
_EARLIEST = int(datetime.datetime(1, 1, 2, tzinfo=datetime.UTC).timestamp())
_LATEST = int(datetime.datetime(9999, 12, 30, tzinfo=datetime.UTC).timestamp())
# What would end the name or the address, or the line.
_DIVIDING = re.compile(rb"[\x00-\x1f\x7f<>]+")
_TIME = re.compile(rb"\s*(-?\d{1,20})(?:\s+([+-]?)(\d{1,9}))?")


def parse_person(text: bytes) -> tuple[bytes, bytes]:
    """Name and mail address of ``Name <mail>``. Without angle brackets, whatever looks like an address is one."""
    name, bracket, rest = text.partition(b"<")
    if bracket:
        return name.strip(), rest.partition(b">")[0].strip()
    text = text.strip()
    return (b"", text) if b"@" in text and b" " not in text else (text, b"")


def moment(seconds: int, offset: int) -> datetime.datetime:
    """Time of so many seconds since 1970 in the zone ``offset`` seconds east of UTC.

    A zone of a day or more is nonsense and read as UTC; a time outside the years 1 to 9999 becomes 1970-01-01, as Git
    shows it.
    """
    if not _EARLIEST <= seconds <= _LATEST:
        return _EPOCH
    minutes = int(offset / 60) if abs(offset) < 24 * 3600 else 0
    return datetime.datetime.fromtimestamp(seconds, _zone(minutes))


@functools.lru_cache(maxsize=200)
def _zone(minutes: int) -> datetime.timezone:
    return datetime.timezone(datetime.timedelta(minutes=minutes)) if minutes else datetime.UTC


def parse_git_signature(text: bytes) -> Signature:
    """Value of an ``author``, ``committer`` or ``tagger`` line: ``Name <mail> seconds zone``, or part of it."""
    before, bracket, after = text.rpartition(b">")
    person, when = (before + bracket, after) if bracket else (text, b"")
    name, email = parse_person(person)
    found = _TIME.match(when)
    if found is None:
        return Signature(name, email, _EPOCH)
    return Signature(name, email, moment(int(found[1]), _zone_offset(found[2] or b"+", found[3] or b"0")))


def _zone_offset(sign: bytes, digits: bytes) -> int:
    """Seconds east of UTC of ``+HHMM``; 0 where that is no time of day."""
    hours, minutes = divmod(int(digits), 100)
    if hours >= 24 or minutes >= 60:
        return 0
    seconds = hours * 3600 + minutes * 60
    return -seconds if sign == b"-" else seconds


def format_person(signature: Signature) -> bytes:
    """``Name <mail>`` on one line; what has a meaning in it is left out of both. The address stands for a lost name."""
    email = _DIVIDING.sub(b"", signature.email).strip()
    name = _DIVIDING.sub(b" ", signature.name).strip()
    return (name or email or b"unknown") + b" <" + email + b">"


def format_git_signature(signature: Signature) -> bytes:
    """The value of an ``author`` or ``committer`` line. A time before 1970, which git refuses, becomes 1970."""
    seconds, east = seconds_and_offset(signature.when)
    hours, minutes = divmod(abs(east) // 60, 60)
    zone = b"%s%02d%02d" % (b"-" if east < 0 else b"+", hours, minutes)
    return b"%s %d %s" % (format_person(signature), max(seconds, 0), zone)


def seconds_and_offset(when: datetime.datetime) -> tuple[int, int]:
    """Whole seconds since 1970, and seconds of the zone east of UTC."""
    offset = when.utcoffset() or datetime.timedelta(0)
    return int(when.timestamp()), int(offset.total_seconds())
