"""From an address to a repository, a page, a ref and a path."""

import pytest

from kallithea.core.access import Level
from kallithea.vcs.types import Kind
from tests.web.site import Site, get


@pytest.fixture(params=Kind)
def kind(request: pytest.FixtureRequest) -> Kind:
    kind: Kind = request.param
    return kind


@pytest.fixture
def harbour(site: Site, kind: Kind) -> Site:
    """A repository in a group, with odd names and a branch whose name has a slash."""
    site.group("Harbour")
    builder = site.repository("Harbour/Tidewatch", kind)
    site.grant("visitors", Level.READ)
    builder.commit(
        {
            b"files": b"named like a page\n",
            b"raw/files/changelog": b"deep\n",
            b"caf\xe9.txt": b"latin\n",
            "häfen/größe.txt".encode(): b"utf-8\n",
            b"100%2Fb": b"percent\n",
            b"a b/c#d?e": b"signs\n",
            b"x/y": b"path x/y\n",
        }
    )
    builder.bookmark(b"feature/x", builder.commit({b"new.txt": b"on the feature\n"}))
    return site


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("/Harbour/Tidewatch/files/tip/files", "named like a page"),
        ("/Harbour/Tidewatch/raw/tip/raw/files/changelog", "deep"),
        ("/Harbour/Tidewatch/raw/tip/caf%E9.txt", "latin"),
        ("/Harbour/Tidewatch/raw/tip/h%C3%A4fen/gr%C3%B6%C3%9Fe.txt", "utf-8"),
        ("/Harbour/Tidewatch/raw/tip/a%20b/c%23d%3Fe", "signs"),
        ("/Harbour/Tidewatch/raw/feature/x/new.txt", "on the feature"),
        ("/Harbour/Tidewatch/raw/feature%2Fx/new.txt", "on the feature"),
        ("/Harbour/Tidewatch/raw/feature/x/x/y", "path x/y"),
        ("/Harbour/Tidewatch/raw/anything/x/y?at=feature/x", "path x/y"),
        ("/Harbour/Tidewatch/raw/feature/x/x/y?at=feature%2Fx", "path x/y"),
        ("//Harbour//Tidewatch//raw//tip//x//y//", "path x/y"),
        ("/harbour/TIDEWATCH/raw/tip/x/y", "path x/y"),
        ("/Harbour%2FTidewatch/raw/tip/x%2Fy", "path x/y"),
        ("/Harbour/Tidewatch/", "Harbour/Tidewatch"),
        ("/Harbour/Tidewatch/summary", "Harbour/Tidewatch"),
        ("/harbour/", "Tidewatch"),
    ],
)
def test_address_leads_to_contents(harbour: Site, address: str, text: str) -> None:
    answer = get(harbour.browser(), address)
    assert answer.status_int == 200
    assert text in answer.text


@pytest.mark.parametrize(
    "address",
    [
        "/Harbour/Tidewatch/Files/tip",
        "/Harbour/Tidewatch/nothing",
        "/Harbour/Tidewatch/summary/more",
        "/Harbour/Tidewatch/files/nothing",
        "/Harbour/Tidewatch/files/feature",
        "/Harbour/Tidewatch/files/tip/nothing",
        "/Harbour/Tidewatch/files/tip/files/below-a-file",
        "/Harbour/Tidewatch/raw/tip/raw",
        "/Harbour/Tidewatch/raw/x/y?at=nothing",
        "/Harbour/Tidewatch/changeset",
        "/Harbour/Tidewatch/changeset/feature/x/x",
        "/Harbour/nothing",
        "/Harbour/files",
        "/nothing",
        "/%FF/%FE",
        "/_0",
        "/_9999",
        "/_admin/nothing",
    ],
)
def test_address_leads_nowhere(harbour: Site, address: str) -> None:
    assert get(harbour.browser(), address).status_int == 404


def test_a_name_with_letters_of_an_encoded_slash_is_a_name(harbour: Site) -> None:
    answer = get(harbour.browser(), "/Harbour/Tidewatch/raw/tip/100%252Fb", extra_environ={"RAW_URI": "/x%252Fb"})
    assert answer.text == "percent\n"


def test_permanent_id_leads_to_every_page(harbour: Site) -> None:
    address = harbour.path_of("Harbour/Tidewatch")
    assert get(harbour.browser(), f"{address}/raw/tip/x/y").text == "path x/y\n"
    assert get(harbour.browser(), address).status_int == 200


def test_links_of_an_application_below_a_prefix(harbour: Site) -> None:
    browser = harbour.browser(SCRIPT_NAME="/code")
    page = get(browser, "/code/Harbour/Tidewatch/files/tip/x")
    assert 'href="/code/Harbour/Tidewatch/files/' in page.text
    assert "http://localhost/code/Harbour/Tidewatch" in get(browser, "/code/Harbour/Tidewatch").text


def test_the_longest_ref_wins_and_at_names_the_other(site: Site) -> None:
    builder = site.repository("r", Kind.HG)
    site.grant("visitors", Level.READ)
    builder.bookmark(b"a", builder.commit({b"b/f": b"path b/f of a\n", b"f": b"path f of a\n"}))
    builder.bookmark(b"a/b", builder.commit({b"f": b"path f of a/b\n"}))
    assert get(site.browser(), "/r/raw/a/b/f").text == "path f of a/b\n"
    assert get(site.browser(), "/r/raw/a/b/f?at=a").text == "path b/f of a\n"
