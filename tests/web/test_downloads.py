"""What a Range header asks for (RFC 9110, section 14)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kallithea.web.downloads import NoSuchPartError, Part, parse_range


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-0", Part(0, 1)),
        ("bytes=2-4", Part(2, 3)),
        ("bytes=2-", Part(2, 8)),
        ("bytes=2-99", Part(2, 8)),
        ("bytes=-3", Part(7, 3)),
        ("bytes=-99", Part(0, 10)),
        ("bytes=0-9", Part(0, 10)),
        # not understood, or more than one: everything is sent
        ("bytes=0-1,4-5", None),
        ("bytes=4-2", None),
        ("bytes=-", None),
        ("bytes=a-b", None),
        ("lines=0-1", None),
        ("bytes=" + "9" * 30 + "-", None),
        ("", None),
    ],
)
def test_parts_of_ten_bytes(header: str, part: Part | None) -> None:
    assert parse_range(header, 10) == part


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=10-12", "bytes=99-", "bytes=-0"])
def test_parts_that_do_not_exist(header: str) -> None:
    with pytest.raises(NoSuchPartError):
        parse_range(header, 10)


def test_of_nothing_everything_is_sent() -> None:
    assert parse_range("bytes=0-", 0) is None


@given(st.binary(min_size=1, max_size=50), st.integers(0, 60), st.integers(0, 60))
def test_a_part_is_a_slice(content: bytes, first: int, last: int) -> None:
    try:
        part = parse_range(f"bytes={first}-{last}", len(content))
    except NoSuchPartError:
        assert content[first:] == b""
        return
    if part is None:
        assert last < first
    else:
        assert content[part.start : part.start + part.size] == content[first : last + 1]


@given(st.binary(min_size=1, max_size=50), st.integers(1, 60))
def test_a_suffix_is_a_slice(content: bytes, count: int) -> None:
    part = parse_range(f"bytes=-{count}", len(content))
    assert part is not None
    assert content[part.start : part.start + part.size] == content[-count:]
