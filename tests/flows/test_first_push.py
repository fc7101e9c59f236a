"""From nobody to a push: an account, a right, a token, and the end of the token, by pages, mails and real clients."""

import pathlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from kallithea.core.access import Level, Subject, SubjectKind
from kallithea.core.actor import COMMAND_LINE
from kallithea.services.repository_creation import create_repository
from kallithea.services.work import reading, writing
from kallithea.vcs.types import Kind
from tests.flows.browser import Visitor, visiting
from tests.flows.serving import serving
from tests.transport import site as wire
from tests.web.mailing import MailingSite, mailing_site
from tests.web.site import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@dataclass
class Newcomer:
    """Somebody without an account, at a browser, with git and hg beside it."""

    name: str
    visitor: Visitor
    clients: wire.Clients

    def register(self, mails: MailingSite) -> None:
        """Fill the form, follow the link of the mail, and sign in."""
        page = self.visitor.page
        self.visitor.open("/_admin/login")
        page.get_by_role("link", name="New account").click()
        page.get_by_label("Login").fill(self.name)
        page.get_by_label("E-mail").fill(f"{self.name}@example.org")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Create account").click()
        page.get_by_text("A mail is on its way to").wait_for()
        self.visitor.open(mails.link())
        page.locator("main form button[type=submit]").click()
        page.get_by_text("You can sign in.").wait_for()
        self.visitor.sign_in(self.name, PASSWORD)

    def status(self, path: str) -> int:
        """What a page of the site answers with."""
        answer = self.visitor.page.goto(f"{self.visitor.site}/{path}")
        assert answer is not None
        return answer.status

    def make_token(self, path: str) -> str:
        """A token that is good for one repository, as the page shows it once."""
        page = self.visitor.page
        self._open_tokens()
        page.get_by_label("Name", exact=True).fill("laptop")
        page.get_by_label("Only these repositories").fill(path)
        page.get_by_role("button", name="Create token").click()
        return page.get_by_label("Text of the token").input_value()

    def revoke_token(self) -> None:
        page = self.visitor.page
        self._open_tokens()
        page.get_by_role("button", name="Revoke laptop").click()
        page.get_by_role("heading", name="No tokens").wait_for()

    def push(self, kind: Kind, url: str, folder: pathlib.Path) -> wire.Done:
        if kind is Kind.GIT:
            return self.clients.git("push", url, "main", cwd=folder)
        return self.clients.hg("push", url, cwd=folder)

    def _open_tokens(self) -> None:
        self.visitor.open("/_admin/my_account/api_keys")


@pytest.fixture
def wired(tmp_path: pathlib.Path) -> Iterator[tuple[wire.Site, wire.Server]]:
    """A site with a server process for git and hg, where bob administers a group, and people may register."""
    site = wire.Site(tmp_path)
    with writing(site.application) as services:
        services.settings.set_(COMMAND_LINE, "registration", "automatic")
        group = services.repository_groups.create(COMMAND_LINE, None, path="harbours")
        owner = Subject(SubjectKind.USER, services.users.get("bob").user_id)
        services.permissions.set_(COMMAND_LINE, group, owner, Level.ADMIN)
    with wire.serve(site.folder) as server:
        yield site, server
    site.application.close()


def grant(visitor: Visitor, administrator: str, name: str, path: str) -> None:
    """Let somebody who administers the group of a repository give the right to write."""
    visitor.sign_in(administrator, wire.PASSWORD)
    visitor.open(f"/{path}/settings/permissions")
    page = visitor.page
    page.get_by_label("Add a user or user group").fill(name)
    page.locator("select[name=add_level]").select_option(label="Write")
    page.get_by_role("button", name="Save permissions").click()
    page.get_by_text("The permissions are saved.").wait_for()
    assert page.get_by_label(f"Write for {name}").is_checked()


@pytest.mark.parametrize("kind", Kind)
def test_from_registration_to_a_push_and_back(
    wired: tuple[wire.Site, wire.Server], tmp_path: pathlib.Path, kind: Kind
) -> None:
    (site, server), path = wired, "harbours/tidewatch"
    create_repository(site.application, COMMAND_LINE, None, kind=kind, path=path, private=True)
    clients = wire.Clients(tmp_path)
    folder = clients.git_repository() if kind is Kind.GIT else clients.hg_repository().path
    with mailing_site(site.application) as mails, serving(mails) as address, visiting(address) as visitor:
        eve = Newcomer("eve", visitor, clients)
        eve.register(mails)
        assert eve.status(path) == 404
        other = visitor.another()
        grant(other, "bob", "eve", path)
        assert eve.status(path) == 200
        token = eve.make_token(path)
        url = server.url(path, "eve", token)
        pushed = eve.push(kind, url, folder)
        assert pushed.status == 0, pushed.words
        visitor.open(f"/{path}/changelog")
        assert visitor.page.locator("main a[href*='/changeset/']").count()
        eve.revoke_token()
        refused = eve.push(kind, url, folder)
        assert not visitor.complaints + other.complaints
    assert refused.status == (128 if kind is Kind.GIT else 255)
    assert re.search("[Aa]uthentication failed|authorization failed", refused.words)
    assert site.journal(path)[0][0] == "eve"
    with reading(site.application) as services:
        actions = {entry.action for entry in services.audit.list_() if "eve" in (entry.actor_name, entry.target)}
    assert {"user.create", "user.sign-in", "token.create", "token.revoke"} <= actions
    assert token not in server.log.read_text()
