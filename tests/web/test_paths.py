"""Reading paths as bytes."""

import pytest

from kallithea.core.errors import NotFoundError
from kallithea.web.paths import find_permanent_id, find_prefixes, read_path, split_path


@pytest.mark.parametrize(
    ("path", "segments"),
    [
        (b"", ()),
        (b"/", ()),
        (b"/a", (b"a",)),
        (b"/a/b/", (b"a", b"b")),
        (b"//a///b", (b"a", b"b")),
        (b"/a/caf\xe9", (b"a", b"caf\xe9")),
        (b"/a/...", (b"a", b"...")),
        (b"/a/.b", (b"a", b".b")),
        (b"/a/b c", (b"a", b"b c")),
    ],
)
def test_segments_of_a_path(path: bytes, segments: tuple[bytes, ...]) -> None:
    assert split_path(path) == segments


@pytest.mark.parametrize("path", [b"/a/../b", b"/..", b"/a/.", b"/a\0b", b"/a/b/.."])
def test_paths_that_can_name_nothing(path: bytes) -> None:
    with pytest.raises(NotFoundError):
        split_path(path)


@pytest.mark.parametrize(
    ("environ", "path"),
    [
        ({"PATH_INFO": "/a/caf\xc3\xa9"}, "/a/café".encode()),
        ({"PATH_INFO": "/a/\xff"}, b"/a/\xff"),
        # a front end that leaves encoded slashes alone, and says nothing of what was sent
        ({"PATH_INFO": "/a/feature%2Fx"}, b"/a/feature/x"),
        ({"PATH_INFO": "/a/feature%2fx", "REQUEST_URI": "/a/feature%2fx"}, b"/a/feature/x"),
        # decoded by the server: what still looks encoded is a name
        ({"PATH_INFO": "/a/100%2Fb", "RAW_URI": "/a/100%252Fb"}, b"/a/100%2Fb"),
        ({}, b""),
    ],
)
def test_what_the_server_tells_of_the_path(environ: dict[str, str], path: bytes) -> None:
    assert read_path(environ) == path


@pytest.mark.parametrize(
    ("segment", "number"),
    [(b"_7", 7), (b"_123456789", 123456789), (b"_0", None), (b"_07", None), (b"_", None), (b"7", None), (b"_7x", None)],
)
def test_permanent_ids(segment: bytes, number: int | None) -> None:
    assert find_permanent_id((segment, b"files")) == number


def test_a_number_that_no_database_holds_is_no_id() -> None:
    assert find_permanent_id((b"_99999999999999999999",)) is None


def test_prefixes_end_where_the_path_is_no_text() -> None:
    assert find_prefixes((b"a", b"b", b"\xff", b"c")) == ["a", "a/b"]


def test_prefixes_end_where_no_name_is_that_long() -> None:
    assert find_prefixes((b"a", *[b"b" * 100] * 9)) == ["a", f"a/{'b' * 100}", f"a/{'b' * 100}/{'b' * 100}"]
