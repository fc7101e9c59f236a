"""Names, addresses and times of commits."""

import datetime

import pytest

from kallithea.vcs.signature import moment, parse_git_signature, parse_person

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("text", "name", "email"),
    [
        (b"Ada <ada@example.org>", b"Ada", b"ada@example.org"),
        (b"  Ada   < ada@example.org > ", b"Ada", b"ada@example.org"),
        (b"ada@example.org", b"", b"ada@example.org"),
        (b"Ada Lovelace", b"Ada Lovelace", b""),
        (b"Ada at home@night", b"Ada at home@night", b""),
        (b"<ada@example.org>", b"", b"ada@example.org"),
        (b"Ada <ada@example.org", b"Ada", b"ada@example.org"),
        (b"", b"", b""),
        (b"\xff <\xfe>", b"\xff", b"\xfe"),
    ],
)
def test_persons(text: bytes, name: bytes, email: bytes) -> None:
    assert parse_person(text) == (name, email)


@pytest.mark.parametrize(
    ("text", "seconds", "minutes"),
    [
        (b"A <a> 86400 +0130", 86400, 90),
        (b"A <a> 86400 -0130", 86400, -90),
        (b"A <a> 86400 0130", 86400, 90),
        (b"A <a> 86400", 86400, 0),
        (b"A <a> 86400 -0000", 86400, 0),
        (b"A <a> -86400 +0000", -86400, 0),
        (b"A <a> 86400 +9999", 86400, 0),
        (b"A <a> 86400 +2359", 86400, 1439),
        (b"A <a> 99999999999999 +0000", 0, 0),
        (b"A <a>", 0, 0),
        (b"A", 0, 0),
        (b"", 0, 0),
    ],
)
def test_times(text: bytes, seconds: int, minutes: int) -> None:
    when = parse_git_signature(text).when

    assert when.timestamp() == seconds
    assert when.utcoffset() == datetime.timedelta(minutes=minutes)


@pytest.mark.parametrize("seconds", [-(10**18), -62135596800, -62135510400, 253402214400, 253402300799, 10**18])
def test_any_moment_can_be_shown_in_any_zone(seconds: int) -> None:
    for offset in (-86399, -50400, 0, 50400, 86399, 10**9):
        when = moment(seconds, offset)
        when.astimezone(datetime.timezone(datetime.timedelta(hours=14)))
        when.astimezone(datetime.timezone(-datetime.timedelta(hours=14)))
        assert when.isoformat()
