"""Finding a file by letters of its path."""

import gzip

import pytest
from webob import Request

from kallithea.core.access import Level
from kallithea.vcs.types import Kind
from tests.factories.repositories import RepositoryBuilder
from tests.web.site import Site, get


@pytest.fixture(params=Kind)
def builder(request: pytest.FixtureRequest, site: Site) -> RepositoryBuilder:
    """An empty repository ``r`` that everybody may read."""
    site.grant("visitors", Level.READ)
    return site.repository("r", request.param)


@pytest.mark.parametrize("page", ["/r/files/tip", "/r/files/tip/src", "/r/files/tip/src/views.py"])
def test_pages_of_files_lead_to_the_form(site: Site, builder: RepositoryBuilder, page: str) -> None:
    commit_id = builder.commit({b"src/views.py": b"1"})
    button = get(site.browser(), page).html.select_one("a[data-find]")
    assert button["href"].partition("?")[0] == f"/r/files-find/{commit_id}"
    assert get(site.browser(), button["href"]).html.select_one("main input[name=q]")["value"] == ""


def test_without_scripts_the_form_finds(site: Site, builder: RepositoryBuilder) -> None:
    commit_id = builder.commit({b"src/views.py": b"1", b"src/a b?.py": b"2", b"caf\xe9": b"3"})
    browser = site.browser()
    form = get(browser, "/r/files-find/tip").forms
    page = [one for one in form.values() if "q" in one.fields][-1]
    page["q"] = "sVi"
    found = page.submit().html.select("[data-found] a")
    assert [(link.text, link["href"].partition("?")[0]) for link in found] == [
        ("src/views.py", f"/r/files/{commit_id}/src/views.py")
    ]
    for wanted, path in (("ab", "src/a%20b%3F.py"), ("caf", "caf%E9")):
        (link,) = get(browser, f"/r/files-find/{commit_id}?q={wanted}").html.select("[data-found] a")
        assert link["href"].partition("?")[0] == f"/r/files/{commit_id}/{path}"
        assert get(browser, link["href"]).status_int == 200
    assert "No file has these letters" in get(browser, f"/r/files-find/{commit_id}?q=zzz").text


def test_more_files_than_are_shown_are_named(site: Site, builder: RepositoryBuilder) -> None:
    commit_id = builder.commit({b"%02d.py" % number: b"" for number in range(51)})
    browser = site.browser()
    for wanted, shown, words in (
        ("py", 50, "Among 51 files. The best 50 are shown: more letters find fewer."),
        ("0py", 15, "Among 51 files."),
    ):
        page = get(browser, f"/r/files-find/{commit_id}?q={wanted}").html
        assert len(page.select("[data-found] a")) == shown
        assert page.select_one("[data-found-words]").get_text(strip=True) == words


@pytest.mark.parametrize("coding", ["gzip", "identity", "gzip;q=0"])
def test_names_for_the_script(site: Site, builder: RepositoryBuilder, coding: str) -> None:
    commit_id = builder.commit({b"src/views.py": b"1", b"caf\xe9": b"3"})
    # WebTest would unpack the answer
    answer = Request.blank(f"/r/files-names/{commit_id}", accept_encoding=coding).get_response(site.pages)
    packed = coding == "gzip"
    assert answer.headers.get("Content-Encoding") == ("gzip" if packed else None)
    body = gzip.decompress(answer.body) if packed else answer.body
    assert body.decode().split("\n") == ["caf\u00e9\0caf%E9", "src/views.py"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_names_are_sent_once(site: Site, builder: RepositoryBuilder) -> None:
    commit_id = builder.commit({b"a": b"1"})
    first = get(site.browser(), f"/r/files-names/{commit_id}")
    again = get(site.browser(), f"/r/files-names/{commit_id}", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_int == 304
    for name in ("Vary", "Cache-Control", "Content-Security-Policy"):
        assert again.headers[name] == first.headers[name]


@pytest.mark.parametrize("verb", ["files-find", "files-names"])
def test_there_is_one_form_for_a_commit(site: Site, builder: RepositoryBuilder, verb: str) -> None:
    builder.commit({b"a/b": b"1"})
    assert get(site.browser(), f"/r/{verb}/tip/a").status_int == 404
    assert get(site.browser(), f"/r/{verb}/nothing").status_int == 404
