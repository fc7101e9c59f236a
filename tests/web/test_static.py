"""Static files at the root, and pictures of people."""

import gzip
from pathlib import Path
from wsgiref.simple_server import demo_app

import pytest
from webob import Request, Response

from kallithea.services.application import Application
from kallithea.web.static import PUBLIC, StaticFiles
from kallithea.web.ui.people import avatar_code, draw_avatar
from tests.web.site import Site, get, links


def test_every_static_file_of_a_page_is_served_for_ever(site: Site) -> None:
    files = [address for address in links(get(site.browser(), "/")) if address.startswith(("/css", "/js", "/images"))]
    assert len(files) > 8
    for address in files:
        answer = get(site.browser(), address)
        assert answer.status_int == 200, address
        assert "immutable" in answer.headers["Cache-Control"], address


def test_parts_of_the_editor_are_served_for_ever(site: Site) -> None:
    parts = [path.name for path in (PUBLIC / "codemirror").iterdir() if path.name != "editor.js"]
    assert parts
    for name in parts:
        assert "immutable" in get(site.browser(), f"/codemirror/{name}").headers["Cache-Control"], name
    assert "immutable" not in get(site.browser(), "/codemirror/editor.js").headers["Cache-Control"]


def test_without_the_right_version_a_file_is_asked_for_again(site: Site) -> None:
    answer = get(site.browser(), "/css/kallithea.css?v=old")
    assert answer.headers["Cache-Control"] == "public, no-cache"
    again = get(site.browser(), "/css/kallithea.css", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_int, again.body) == (304, b"")


def _style(site: Site, **headers: str) -> Response:
    """The style sheet as it is sent; WebTest would unpack it."""
    return Request.blank("/css/kallithea.css", **headers).get_response(site.pages)


def test_texts_are_compressed_for_those_who_ask(site: Site) -> None:
    plain, packed = _style(site), _style(site, accept_encoding="br, gzip;q=0.5")
    assert gzip.decompress(packed.body) == plain.body == _style(site, accept_encoding="gzip;q=0").body
    assert len(packed.body) * 3 < len(plain.body)
    assert (plain.content_encoding, packed.content_encoding) == (None, "gzip")
    assert {answer.headers["Vary"] for answer in (plain, packed)} == {"Accept-Encoding"}
    assert packed.headers["ETag"] != plain.headers["ETag"]


@pytest.mark.parametrize("change", ["{}", "W/{}", '"other", W/{}', "*"])
@pytest.mark.parametrize("accepted", ["gzip", "identity"])
def test_a_file_is_known_again_whoever_has_compressed_it(site: Site, change: str, accepted: str) -> None:
    tag = _style(site, accept_encoding=accepted).headers["ETag"]
    again = _style(site, if_none_match=change.format(tag))
    assert (again.status_int, again.body) == (304, b"")


@pytest.mark.parametrize(("method", "status"), [("GET", 200), ("HEAD", 200), ("POST", 405)])
def test_every_answer_says_what_browsers_may_do_with_it(site: Site, method: str, status: int) -> None:
    answer = site.browser().request("/images/logo.svg", method=method, expect_errors=True)
    assert answer.status_int == status
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "address", ["/css/../manifest.json", "/css/nothing.css", "/css/", "/manifest.json", "/js/%2e%2e/x"]
)
def test_only_static_files_are_served(site: Site, address: str) -> None:
    assert get(site.browser(), address).status_int == 404


def test_another_server_may_serve_them(application: Application) -> None:
    object.__setattr__(application.settings, "static_files", False)
    assert get(Site(application).browser(), "/css/kallithea.css").status_int == 404


def test_files_are_those_of_the_start(tmp_path: Path) -> None:
    (tmp_path / "css").mkdir()
    (tmp_path / "css/a.css").write_bytes(b"old")
    files = StaticFiles(demo_app, {"css/a.css": "1"}, tmp_path)
    (tmp_path / "css/a.css").write_bytes(b"new")
    assert Request.blank("/css/a.css?v=1").get_response(files).body == b"old"


def test_pictures_of_people_are_drawn_from_their_address_alone(site: Site) -> None:
    code = avatar_code("ada@example.org")
    answer = get(site.browser(), f"/_avatar/{code}")
    assert answer.content_type == "image/svg+xml"
    assert answer.text == draw_avatar(int(code, 16))
    assert avatar_code(" ADA@example.org") == code


@pytest.mark.parametrize("code", ["", "ffff", "12", "12345", "zzzz", "00 1", "0001/2", "%FF%FF%FF%FF"])
def test_there_are_no_other_pictures(site: Site, code: str) -> None:
    assert get(site.browser(), f"/_avatar/{code}").status_int == 404
