"""A site in this process: people, repositories, and browsers that ask for pages."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote

from webtest import TestApp as WebTestApp
from webtest import TestRequest as WebTestRequest
from webtest import TestResponse as Answer

from kallithea.auth.passwords import hash_password
from kallithea.core.access import SIGNED_IN, VISITORS, Level, Subject, SubjectKind
from kallithea.core.actor import COMMAND_LINE
from kallithea.core.allowances import Allowance
from kallithea.core.site_documents import LOOKS, Looks, pack
from kallithea.model.setting import Setting
from kallithea.services.application import Application
from kallithea.services.work import reading, writing
from kallithea.vcs.types import Kind
from kallithea.web.app import make_pages
from kallithea.web.csrf import FIELD, make_token
from kallithea.web.sessions import BrowserSession, session_options
from tests.factories.repositories import RepositoryBuilder, make_builder

PASSWORD = "correct horse battery staple"


class _Request(WebTestRequest):  # type: ignore[misc]  # WebTest has no types
    """A request whose path may be any bytes."""

    url_encoding = "latin-1"


class Browser(WebTestApp):  # type: ignore[misc]  # WebTest has no types
    """A browser with cookies."""

    RequestClass = _Request


BUILT_IN = {"visitors": VISITORS, "signed-in": SIGNED_IN}


@dataclass
class Site:
    """Pages of an application, and what tests need around them. ``values`` is what the .ini says of sessions.

    ``pages`` are made unless they are given.
    """

    application: Application
    values: Mapping[str, str] = field(default_factory=dict)
    password_hash: str = ""
    pages: Any = None

    def __post_init__(self) -> None:
        self.pages = self.pages or make_pages(self.application, self.values)
        with writing(self.application) as services:
            services.settings.set_(COMMAND_LINE, "visitors", "true")

    def user(self, name: str, *, administrator: bool = False) -> int:
        """An account whose password is PASSWORD."""
        self.password_hash = self.password_hash or hash_password(PASSWORD)
        with writing(self.application) as services:
            user = services.users.create(
                COMMAND_LINE, name=name, password_hash=self.password_hash, super_administrator=administrator
            )
        return user.user_id

    def group(self, path: str) -> int:
        """A repository group."""
        with writing(self.application) as services:
            return services.repository_groups.create(COMMAND_LINE, None, path=path).repository_group_id

    def repository(
        self, path: str, kind: Kind = Kind.GIT, *, private: bool = False, fork_of: str | None = None
    ) -> RepositoryBuilder:
        """A repository, and the builder that commits to it. A fork has its parent's commits once it is built alike."""
        folder = path.replace("/", "-")
        builder = make_builder(kind, self.application.settings.repository_folder / folder)
        with writing(self.application) as services:
            parent_id = services.repositories.get(fork_of).repository_id if fork_of else None
            services.repositories.insert(
                COMMAND_LINE,
                kind=kind,
                path=path,
                folder=folder,
                owner_id=None,
                private=private,
                fork_of_id=parent_id,
            )
        return builder

    def shorten_lists(self, rows: int) -> None:
        """Let lists of administration have so few rows on a page, fewer than anybody can choose."""
        with writing(self.application) as services:
            value = pack(Looks(admin_list_length=rows))
            services.session.merge(Setting(name=LOOKS, value=value, changed=services.now))

    def grant(self, subject: str, level: Level, path: str = "") -> None:
        """A level for a user, ``visitors`` or ``signed-in``, on a repository or a group, or on the whole site."""
        with writing(self.application) as services:
            target = None
            if path:
                target = services.repositories.find(path) or services.repository_groups.get(path)
            receiver = BUILT_IN.get(subject) or Subject(SubjectKind.USER, services.users.get(subject).user_id)
            services.permissions.set_(COMMAND_LINE, target, receiver, level)

    def allow(self, subject: str, *allowances: Allowance) -> None:
        """Let a user, or ``signed-in``, make these things and no others."""
        with writing(self.application) as services:
            receiver = BUILT_IN.get(subject) or Subject(SubjectKind.USER, services.users.get(subject).user_id)
            services.allowances.replace_(COMMAND_LINE, receiver, None, allowances)

    def browser(self, user: str | None = None, **environ: str) -> Browser:
        """A browser; with a user's name it is signed in."""
        browser = Browser(self.pages, extra_environ={"REMOTE_ADDR": "192.0.2.7", **environ})
        if user is not None:
            with writing(self.application) as services:
                session_id = services.user_sessions.create(services.users.get(user), address="", client="")
            self.give_session(browser, session_id)
        return browser

    def token(self, browser: Browser) -> str:
        """The token that a form of this browser would carry."""
        options = session_options(self.values, self.application.settings)
        cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        session_id = BrowserSession({"HTTP_COOKIE": cookie}, options, secure=False).id
        return make_token(self.application.settings.session_secret, session_id or "")

    def post(self, browser: Browser, address: str, fields: Mapping[str, str], **more: Any) -> Answer:
        """Send a form that carries the browser's token."""
        return browser.post(address, {FIELD: self.token(browser), **fields}, expect_errors=True, **more)

    def sign_in(self, name: str, password: str = PASSWORD, browser: Browser | None = None) -> tuple[Browser, Answer]:
        """Sign in by the form, as people do."""
        browser = browser or self.browser()
        form = form_of(browser.get("/_admin/login"))
        form["username"], form["password"] = name, password
        return browser, form.submit(expect_errors=True)

    def path_of(self, repository: str) -> str:
        """The permanent address of a repository."""
        with reading(self.application) as services:
            return f"/_{services.repositories.get(repository).repository_id}"

    def give_session(self, browser: Browser, session_id: str) -> None:
        """Let the browser say that its session has this id."""
        options = session_options(self.values, self.application.settings)
        session = BrowserSession({}, options, secure=False)
        session.start(session_id, None)
        name, _, rest = session.cookies[0].partition("=")
        browser.set_cookie(name, rest.partition(";")[0])


def get(browser: Browser, address: str, **more: Any) -> Answer:
    """Ask for a page, whatever its status will be."""
    return browser.get(address, expect_errors=True, **more)


def form_of(answer: Answer, field: str = FIELD) -> Any:
    """The form of a page itself: the last one that changes something."""
    return [form for form in answer.forms.values() if field in form.fields][-1]


def without_proof(page: bytes) -> bytes:
    """A page without what proves that its forms are its own, which is another text each time."""
    return re.sub(rb'(name="%s" value=")[^"]*' % FIELD.encode(), rb"\1", page)


def without_typed(page: bytes, address: str) -> bytes:
    """A page that names what was typed, the whole path and its last part, without that."""
    path = unquote(address.partition("?")[0])
    name = path.rstrip("/").rpartition("/")[2]
    text = page.decode()
    for typed in (f">{html.escape(path)}<", f"Search for {html.escape(name)}<", f'_search?q={quote(name)}"'):
        text = text.replace(typed, "")
    return text.encode()


def links(answer: Answer) -> list[str]:
    """Addresses that a page links to, without fragments."""
    found = (html.unescape(address) for address in re.findall(r'(?:href|src)="([^"]+)', answer.text))
    return [address for address in (address.partition("#")[0] for address in found) if address]
