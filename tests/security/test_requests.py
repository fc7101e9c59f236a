"""Probes with requests: error pages, headers, forms of other sites, sessions, redirects, hosts."""

import pytest

from kallithea.auth import passwords
from kallithea.core.access import Level
from kallithea.core.actor import COMMAND_LINE
from kallithea.model.user_session import UserSession
from kallithea.services.application import Application
from kallithea.services.work import reading, writing
from kallithea.web.csrf import FIELD
from kallithea.web.way_back import find_way_back
from tests.web.site import PASSWORD, Browser, Site, form_of, get

CHANGES: tuple[tuple[str, dict[str, str]], ...] = (
    ("/_admin/repos", {"repo_name": "x", "repo_type": "git"}),
    ("/_admin/repo_groups", {"group_name": "x"}),
    ("/_admin/logout", {}),
    ("/_admin/login", {"username": "root", "password": PASSWORD}),
)


@pytest.fixture
def administrator(site: Site) -> Browser:
    """The browser of an administrator."""
    site.user("root", administrator=True)
    return site.browser("root")


def _changed(site: Site) -> bool:
    """Whether something was made, or a session began or ended."""
    with reading(site.application) as services:
        made = services.repositories.find("x") or services.repository_groups.find("x")
        return made is not None or services.session.query(UserSession).count() != 1


@pytest.mark.parametrize(
    "address", ["/<script>alert(1)</script>", "/r/files/tip/<script>alert(1)</script>", "/%22%3E%3Csvg%20x"]
)
def test_p40_error_pages_show_no_path_as_html(site: Site, address: str) -> None:
    site.grant("visitors", Level.READ)
    site.repository("r").commit({b"a": b"1"})
    answer = get(site.browser(), address)
    assert answer.status_int == 404
    assert "<script>alert" not in answer.text
    assert '"><svg x' not in answer.text


@pytest.mark.parametrize("address", ["/", "/r", "/r/files/tip/a", "/nothing", "/_admin/login", "/about"])
def test_p41_headers_that_bind_the_browser(site: Site, address: str) -> None:
    site.grant("visitors", Level.READ)
    site.repository("r").commit({b"a": b"1"})
    answer = get(site.browser(), address)
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert all(script.get("src") for script in answer.html.select("script"))
    assert not answer.html.select("style, [style], [onclick], [onload]")


def test_p41_cookies_are_for_this_site_only(site: Site) -> None:
    site.user("ada")
    cookie = site.sign_in("ada")[1].headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "secure" not in cookie.lower()
    secure = site.browser(**{"wsgi.url_scheme": "https"})
    assert "secure" in get(secure, "/_admin/login").headers["Set-Cookie"].lower()


@pytest.mark.parametrize(("address", "fields"), CHANGES)
def test_p42_a_get_request_changes_nothing(
    site: Site, administrator: Browser, address: str, fields: dict[str, str]
) -> None:
    token = {FIELD: site.token(administrator)}
    for more in ({}, {"_method": "POST"}, {"_method": "DELETE"}):
        for header in ({}, {"X-HTTP-Method-Override": "POST"}, {"X-HTTP-Method": "POST"}):
            answer = administrator.get(address, fields | token | more, headers=header, expect_errors=True)
            assert answer.status_int in (303, 405)
    assert not _changed(site)


@pytest.mark.parametrize(("address", "fields"), CHANGES)
def test_p43_forms_of_others_are_refused(
    site: Site, administrator: Browser, address: str, fields: dict[str, str]
) -> None:
    site.user("eve")
    eve = site.browser("eve")
    eves = site.token(eve)
    with writing(site.application) as services:
        services.user_sessions.end_all(services.users.get("eve").user_id)
    right = {FIELD: site.token(administrator)}
    bodies: list[tuple[dict[str, str], dict[str, str]]] = [
        ({}, {}),
        ({FIELD: ""}, {}),
        ({FIELD: "0" * 64}, {}),
        ({FIELD: "\xff\u20ac"}, {}),
        ({FIELD: eves}, {}),
        (right, {"Origin": "https://evil.example"}),
        (right, {"Origin": "null"}),
        (right, {"Origin": "https://localhost"}),
        (right, {"Origin": "http://localhost:8080"}),
        (right, {"Origin": "http://localhost.evil.example"}),
        (right, {"Referer": "https://evil.example/http://localhost/"}),
        (right, {"Content-Type": "text/plain"}),
        (right, {"Content-Type": "application/json"}),
        (right, {"Content-Type": "multipart/form-data; boundary=x"}),
        (right, {"Content-Type": ""}),
    ]
    for body, headers in bodies:
        answer = administrator.post(address, fields | body, headers=headers, expect_errors=True)
        assert answer.status_int in (400, 403), (body, headers)
        assert "Traceback" not in answer.text
    assert not _changed(site)


def test_p43_the_words_for_an_old_form(site: Site, administrator: Browser) -> None:
    answer = administrator.post("/_admin/repos", {FIELD: "old", "repo_name": "x"}, expect_errors=True)
    assert "The form is too old: nothing was changed." in answer.text


def test_p43_the_proof_in_a_form_is_another_text_each_time(site: Site, administrator: Browser) -> None:
    """So the length of a compressed page says nothing of it."""
    forms = [form_of(get(administrator, "/_admin/repo_groups/new")) for _time in range(2)]
    first, second = (form[FIELD].value for form in forms)
    assert not {first[at : at + 8] for at in range(0, 128, 8)} & {second[at : at + 8] for at in range(0, 128, 8)}
    for number, form in enumerate(forms):
        form["group_name"] = f"g{number}"
        assert form.submit().status_int == 303
    spoiled = {FIELD: first[:-1] + ("0" if first[-1] != "0" else "1"), "group_name": "g3"}
    assert administrator.post("/_admin/repo_groups", spoiled, expect_errors=True).status_int == 403


def test_p43_right_forms_are_accepted_from_this_site(site: Site, administrator: Browser) -> None:
    for number, headers in enumerate(({}, {"Origin": "http://localhost"}, {"Referer": "http://localhost/x"})):
        fields = {"group_name": f"g{number}"}
        assert site.post(administrator, "/_admin/repo_groups", fields, headers=headers).status_int == 303
    object.__setattr__(site.application.settings, "canonical_url", "https://code.example.org")
    fields, headers = {"group_name": "behind-a-proxy"}, {"Origin": "https://code.example.org"}
    assert site.post(administrator, "/_admin/repo_groups", fields, headers=headers).status_int == 303


def test_p43_a_sign_in_form_of_another_browser_is_refused(site: Site) -> None:
    site.user("ada")
    stolen = form_of(get(site.browser(), "/_admin/login"))[FIELD].value
    fields = {FIELD: stolen, "username": "ada", "password": PASSWORD}
    assert site.browser().post("/_admin/login", fields, expect_errors=True).status_int == 403
    victim = site.browser()
    get(victim, "/_admin/login")
    assert victim.post("/_admin/login", fields, expect_errors=True).status_int == 403


def test_p46_signing_in_gives_a_new_id_and_kills_the_old_one(site: Site) -> None:
    site.user("ada")
    browser = site.browser()
    get(browser, "/_admin/login")
    before = site.token(browser)
    site.sign_in("ada", browser=browser)
    first = site.token(browser)
    assert before != first
    with reading(site.application) as services:
        assert services.session.query(UserSession).count() == 1


def test_p46_a_new_password_ends_every_session(site: Site) -> None:
    site.user("ada")
    browsers = [site.browser("ada"), site.browser("ada")]
    with writing(site.application) as services:
        services.users.set_password_hash(COMMAND_LINE, services.users.get("ada"), "new")
    assert all("Sign out" not in get(browser, "/").text for browser in browsers)


def test_p46_signing_out_counts_in_every_process(application: Application) -> None:
    site, other = Site(application), Site(application)
    site.user("ada")
    browser = site.browser("ada")
    elsewhere = Browser(other.pages)
    for cookie in browser.cookiejar:
        elsewhere.cookiejar.set_cookie(cookie)
    assert "Sign out" in get(elsewhere, "/").text
    site.post(browser, "/_admin/logout", {})
    assert "Sign out" not in get(elsewhere, "/").text


def test_p47_known_and_unknown_names_get_the_same_answer(site: Site) -> None:
    site.user("ada")
    bodies = []
    for name in ("ada", "eve"):
        _browser, answer = site.sign_in(name, "wrong")
        text = answer.text.replace(f'value="{name}"', "").replace(form_of(answer)[FIELD].value, "")
        bodies.append((answer.status_int, text))
    assert bodies[0] == bodies[1]


def test_p47_known_and_unknown_names_are_hashed_alike(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing is most of what a try costs. Here a hash costs next to nothing, so that they are counted."""
    site.user("ada")
    hashed: list[str] = []
    verify = passwords._HASHER.verify

    def counted(text: str, stored: str) -> bool:
        hashed.append(text)
        return bool(verify(text, stored))

    monkeypatch.setattr(passwords._HASHER, "verify", counted)
    counts = []
    for name in ("ada", "eve"):
        hashed.clear()
        site.sign_in(name, "wrong")
        counts.append(len(hashed))
    assert counts == [1, 1]


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "https:evil.example",
        "https://evil.example",
        "///evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/x\r\nSet-Cookie: a=b",
        "/x\nLocation: //evil.example",
        "/ /evil.example",
        "http://localhost@evil.example/",
        "@evil.example",
        "evil.example",
        "",
        "/\u2215evil",
        "/" + "a" * 5000,
    ],
)
def test_p67_no_way_back_leads_elsewhere(site: Site, address: str) -> None:
    assert find_way_back(address) == ""
    site.user("ada")
    browser = site.browser()
    form = form_of(browser.get("/_admin/login", {"came_from": address.encode("utf-8", "replace")}))
    fields = {FIELD: form[FIELD].value, "username": "ada", "password": PASSWORD, "came_from": address}
    answer = browser.post("/_admin/login", fields)
    assert answer.headers["Location"] == "/"
    assert not any(cookie.startswith("a=b") for cookie in answer.headers.getall("Set-Cookie"))


def test_p67_encoded_slashes_stay_encoded(site: Site) -> None:
    assert find_way_back("/%2f%2fevil.example") == "/%2f%2fevil.example"


def test_p68_the_host_header_is_in_no_address_where_one_is_configured(site: Site, administrator: Browser) -> None:
    object.__setattr__(site.application.settings, "canonical_url", "https://code.example.org")
    site.grant("visitors", Level.READ)
    site.repository("r")
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "gopher"}
    page = get(administrator, "/r", headers=headers)
    assert "https://code.example.org/r" in page.text
    assert "evil.example" not in page.text
    assert get(administrator, "/favicon.ico", headers=headers).headers["Location"].startswith("/")


@pytest.mark.parametrize("host", ["evil.example/x", 'a"><script>', "a b", "a\tb", "x" * 10 + "@y", "[", "a:99999999"])
def test_p68_a_host_that_is_no_host_is_refused(site: Site, host: str) -> None:
    site.grant("visitors", Level.READ)
    site.repository("r")
    answer = get(site.browser(), "/r", headers={"Host": host})
    assert answer.status_int == 400
    assert "<script>" not in answer.text
