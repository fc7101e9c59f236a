"""Static files at the root, and pictures of people."""

import gzip
import hashlib
import re
from pathlib import Path
from wsgiref.simple_server import demo_app

import pytest
from webob import Request, Response

from kallithea.services.application import Application
from kallithea.web.static import FOR_EVER, PUBLIC, StaticFiles
from kallithea.web.ui.people import avatar_code, draw_avatar
from kallithea.web.ui.shell import load_assets
from tests.web.site import Site, get, links

PATHS = load_assets(PUBLIC).paths
STYLE = PATHS["css/kallithea.css"]
# Of a module of the editor: another one that it loads.
_LOADED = re.compile(r"""["']\./([^"']+\.js)["']""")


def test_every_static_file_of_a_page_is_served_for_ever(site: Site) -> None:
    files = [address for address in links(get(site.browser(), "/")) if address.startswith(("/css", "/js", "/images"))]
    assert len(files) > 8
    for address in files:
        answer = get(site.browser(), address)
        assert answer.status_int == 200, address
        assert "immutable" in answer.headers["Cache-Control"], address


def test_every_static_file_is_named_by_its_content_and_served_for_ever(site: Site) -> None:
    assert {path.relative_to(PUBLIC).as_posix() for path in PUBLIC.glob("*/*")} == set(PATHS.values())
    for name, path in PATHS.items():
        answer = get(site.browser(), f"/{path}")
        assert answer.headers["Cache-Control"] == FOR_EVER, path
        assert path == name or hashlib.sha256(answer.body).hexdigest()[:12] in path


def test_parts_of_the_editor_load_each_other_and_never_its_entry() -> None:
    """The entry has another name than the one that esbuild knows."""
    parts = {path.name for path in (PUBLIC / "codemirror").iterdir()}
    loaded = {name for part in parts for name in _LOADED.findall((PUBLIC / "codemirror" / part).read_text())}
    assert loaded == parts - {PATHS["codemirror/editor.js"].removeprefix("codemirror/")}


@pytest.mark.parametrize("name", ["css/kallithea.css", "css/kallithea-0123456789ab.css"])
def test_without_the_hash_of_this_version_a_file_is_asked_for_again(site: Site, name: str) -> None:
    answer = get(site.browser(), f"/{name}")
    assert answer.body == (PUBLIC / STYLE).read_bytes()
    assert answer.headers["Cache-Control"] == "public, no-cache"
    again = get(site.browser(), f"/{name}", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_int, again.body, again.headers["Cache-Control"]) == (304, b"", "public, no-cache")


def test_parts_of_another_version_are_not_here(site: Site) -> None:
    answer = get(site.browser(), "/codemirror/shell-ABCDEFGH.js")
    assert (answer.status_int, answer.headers["Cache-Control"]) == (404, "private, no-cache")


def _style(site: Site, **headers: str) -> Response:
    """The style sheet as it is sent; WebTest would unpack it."""
    return Request.blank(f"/{STYLE}", **headers).get_response(site.pages)


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
    assert get(Site(application).browser(), f"/{STYLE}").status_int == 404


def test_files_are_those_of_the_start(tmp_path: Path) -> None:
    (tmp_path / "css").mkdir()
    (tmp_path / "css/a-000000000001.css").write_bytes(b"old")
    files = StaticFiles(demo_app, {"css/a.css": "css/a-000000000001.css"}, tmp_path)
    (tmp_path / "css/a-000000000001.css").unlink()
    (tmp_path / "css/a-000000000002.css").write_bytes(b"new")
    old, new = (Request.blank(f"/css/a-00000000000{n}.css").get_response(files) for n in (1, 2))
    assert (old.body, old.headers["Cache-Control"]) == (b"old", FOR_EVER)
    assert (new.body, new.headers["Cache-Control"]) == (b"old", "public, no-cache")


def test_pictures_of_people_are_drawn_from_their_address_alone(site: Site) -> None:
    code = avatar_code("ada@example.org")
    answer = get(site.browser(), f"/_avatar/{code}")
    assert answer.content_type == "image/svg+xml"
    assert answer.text == draw_avatar(int(code, 16))
    assert avatar_code(" ADA@example.org") == code


@pytest.mark.parametrize("code", ["", "ffff", "12", "12345", "zzzz", "00 1", "0001/2", "%FF%FF%FF%FF"])
def test_there_are_no_other_pictures(site: Site, code: str) -> None:
    assert get(site.browser(), f"/_avatar/{code}").status_int == 404
