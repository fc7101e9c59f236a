"""Archives to download."""

import io
import re
import tarfile
import threading
import zipfile
from dataclasses import replace
from typing import BinaryIO

import pytest

from kallithea.core.access import Level
from kallithea.services.archives import archive_key
from kallithea.vcs import opener
from kallithea.vcs.archive import ArchiveFormat, ArchiveOrder
from kallithea.vcs.git.archive import GitArchives
from kallithea.vcs.hg.archive import HgArchives
from kallithea.vcs.types import CorruptObjectError, Kind
from kallithea.web.archives.views import parse_file_name
from tests.factories.repositories import RepositoryBuilder
from tests.web.site import Site, get, links

FILES = {b"a": b"a\n", b"src/b": b"b\n", b"src/deep/c": b"c\n"}


@pytest.fixture(params=Kind)
def builder(request: pytest.FixtureRequest, site: Site) -> RepositoryBuilder:
    site.grant("visitors", Level.READ)
    site.group("team")
    return site.repository("team/r", request.param)


def forbid_making(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in (GitArchives, HgArchives):
        monkeypatch.delattr(kind, "write_archive")


def names(data: bytes) -> set[str]:
    with tarfile.open(fileobj=io.BytesIO(data)) as opened:
        return {entry.name for entry in opened.getmembers() if entry.isfile() and "hg_archival" not in entry.name}


@pytest.mark.parametrize(
    ("ending", "kind"),
    [
        ("zip", "application/zip"),
        ("tar", "application/x-tar"),
        ("tar.gz", "application/gzip"),
        ("tar.bz2", "application/x-bzip2"),
        ("tar.zst", "application/zstd"),
    ],
)
def test_an_archive_says_what_it_is(site: Site, builder: RepositoryBuilder, ending: str, kind: str) -> None:
    commit_id = builder.commit(FILES)
    answer = get(site.browser(), f"/team/r/archive/{commit_id}.{ending}")
    name = f"r-{commit_id[:12]}.{ending}"
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["Content-Disposition"] == f"attachment; filename=\"{name}\"; filename*=UTF-8''{name}"
    assert answer.headers["Content-Length"] == str(len(answer.body))
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_a_tar_file_unpacks_into_one_folder(site: Site, builder: RepositoryBuilder) -> None:
    commit_id = builder.commit(FILES)
    body = get(site.browser(), "/team/r/archive/tip.tar.gz").body
    assert names(body) == {f"r-{commit_id[:12]}/{name.decode()}" for name in FILES}


def test_a_zip_file_of_one_folder(site: Site, builder: RepositoryBuilder) -> None:
    commit_id = builder.commit(FILES)
    answer = get(site.browser(), "/team/r/archive/tip.zip?path=src/deep/")
    with zipfile.ZipFile(io.BytesIO(answer.body)) as opened:
        found = [name for name in opened.namelist() if not name.endswith("/")]
    assert found == [f"r-{commit_id[:12]}/src/deep/c"]
    assert f"r-{commit_id[:12]}-src-deep.zip" in answer.headers["Content-Disposition"]


def test_every_way_to_name_a_revision(site: Site, builder: RepositoryBuilder) -> None:
    commit_id = builder.commit(FILES)
    builder.bookmark(b"feature/x.tar", commit_id)
    for revision in ("feature/x.tar", commit_id, commit_id[:12], "tip" if builder.kind is Kind.HG else "main"):
        answer = get(site.browser(), f"/team/r/archive/{revision}.tar?subrepos=true")
        assert (answer.status_int, len(names(answer.body))) == (200, 3)


@pytest.mark.parametrize(
    "name", ["tip", "tip.rar", ".zip", "absent.zip", "tip/src.zip", "tip.zip/a", "", "tip.zip?path=absent", "tip.ZIP"]
)
def test_what_is_not_there(site: Site, builder: RepositoryBuilder, name: str) -> None:
    builder.commit(FILES)
    assert get(site.browser(), f"/team/r/archive/{name}").status_int == 404


def test_an_empty_repository_has_no_archive(site: Site, builder: RepositoryBuilder) -> None:
    assert get(site.browser(), "/team/r/archive/tip.zip").status_int == 404


def test_an_archive_is_made_once(site: Site, builder: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    builder.commit(FILES)
    first = get(site.browser(), "/team/r/archive/tip.tar.gz")
    forbid_making(monkeypatch)
    again = get(site.browser(), "/team/r/archive/tip.tar.gz")
    assert (again.body, again.headers["ETag"]) == (first.body, first.headers["ETag"])


@pytest.mark.parametrize(("start", "end"), [(0, 0), (10, 99), (100, None)])
def test_a_part_of_an_archive(site: Site, builder: RepositoryBuilder, start: int, end: int | None) -> None:
    builder.commit(FILES)
    whole = get(site.browser(), "/team/r/archive/tip.tar").body
    headers = {"Range": f"bytes={start}-{'' if end is None else end}"}
    answer = get(site.browser(), "/team/r/archive/tip.tar", headers=headers)
    assert (answer.status_int, answer.body) == (206, whole[start : None if end is None else end + 1])


def test_a_head_request_tells_the_size(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit(FILES)
    answer = site.browser().head("/team/r/archive/tip.zip")
    assert answer.body == b""
    assert answer.headers["Content-Length"] == str(len(get(site.browser(), "/team/r/archive/tip.zip").body))


def test_an_archive_that_a_browser_has_is_not_sent_again(
    site: Site, builder: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit_id = builder.commit(FILES)
    headers = {"If-None-Match": get(site.browser(), "/team/r/archive/tip.zip").headers["ETag"]}
    forbid_making(monkeypatch)
    assert get(site.browser(), "/team/r/archive/tip.zip", headers=headers).status_int == 304
    monkeypatch.delattr(opener, "open_repository")
    assert get(site.browser(), f"/team/r/archive/{commit_id}.zip", headers=headers).status_int == 304


def test_who_may_not_read_gets_nothing(site: Site, builder: RepositoryBuilder) -> None:
    commit_id = builder.commit(FILES)
    headers = {"If-None-Match": get(site.browser(), f"/team/r/archive/{commit_id}.zip").headers["ETag"]}
    site.grant("visitors", Level.NONE)
    assert get(site.browser(), f"/team/r/archive/{commit_id}.zip", headers=headers).status_int == 404
    assert get(site.browser(), f"/team/r/archive/{commit_id}.zip").status_int == 404


def test_an_archive_that_fails_half_way_is_an_error_page(
    site: Site, builder: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    builder.commit(FILES)

    def fail(self: object, order: ArchiveOrder, target: BinaryIO, *, seconds: float) -> None:
        target.write(b"x" * 100_000)
        raise CorruptObjectError("Object 1234 is missing or damaged.")

    with monkeypatch.context() as patched:
        for kind in (GitArchives, HgArchives):
            patched.setattr(kind, "write_archive", fail)
        answer = get(site.browser(), "/team/r/archive/tip.tar")
        assert (answer.status_int, "Object 1234" in answer.text) == (500, True)
        assert "Content-Disposition" not in answer.headers
    assert len(names(get(site.browser(), "/team/r/archive/tip.tar").body)) == 3


def test_an_archive_above_the_limit(site: Site, builder: RepositoryBuilder) -> None:
    site.application.settings = replace(site.application.settings, archive_size_limit=1000)
    builder.commit(FILES)
    answer = get(site.browser(), "/team/r/archive/tip.tar")
    assert (answer.status_int, "archive_size_limit" in answer.text) == (403, True)


def test_while_another_process_makes_it_one_is_told_to_wait(site: Site, builder: RepositoryBuilder) -> None:
    commit_id = builder.commit(FILES)
    store = site.application.caches.archives
    store._wait_seconds = 0
    order = ArchiveOrder(commit_id, b"", f"r-{commit_id[:12]}".encode(), ArchiveFormat.TAR)
    began, may_end = threading.Event(), threading.Event()

    def wait(target: BinaryIO) -> None:
        began.set()
        assert may_end.wait(60)

    key = archive_key(int(site.path_of("team/r").removeprefix("/_")), order)
    other = threading.Thread(target=lambda: store.produce(key, wait).close())
    other.start()
    assert began.wait(60)
    answer = get(site.browser(), "/team/r/archive/tip.tar")
    may_end.set()
    other.join()
    assert (answer.status_int, bool(answer.headers["Retry-After"])) == (503, True)
    assert "being made" in answer.text


def test_pages_lead_to_archives(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit(FILES)
    browser = site.browser()
    on_summary = [link for link in links(get(browser, "/team/r")) if "/archive/" in link]
    on_folder = [link for link in links(get(browser, "/team/r/files/tip/src")) if "/archive/" in link]
    assert [re.sub(".*[0-9a-f]{40}.", "", link) for link in on_summary] == ["tar.gz", "zip", "tar.bz2", "tar.zst"]
    assert [link.partition("?")[2] for link in on_folder] == ["path=src"] * 4
    assert {get(browser, link).status_int for link in on_summary + on_folder} == {200}


def test_the_ending_is_the_last_one() -> None:
    assert parse_file_name((b"a", b"b.tar.gz")) == ((b"a", b"b"), ArchiveFormat.TAR_GZ)
    assert parse_file_name((b"v1.zip.tar",)) == ((b"v1.zip",), ArchiveFormat.TAR)
