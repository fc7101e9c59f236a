"""Who saves a form that lay open gives nothing back unawares that somebody else has taken away meanwhile."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from bs4 import Tag
from webtest import TestResponse as Answer

from kallithea.core.access import SIGNED_IN, Level, SubjectKind
from kallithea.core.actor import COMMAND_LINE
from kallithea.core.allowances import Allowance
from kallithea.services.application import Application
from kallithea.services.repository_settings import RepositoryChange
from kallithea.services.scope import Services
from kallithea.services.user_groups import UserGroupChange
from kallithea.services.users import UserChange
from kallithea.services.work import reading, writing
from kallithea.vcs.types import Kind
from tests.security.audited import STEPS, fill
from tests.web.harbour import PAGES, Harbour, find_visitor
from tests.web.mailing import MailingSite, mailing_site
from tests.web.site import Browser, form_of, get

#: Pages whose forms begin with something, and why they do not have to say what they saw.
NOT_STORED = {
    "_admin/create_repository": "makes something new",
    "_admin/import_repository": "makes something new",
    "_admin/user_groups/new": "makes something new",
    "_admin/users/delete": "begins with who asks",
    "add": "makes something new",
    "edit": "the address names the commit that was seen",
    "delete": "the address names the commit that was seen",
    "upload": "the address names the commit that was seen",
    "_admin/my_account/appearance": "a choice that nobody else makes",
    "_admin/my_account/notifications": "a choice that nobody else makes",
    "_admin/my_account/api_keys": "makes something new",
}

#: A mark of nothing that is stored; boxes of allowances have this as what they saw.
OTHER = Allowance.CREATE_REPOSITORY_GROUPS.value


@pytest.fixture
def filled(application: Application) -> Iterator[MailingSite]:
    """A site on which every form can be sent, with two who administer it."""
    with mailing_site(application) as site:
        fill(site)
        yield site


def _begins_with_something(form: Tag) -> bool:
    """Whether a field that people change has something in it."""
    texts = [one for one in form.select("input, textarea") if one.get("type") not in ("hidden", "checkbox", "radio")]
    typed = any(one.get("value") or one.text.strip() for one in texts if not one.has_attr("readonly"))
    return typed or form.select_one("[checked], option[selected]") is not None


def test_every_form_with_what_is_stored_says_what_it_saw(harbour: Harbour) -> None:
    browsers = {name: harbour.site.browser(name) for name in ("ada", "root")}
    silent = {
        name
        for context, name, address, _most in PAGES
        for form in _forms(get(browsers[find_visitor(context, name)], harbour.address(address, Kind.HG)))
        if _begins_with_something(form) and form.select_one("[name=was], [name^=was-]") is None
    }
    assert silent == NOT_STORED.keys()


def _forms(page: Answer) -> list[Tag]:
    return page.html.select("form[method=post]") if page.content_type == "text/html" else []


def test_a_form_that_saw_something_else_comes_again(filled: MailingSite) -> None:
    """All of them: with what was written, and with nothing stored."""
    wrong, seen = [], []
    for (_context, name), step in STEPS.items():
        if not step.page or step.before(filled):
            continue
        browser = filled.browser(step.user)
        form = _form(get(browser, step.page), step.address)
        if form is None or "was" not in form.fields:
            continue
        seen.append(name)
        before = _last_action(filled)
        fields = {**dict(form.submit_fields()), **step.fields, "was": OTHER}
        answer = browser.post(step.address, fields, expect_errors=True)
        again = {} if answer.status_int != 409 else dict(_form(answer, step.address).submit_fields())
        kept = {field: text for field, text in step.fields.items() if again.get(field) != text}
        if kept or _last_action(filled) != before:
            wrong.append((name, answer.status_int, kept))
    assert wrong == []
    assert len(seen) > 10


def _form(answer: Answer, address: str) -> Any:
    return next((one for one in answer.forms.values() if one.action == address), None)


def _last_action(site: MailingSite) -> int:
    with reading(site.application) as services:
        return services.audit.list_(limit=1)[0].audit_entry_id


def _no_admin(services: Services) -> None:
    change = UserChange("ada", "", "", "", active=True, super_administrator=False)
    services.users.update(COMMAND_LINE, services.users.get("ada"), change)


def _private(services: Services) -> None:
    row = services.repositories.get("a/r")
    services.repository_settings.update(COMMAND_LINE, None, row.repository_id, RepositoryChange(private=True))


def _not_counting(services: Services) -> None:
    change = UserGroupChange("crew", "", None, active=False)
    services.user_groups.update(COMMAND_LINE, services.user_groups.get("crew"), change)


Take = Callable[[Services], None]

TAKEN: list[tuple[str, str, str, Take, Callable[[Services], bool]]] = [
    (
        "/_admin/users/edit/2",
        "firstname",
        "Administers this site: no",
        _no_admin,
        lambda services: not services.users.get("ada").super_administrator,
    ),
    (
        "/a/r/settings",
        "repo_description",
        "Private: yes",
        _private,
        lambda services: services.repositories.get("a/r").private,
    ),
    (
        "/_admin/user_groups/edit/1",
        "description",
        "Active: no",
        _not_counting,
        lambda services: not services.user_groups.get("crew").active,
    ),
    (
        "/_admin/permissions/ips",
        "networks",
        "Networks: 192.0.2.0/24",
        lambda services: services.allow_lists.set_for_site(COMMAND_LINE, "192.0.2.0/24"),
        lambda services: services.settings.networks == "192.0.2.0/24",
    ),
]


@pytest.mark.parametrize(("address", "field", "words", "take", "is_taken"), TAKEN, ids=[row[0] for row in TAKEN])
def test_what_is_taken_away_stays_away(
    filled: MailingSite, address: str, field: str, words: str, take: Take, is_taken: Callable[[Services], bool]
) -> None:
    """Until who wrote the old form has read what is stored, and saves again."""
    with writing(filled.application) as services:
        change = UserChange("ada", "", "", "", active=True, super_administrator=True)
        services.users.update(COMMAND_LINE, services.users.get("ada"), change)
    browser = filled.browser("root")
    form = form_of(get(browser, address), field)
    with writing(filled.application) as services:
        take(services)
    form[field] = "192.0.2.0/25"
    refused = form.submit(expect_errors=True)
    assert (refused.status_int, words in refused.html.select_one(".k-notice.bad").text) == (409, True)
    again = form_of(refused, field)
    assert again[field].value.strip() == "192.0.2.0/25"
    with reading(filled.application) as services:
        assert is_taken(services)
    assert again.submit().status_int == 303
    with reading(filled.application) as services:
        assert not is_taken(services)


def test_what_is_wrong_does_not_hide_what_has_changed(filled: MailingSite) -> None:
    """A form that comes again for its own fault still is what was made of the old values."""
    browser = filled.browser("root")
    form = form_of(get(browser, "/_admin/users/edit/2"), "firstname")
    with writing(filled.application) as services:
        services.users.disable(COMMAND_LINE, services.users.get("ada"))
    form["username"] = "not a name"
    wrong = form_of(form.submit(status=422), "firstname")
    wrong["username"] = "ada"
    assert wrong.submit(expect_errors=True).status_int == 409


def test_a_password_that_is_refused_leaves_the_form_of_the_account_as_it_is(filled: MailingSite) -> None:
    browser: Browser = filled.browser("root")
    refused = filled.post(browser, "/_admin/users/password/2", {"password": "x"})
    form = form_of(refused, "firstname")
    form["firstname"] = "Ada"
    assert (refused.status_int, form.submit().status_int) == (422, 303)


def test_a_row_of_the_matrix_that_nobody_chose_is_not_given_back(filled: MailingSite) -> None:
    """Whoever is added may be written wrong: what the form comes again with are the levels as they are by then."""
    browser = filled.browser("root")
    form = form_of(get(browser, "/_admin/permissions/perms"), "add")
    with writing(filled.application) as services:
        services.permissions.set_(COMMAND_LINE, None, SIGNED_IN, None)
    form["add"] = "nobody of this name"
    again = form_of(form.submit(status=422), "add")
    again["add"] = "bob"
    assert again.submit().status_int == 303
    with reading(filled.application) as services:
        assert [(row.subject.kind, row.level) for row in services.permissions.list_(None)] == [
            (SubjectKind.USER, Level.READ)
        ]
