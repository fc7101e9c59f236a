"""The bytes of files."""

import pytest

from kallithea.core.access import Level
from kallithea.vcs.types import Kind
from kallithea.web.files.raw import content_disposition
from tests.factories.repositories import RepositoryBuilder
from tests.web.site import Site, get


@pytest.fixture(params=Kind)
def builder(request: pytest.FixtureRequest, site: Site) -> RepositoryBuilder:
    site.grant("visitors", Level.READ)
    return site.repository("r", request.param)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"plain\n", "text/plain; charset=utf-8"),
        (b"caf\xe9\n", "text/plain; charset=latin-1"),
        (b"<html><script>alert(1)</script>", "text/plain; charset=utf-8"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "text/plain; charset=utf-8"),
        (b"\x89PNG\r\n\x1a\n\0", "image/png"),
        (b"GIF89a\0", "image/gif"),
        (b"%PDF-1.7\n", "text/plain; charset=utf-8"),
        (b"\0\1\2", "application/octet-stream"),
        (b"", "text/plain; charset=utf-8"),
    ],
)
def test_type_of_raw_content(site: Site, builder: RepositoryBuilder, content: bytes, kind: str) -> None:
    builder.commit({b"file.html": content})
    answer = get(site.browser(), "/r/raw/tip/file.html")
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["Content-Length"] == str(len(content))
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.body == content


def test_a_long_file_is_sent_whole(site: Site, builder: RepositoryBuilder) -> None:
    content = b"0123456789abcdef" * 100_000
    builder.commit({b"long": content})
    assert get(site.browser(), "/r/raw/tip/long").body == content


def test_a_head_request_reads_no_content(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"f": b"12345"})
    answer = site.browser().head("/r/raw/tip/f")
    assert (answer.headers["Content-Length"], answer.body) == ("5", b"")


def test_a_download_is_an_attachment(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({'größe "1".txt'.encode(): b"1"})
    answer = get(site.browser(), "/r/rawfile/tip/gr%C3%B6%C3%9Fe%20%221%22.txt")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment; ")


@pytest.mark.parametrize(
    ("name", "header"),
    [
        (b"a.txt", "attachment; filename=\"a.txt\"; filename*=UTF-8''a.txt"),
        ("ö.txt".encode(), "attachment; filename=\"_.txt\"; filename*=UTF-8''%C3%B6.txt"),
        (b'a"b;c', "attachment; filename=\"a_b_c\"; filename*=UTF-8''a%22b%3Bc"),
        (b"a\r\nX: y", "attachment; filename=\"a__X: y\"; filename*=UTF-8''a%E2%90%8D%E2%90%8AX%3A%20y"),
        (b"..\\x", "attachment; filename=\".._x\"; filename*=UTF-8''.._x"),
        (b"\xff", "attachment; filename=\"_\"; filename*=UTF-8''%C3%BF"),
    ],
)
def test_name_of_a_download(name: bytes, header: str) -> None:
    assert content_disposition(name) == header
