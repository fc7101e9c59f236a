"""The page of one's own tokens."""

import base64

import pytest
from webtest import TestResponse as Answer

from kallithea.core.access import Level
from kallithea.services.tokens import find_bearer
from kallithea.services.work import reading
from kallithea.transport.answers import RefusedError
from kallithea.transport.gate import admit
from kallithea.vcs.types import Kind
from tests.web.site import Browser, Site, form_of, get

ADDRESS = "/_admin/my_account/api_keys"


@pytest.fixture
def ada(site: Site) -> Browser:
    """A browser of ada, who may write to a/one and a/two but not see hidden."""
    site.user("ada")
    site.group("a")
    for path in ("a/one", "a/two", "hidden"):
        site.repository(path)
    site.grant("ada", Level.WRITE, "a")
    return site.browser("ada")


def _create(browser: Browser, **fields: str | bool) -> Answer:
    form = form_of(get(browser, ADDRESS))
    form["description"] = "laptop"
    for name, value in fields.items():
        form[name.replace("_", "-")] = value
    return form.submit(expect_errors=True)


def _made(page: Answer) -> str:
    text: str = page.html.select_one("#tok")["value"]
    return text


def _admitted(site: Site, token: str, repository: str, level: Level = Level.WRITE) -> int:
    """The status that a client of git gets with the token; 0 if it may go on."""
    header = "Basic " + base64.b64encode(f"x:{token}".encode()).decode()
    try:
        admit(site.application, {"HTTP_AUTHORIZATION": header, "REMOTE_ADDR": "192.0.2.7"}, repository, Kind.GIT, level)
    except RefusedError as problem:
        return problem.status
    return 0


def test_text_is_shown_once(site: Site, ada: Browser) -> None:
    page = _create(ada)
    text = _made(page)
    assert text.startswith("kat_")
    assert _admitted(site, text, "a/one") == 0
    again = get(ada, ADDRESS)
    assert text not in again.text
    assert text[:10] in again.html.table.text


def test_token_is_revoked(site: Site, ada: Browser) -> None:
    text = _made(_create(ada))
    page = form_of(get(ada, ADDRESS), "token").submit().follow()
    assert "The token is revoked." in page.text
    assert "No tokens" in page.text
    assert _admitted(site, text, "a/one") == 401
    with reading(site.application) as services:
        assert [entry.action for entry in services.audit.list_(limit=2)] == ["token.revoke", "token.create"]


def test_bound_token_counts_there_alone(site: Site, ada: Browser) -> None:
    text = _made(_create(ada, repositories="A/one\r\n"))
    assert {path: _admitted(site, text, path) for path in ("a/one", "a/two", "hidden", "absent")} == {
        "a/one": 0,
        "a/two": 404,
        "hidden": 404,
        "absent": 404,
    }
    assert _admitted(site, text, site.path_of("a/one")[1:]) == 0
    assert _admitted(site, text, site.path_of("a/two")[1:]) == 404
    row = get(ada, ADDRESS).html.table
    assert [link.text for link in row.select("a")] == ["a/one"]


def test_token_stays_bound_when_its_repository_is_gone(site: Site, ada: Browser) -> None:
    text = _made(_create(ada, repositories="a/one"))
    site.grant("ada", Level.NONE, "a/one")
    assert (_admitted(site, text, "a/one"), _admitted(site, text, "a/two")) == (404, 404)
    assert "1 repository that you cannot see" in get(ada, ADDRESS).text


def test_scope_to_read_cannot_write(site: Site, ada: Browser) -> None:
    text = _made(_create(ada, scope_write=False))
    assert (_admitted(site, text, "a/one", Level.READ), _admitted(site, text, "a/one")) == (0, 403)


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"scope_read": False, "scope_write": False}, "#t-s-e"),
        ({"description": "x" * 300}, "#f-description-e"),
        ({"repositories": "hidden"}, "#t-r-e"),
        ({"repositories": "absent"}, "#t-r-e"),
        ({"repositories": "\n".join(map(str, range(51)))}, "#t-r-e"),
    ],
)
def test_what_cannot_be_is_shown_again(ada: Browser, fields: dict[str, str | bool], problem: str) -> None:
    page = _create(ada, **fields)
    assert page.status_int == 422
    assert page.html.select_one(problem).text.strip()
    assert page.html.select_one("#tok") is None


def test_lifetime_is_one_of_the_choices(site: Site, ada: Browser) -> None:
    page = site.post(ada, ADDRESS, {"description": "x", "scope-read": "1", "lifetime": "-1"})
    assert page.status_int == 422


def test_only_own_tokens_are_revoked(site: Site, ada: Browser) -> None:
    site.user("bob")
    text = _made(_create(site.browser("bob")))
    with reading(site.application) as services:
        [row] = services.tokens.list_(services.users.get("bob"))
    for number in (str(row.token_id), "0", "x", "9" * 30):
        assert site.post(ada, f"{ADDRESS}/delete", {"token": number}).status_int == 404
    with reading(site.application) as services:
        assert find_bearer(services.session.connection(), text, services.now) is not None
