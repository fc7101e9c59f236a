"""Creating repositories and groups by forms."""

import pytest

from kallithea.core.access import Level
from kallithea.services.work import reading
from kallithea.vcs.types import Kind
from tests.web.site import Browser, Site, form_of, get


@pytest.fixture
def browser(site: Site) -> Browser:
    """The browser of an administrator."""
    site.user("root", administrator=True)
    return site.browser("root")


@pytest.mark.parametrize("kind", Kind)
def test_creating_a_repository_shows_how_to_push(site: Site, browser: Browser, kind: Kind) -> None:
    site.group("harbour")
    form = form_of(get(browser, "/_admin/create_repository?group=harbour"))
    assert form["repo_name"].value == "harbour/"
    form["repo_name"], form["repo_type"], form["repo_description"] = "harbour/new", kind.value, "<b>New</b>"
    page = form.submit().follow()
    assert page.request.path == "/harbour/new"
    assert f"{kind} clone http://localhost/harbour/new" in page.text
    assert "&lt;b&gt;New&lt;/b&gt;" in page.text


def test_instructions_name_the_canonical_address(site: Site, browser: Browser) -> None:
    object.__setattr__(site.application.settings, "canonical_url", "https://code.example.org/hg")
    site.repository("r")
    assert "git clone https://code.example.org/hg/r" in get(browser, "/r").text


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"repo_name": "", "repo_type": "git"}, 422, "A name must not be empty."),
        ({"repo_name": "nowhere/x", "repo_type": "git"}, 422, "create it first"),
        ({"repo_name": "x", "repo_type": "svn"}, 422, "Choose git or hg."),
        ({"repo_name": "taken", "repo_type": "hg"}, 409, "exists already"),
        ({"repo_name": "TAKEN", "repo_type": "hg"}, 409, "exists already"),
        ({}, 422, "Choose git or hg."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    site: Site, browser: Browser, fields: dict[str, str], status: int, words: str
) -> None:
    site.repository("taken")
    answer = site.post(browser, "/_admin/repos", fields)
    assert answer.status_int == status
    assert words in answer.html.select_one(".k-error").text


def test_who_has_no_right_creates_nothing(site: Site) -> None:
    site.user("bob")
    site.group("harbour")
    site.grant("bob", Level.WRITE, "harbour")
    browser = site.browser("bob")
    for address, fields in (
        ("/_admin/repos", {"repo_name": "harbour/x", "repo_type": "git"}),
        ("/_admin/repo_groups", {"group_name": "harbour/y"}),
    ):
        assert site.post(browser, address, fields).status_int == 403
    with reading(site.application) as services:
        assert services.repositories.find("harbour/x") is None
        assert services.repository_groups.find("harbour/y") is None


def test_a_group_is_created_in_a_group(site: Site, browser: Browser) -> None:
    site.group("platform")
    form = form_of(get(browser, "/_admin/repo_groups/new?group=platform"))
    form["group_name"], form["group_description"] = "platform/infra", "Farm"
    assert "Farm" in form.submit().follow().text
    assert site.post(browser, "/_admin/repo_groups", {"group_name": "platform/infra"}).status_int == 409
    assert site.post(browser, "/_admin/repo_groups", {"group_name": "a//b"}).status_int == 422


def test_forms_ask_who_is_not_signed_in(site: Site) -> None:
    for address in ("/_admin/create_repository", "/_admin/repo_groups/new"):
        assert get(site.browser(), address).location == f"/_admin/login?came_from={address.replace('/', '%2F')}"


def test_a_private_repository_is_private_from_the_start(site: Site, browser: Browser) -> None:
    site.grant("visitors", Level.READ)
    site.post(browser, "/_admin/repos", {"repo_name": "s", "repo_type": "git", "repo_private": "1"})
    assert "Private" in get(browser, "/s").text
    assert get(site.browser(), "/s").status_int == 404
