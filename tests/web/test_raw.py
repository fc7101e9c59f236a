"""The bytes of files."""

import base64
import contextlib
import json
import pathlib
from dataclasses import replace
from typing import BinaryIO

import pytest

from kallithea.core.access import Level
from kallithea.vcs import opener
from kallithea.vcs.git.trees import GitTree
from kallithea.vcs.hg.trees import HgTree
from kallithea.vcs.slots import Weight, take_slot
from kallithea.vcs.types import Kind
from kallithea.web.downloads import content_disposition
from tests.factories.repositories import RepositoryBuilder, Symlink
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
        (b"%PDF-1.7\n", "application/octet-stream"),
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


PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


def _notebook(*data: dict[str, str]) -> bytes:
    outputs = [{"output_type": "display_data", "data": one} for one in data]
    cells = [{"cell_type": "markdown", "source": "x"}, {"cell_type": "code", "source": "x", "outputs": outputs}]
    return json.dumps({"nbformat": 4, "cells": cells}).encode()


def test_pictures_of_a_notebook_have_addresses(site: Site, builder: RepositoryBuilder) -> None:
    content = _notebook({"image/png": base64.b64encode(PNG).decode()}, {"image/svg+xml": "<svg onload='alert(1)'/>"})
    commit_id = builder.commit({b"a b.ipynb": content})
    page = get(site.browser(), "/r/files/tip/a%20b.ipynb")
    addresses = [picture["src"] for picture in page.html.select(".k-nb img")]
    assert addresses == [f"/r/raw/{commit_id}/a%20b.ipynb?cell=2&output={number}" for number in (1, 2)]
    assert "data:" not in page.text
    # found, and then kept
    answers = [get(site.browser(), address) for address in addresses * 2]
    assert [answer.body for answer in answers] == [PNG, b"<svg onload='alert(1)'/>"] * 2
    assert [answer.headers["Content-Type"] for answer in answers] == ["image/png", "image/svg+xml"] * 2
    for answer in answers:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'; style-src 'unsafe-inline'; sandbox" in answer.headers["Content-Security-Policy"]
        assert "immutable" in answer.headers["Cache-Control"]
    assert len({answer.headers["ETag"] for answer in answers}) == 2
    part = get(site.browser(), addresses[0], headers={"Range": "bytes=1-3"})
    assert (part.status_int, part.body) == (206, b"PNG")
    for address in (addresses[0], "/r/raw/tip/a%20b.ipynb?cell=2&output=1"):
        headers = {"If-None-Match": get(site.browser(), address).headers["ETag"]}
        assert get(site.browser(), address, headers=headers).status_int == 304
    assert get(site.browser(), "/r/rawfile/tip/a%20b.ipynb?cell=2&output=1").body == content


@pytest.mark.parametrize(
    "address",
    [
        "a.ipynb?cell=1&output=1",
        "a.ipynb?cell=2&output=2",
        "a.ipynb?cell=2&output=99999999999",
        "a.ipynb?cell=x&output=",
        "b.ipynb?cell=2&output=1",
        "a.txt?cell=2&output=1",
        "link.ipynb?cell=2&output=1",
        "d?cell=2&output=1",
        "absent.ipynb?cell=2&output=1",
    ],
)
def test_there_are_no_other_pictures(site: Site, builder: RepositoryBuilder, address: str) -> None:
    content = _notebook({"image/png": base64.b64encode(PNG).decode()}, {"image/png": "PHNjcmlwdD4="})
    files = {b"a.ipynb": content, b"b.ipynb": b"{}", b"a.txt": content + b" ", b"d/f": b"1"}
    builder.commit({**files, b"link.ipynb": Symlink(b"a.ipynb")})
    assert get(site.browser(), f"/r/raw/tip/{address}").status_int == 404


def test_pictures_of_a_hidden_repository_are_hidden(site: Site, builder: RepositoryBuilder) -> None:
    content = _notebook({"image/png": base64.b64encode(PNG).decode()})
    builder.commit({b"a.ipynb": content})
    address = "raw/tip/a.ipynb?cell=2&output=1"
    assert get(site.browser(), f"/r/{address}").status_int == 200
    other = site.repository("hidden", builder.kind, private=True)
    other.commit({b"a.ipynb": content})
    assert get(site.browser(), f"/hidden/{address}").status_int == 404


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


@pytest.fixture(params=["in memory", "streamed"])
def content(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """A content that is read at once, or comes from another process."""
    if request.param == "streamed":
        monkeypatch.setattr("kallithea.vcs.git.trees._SMALL", 1000)
        monkeypatch.setattr("kallithea.vcs.hg.trees.LARGE", 1000)
        monkeypatch.setattr("kallithea.services.raw_files._KEPT", 1000)
    return b"%05d\n" * 20_000 % tuple(range(20_000))


@pytest.mark.parametrize(("start", "end"), [(0, 9), (5, 7999), (7990, 8010), (8000, 8000), (100_000, 119_999)])
def test_a_part_of_a_file(site: Site, builder: RepositoryBuilder, content: bytes, start: int, end: int) -> None:
    builder.commit({b"f": content})
    answer = get(site.browser(), "/r/raw/tip/f", headers={"Range": f"bytes={start}-{end}"})
    assert (answer.status_int, answer.body) == (206, content[start : end + 1])
    assert answer.headers["Content-Range"] == f"bytes {start}-{end}/120000"
    assert answer.headers["Content-Length"] == str(end + 1 - start)
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"


def test_the_whole_of_a_file(site: Site, builder: RepositoryBuilder, content: bytes) -> None:
    builder.commit({b"f": content})
    answer = get(site.browser(), "/r/raw/tip/f")
    assert (answer.status_int, answer.body) == (200, content)
    assert answer.headers["Accept-Ranges"] == "bytes"


def test_a_part_beyond_the_end(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"f": b"12345"})
    answer = get(site.browser(), "/r/raw/tip/f", headers={"Range": "bytes=5-"})
    assert (answer.status_int, answer.headers["Content-Range"]) == (416, "bytes */5")


def test_a_download_goes_on_only_with_the_same_content(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"f": b"12345"})
    tag = get(site.browser(), "/r/raw/tip/f").headers["ETag"]
    headers = {"Range": "bytes=2-", "If-Range": tag}
    assert get(site.browser(), "/r/raw/tip/f", headers=headers).body == b"345"
    builder.commit({b"f": b"abcde"})
    answer = get(site.browser(), "/r/raw/tip/f", headers=headers)
    assert (answer.status_int, answer.body) == (200, b"abcde")


def test_a_head_request_has_no_part(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"f": b"12345"})
    answer = site.browser().head("/r/raw/tip/f", headers={"Range": "bytes=2-"})
    assert (answer.status_int, answer.headers["Content-Length"]) == (200, "5")


def test_a_file_that_has_not_changed_is_not_sent_again(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"f": b"12345", b"g": b"1"})
    tag = get(site.browser(), "/r/raw/tip/f").headers["ETag"]
    builder.commit({b"g": b"2"})
    assert get(site.browser(), "/r/raw/tip/f", headers={"If-None-Match": tag}).status_int == 304
    builder.commit({b"f": b"54321"})
    assert get(site.browser(), "/r/raw/tip/f", headers={"If-None-Match": tag}).status_int == 200


def test_of_a_public_repository_content_by_id_is_kept(site: Site, builder: RepositoryBuilder) -> None:
    commit_id = builder.commit({b"f": b"12345"})
    site.user("ada")
    kept = get(site.browser(), f"/r/raw/{commit_id}/f").headers["Cache-Control"]
    # by the browser of who could read it, and by no proxy: the repository may become private
    assert kept == "private, max-age=31536000, immutable"
    assert get(site.browser(), f"/r/raw/{commit_id}/f").headers["Vary"] == "Cookie"
    for browser, address in (
        (site.browser(), "/r/raw/tip/f"),
        (site.browser(), f"/r/raw/{commit_id[:12]}/f"),
        (site.browser("ada"), f"/r/raw/{commit_id}/f"),
    ):
        assert get(browser, address).headers["Cache-Control"] == "private, no-cache"


def test_an_unchanged_file_by_id_opens_no_repository(
    site: Site, builder: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit_id = builder.commit({b"f": b"12345"})
    tag = get(site.browser(), f"/r/raw/{commit_id}/f").headers["ETag"]
    monkeypatch.delattr(opener, "open_repository")
    assert get(site.browser(), f"/r/raw/{commit_id}/f", headers={"If-None-Match": tag}).status_int == 304
    assert get(site.browser(), f"/r/raw/{commit_id}/f", headers={"If-None-Match": f"W/{tag}"}).status_int == 304


def test_who_may_not_read_is_not_told_that_nothing_changed(site: Site, builder: RepositoryBuilder) -> None:
    commit_id = builder.commit({b"f": b"12345"})
    tag = get(site.browser(), f"/r/raw/{commit_id}/f").headers["ETag"]
    site.grant("visitors", Level.NONE)
    assert get(site.browser(), f"/r/raw/{commit_id}/f", headers={"If-None-Match": tag}).status_int == 404


def test_a_branch_called_like_an_id_is_not_kept(site: Site) -> None:
    site.grant("visitors", Level.READ)
    builder = site.repository("g")
    builder.bookmark(b"a" * 40, builder.commit({b"f": b"12345"}))
    answer = get(site.browser(), f"/g/raw/{'a' * 40}/f")
    assert (answer.body, answer.headers["Cache-Control"]) == (b"12345", "private, no-cache")


def test_a_file_above_the_limit(site: Site, builder: RepositoryBuilder) -> None:
    site.application.settings = replace(site.application.settings, raw_size_limit=4)
    builder.commit({b"f": b"12345", b"g": b"1234"})
    answer = get(site.browser(), "/r/raw/tip/f")
    assert answer.status_int == 403
    assert "raw_size_limit" in answer.text
    assert get(site.browser(), "/r/raw/tip/g").body == b"1234"


def test_a_large_file_is_read_once_for_all_its_parts(
    site: Site, builder: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kallithea.services.raw_files._KEPT", 1000)
    builder.commit({b"f": b"x" * 5000})
    get(site.browser(), "/r/raw/tip/f", headers={"Range": "bytes=0-1"})
    for kind in (GitTree, HgTree):
        monkeypatch.setattr(kind, "open_blob", None)
    assert get(site.browser(), "/r/raw/tip/f", headers={"Range": "bytes=-2"}).body == b"xx"


def test_a_large_file_is_kept_as_heavy_work_and_where_there_is_room(
    site: Site, builder: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kallithea.services.raw_files._KEPT", 1000)
    monkeypatch.setattr("kallithea.services.raw_files._PATIENCE", 0)
    builder.commit({b"f": b"x" * 5000})
    options, store, part = site.application.vcs_options, site.application.caches.archives, {"Range": "bytes=0-1"}
    with contextlib.ExitStack() as taken:
        for _ in range(options.heavy_processes):
            taken.enter_context(take_slot(options, Weight.HEAVY, 0) or pytest.fail("a slot"))
        assert get(site.browser(), "/r/raw/tip/f", headers=part, status=503)

    def ask_meanwhile(_file: BinaryIO) -> None:
        answer = get(site.browser(), "/r/raw/tip/f", headers=part, status=503)
        assert "no room on the server" in answer.text

    monkeypatch.setattr(store, "_limit", 6000)
    store.produce("another", ask_meanwhile, expected=5000).close()
    assert get(site.browser(), "/r/raw/tip/f", headers=part).body == b"xx"


def test_nothing_of_a_request_stays_open(site: Site, builder: RepositoryBuilder, content: bytes) -> None:
    builder.commit({b"f": content})
    browser = site.browser()
    get(browser, "/r/raw/tip/f")
    before = len(list(pathlib.Path("/proc/self/fd").iterdir()))
    for headers in ({}, {"Range": "bytes=1-2"}, {"Range": "bytes=999999-"}):
        get(browser, "/r/raw/tip/f", headers=headers)
        browser.head("/r/raw/tip/f", headers=headers)
    assert len(list(pathlib.Path("/proc/self/fd").iterdir())) <= before
