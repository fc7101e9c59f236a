"""Names, addresses and times of commits."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kallithea.vcs.signature import (
    format_git_signature,
    format_person,
    moment,
    parse_git_signature,
    parse_person,
    seconds_and_offset,
)
from kallithea.vcs.types import Signature

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


_WORDS = st.binary(max_size=12)
_OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: datetime.timezone(datetime.timedelta(minutes=minutes)))
_TIMES = st.datetimes(
    datetime.datetime(1970, 1, 3),  # noqa: DTZ001  # the zone is drawn as well
    datetime.datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=_OFFSETS,
)
_SIGNATURES = st.builds(Signature, _WORDS, _WORDS, _TIMES)


@given(_SIGNATURES)
def test_written_signature_is_one_line_and_read_as_it_was_meant(signature: Signature) -> None:
    line = format_git_signature(signature)
    found = parse_git_signature(line)
    assert b"\n" not in line
    assert b"\0" not in line
    assert parse_person(format_person(signature)) == (found.name, found.email)
    assert found.when == signature.when.replace(microsecond=0)
    assert found.when.utcoffset() == signature.when.utcoffset()
    assert format_git_signature(found) == line


@given(st.text("abc ÄÖ.-'", min_size=1, max_size=10).map(str.strip).filter(bool), _TIMES)
def test_ordinary_name_is_kept(name: str, when: datetime.datetime) -> None:
    signature = Signature(name.encode(), b"a@example.org", when)
    assert parse_git_signature(format_git_signature(signature)).name == name.encode()


def test_person_without_a_name_is_called_by_the_address() -> None:
    assert format_person(Signature(b"", b"a@example.org", EPOCH)) == b"a@example.org <a@example.org>"
    assert format_person(Signature(b"<>", b"\n", EPOCH)) == b"unknown <>"


def test_time_before_1970_becomes_1970_in_git() -> None:
    before = datetime.datetime(1960, 5, 5, tzinfo=datetime.UTC)
    assert format_git_signature(Signature(b"A", b"a", before)) == b"A <a> 0 +0000"
    assert seconds_and_offset(before) == (-304819200, 0)
