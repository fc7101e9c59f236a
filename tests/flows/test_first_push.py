"""From nobody to a push: an account, a right, a token, and the end of the token, by pages, mails and real clients."""

import pathlib
from collections.abc import Iterator

import pytest

from kallithea.core.access import Level, Subject, SubjectKind
from kallithea.core.actor import COMMAND_LINE
from kallithea.services.work import reading, writing
from kallithea.vcs.types import Kind
from tests.transport import site as wire
from tests.web.mailing import MailingSite, mailing_site
from tests.web.site import PASSWORD, Browser, form_of, get


@pytest.fixture(scope="module")
def wired(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[wire.Site, wire.Server]]:
    """A site with a server process for git and hg."""
    site = wire.Site(tmp_path_factory.mktemp("site"))
    with wire.serve(site.folder) as server:
        yield site, server
    site.application.close()


def _register(site: MailingSite, name: str) -> Browser:
    browser = site.browser()
    form = form_of(get(browser, "/_admin/register"))
    form["username"], form["email"], form["password"] = name, f"{name}@example.org", PASSWORD
    form.submit()
    assert "You can sign in." in form_of(get(browser, site.link())).submit().text
    assert site.sign_in(name, browser=browser)[1].status_int == 303
    return browser


def _grant(site: MailingSite, administrator: str, name: str, path: str) -> None:
    form = form_of(get(site.browser(administrator), f"/{path}/settings/permissions"), "add")
    form["add"], form["add_level"] = name, "write"
    assert form.submit().status_int == 303


def _make_token(browser: Browser, path: str) -> str:
    form = form_of(get(browser, "/_admin/my_account/api_keys"))
    form["description"], form["repositories"] = "laptop", path
    text: str = form.submit().html.select_one("#tok")["value"]
    return text


def _push(clients: wire.Clients, kind: Kind, url: str, folder: pathlib.Path) -> wire.Done:
    return clients.git("push", url, "main", cwd=folder) if kind is Kind.GIT else clients.hg("push", url, cwd=folder)


@pytest.mark.parametrize("kind", Kind)
def test_from_registration_to_a_push_and_back(
    wired: tuple[wire.Site, wire.Server], tmp_path: pathlib.Path, kind: Kind
) -> None:
    site, server = wired
    clients, path, name = wire.Clients(tmp_path), site.add(kind, private=True), f"eve-{kind}"
    folder = clients.git_repository() if kind is Kind.GIT else clients.hg_repository().path
    with writing(site.application) as services:
        services.settings.set_(COMMAND_LINE, "registration", "automatic")
        owner = Subject(SubjectKind.USER, services.users.get("bob").user_id)
        services.permissions.set_(COMMAND_LINE, services.repositories.get(path), owner, Level.ADMIN)
    with mailing_site(site.application) as pages:
        browser = _register(pages, name)
        assert get(browser, f"/{path}").status_int == 404
        _grant(pages, "bob", name, path)
        assert get(browser, f"/{path}").status_int == 200
        token = _make_token(browser, path)
        pushed = _push(clients, kind, server.url(path, name, token), folder)
        assert pushed.status == 0, pushed.words
        assert site.journal(path)[0][0] == name
        form_of(get(browser, "/_admin/my_account/api_keys"), "token").submit()
        refused = _push(clients, kind, server.url(path, name, token), folder)
    assert refused.status == (128 if kind is Kind.GIT else 255)
    assert "uthentication failed" in refused.words or "authorization failed" in refused.words
    with reading(site.application) as services:
        actions = {entry.action for entry in services.audit.list_() if name in (entry.actor_name, entry.target)}
    assert {"user.create", "user.sign-in", "token.create", "token.revoke"} <= actions
    assert token not in server.log.read_text()
